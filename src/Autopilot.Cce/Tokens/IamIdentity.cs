namespace Autopilot.Cce.Tokens;

internal sealed record IamIdentity(string[] Methods, IamPassword Password);
