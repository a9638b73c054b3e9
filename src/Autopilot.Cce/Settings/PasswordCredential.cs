namespace Autopilot.Cce.Settings;

/// <summary>An IAM user. The token is for the project of that name, or, where no name is known, of that id.</summary>
internal sealed record PasswordCredential(
    Uri Endpoint,
    string Username,
    string Password,
    string DomainName,
    string? ProjectName,
    string? ProjectId
) : Credential
{
    public override string ToString() => nameof(PasswordCredential);
}
