namespace Autopilot.Cce.Tokens;

internal sealed record IamUser(string Name, string Password, IamName Domain);
