namespace Autopilot.Cce.Tokens;

internal sealed record IamRequest(IamAuth Auth);
