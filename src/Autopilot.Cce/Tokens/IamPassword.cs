namespace Autopilot.Cce.Tokens;

internal sealed record IamPassword(IamUser User);
