namespace Autopilot.Cce.Tokens;

internal sealed record IamName(string? Name = null, string? Id = null);
