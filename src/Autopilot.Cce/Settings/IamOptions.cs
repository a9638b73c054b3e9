namespace Autopilot.Cce.Settings;

/// <summary>Section <c>Cce:Iam</c>.</summary>
public sealed class IamOptions
{
    /// <summary>Name of the IAM user (not of a HUAWEI ID).</summary>
    public string? Username { get; set; }

    /// <summary>The user's password.</summary>
    public string? Password { get; set; }

    /// <summary>The account that the user belongs to.</summary>
    public string? DomainName { get; set; }

    /// <summary>Project that the token is for. Default: <c>Cce:Region</c>, whose own project bears its name.</summary>
    public string? ProjectName { get; set; }

    /// <summary>Default <c>https://iam.{region}.myhuaweicloud.com</c>; the same rules as for <c>Cce:Endpoint</c>.</summary>
    public string? Endpoint { get; set; }
}
