namespace Autopilot.Cce.Tokens;

internal sealed record IamAuth(IamIdentity Identity, IamScope Scope);
