namespace Autopilot.Cce.Settings;

/// <summary>A token given by hand.</summary>
internal sealed record HandTokenCredential(string Token) : Credential
{
    public override string ToString() => nameof(HandTokenCredential);
}
