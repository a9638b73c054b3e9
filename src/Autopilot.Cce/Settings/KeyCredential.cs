namespace Autopilot.Cce.Settings;

/// <summary>AK/SK: every attempt is signed.</summary>
internal sealed record KeyCredential(string AccessKey, string SecretKey, string? SecurityToken) : Credential
{
    public override string ToString() => nameof(KeyCredential);
}
