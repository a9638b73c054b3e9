namespace Autopilot.Cce.Tokens;

internal sealed record IamScope(IamName Project);
