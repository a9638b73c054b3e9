namespace Autopilot.Cce.Settings;

/// <summary>What the options come to: where to send to, and how to prove who we are.</summary>
internal sealed record CceConnection
{
    public required Uri Endpoint { get; init; }

    /// <summary>With a leading slash and none at the end.</summary>
    public required string PathPrefix { get; init; }

    public required Credential Credential { get; init; }

    /// <summary>Resolves validated options.</summary>
    public static CceConnection From(CceOptions options) =>
        new()
        {
            Endpoint = new Uri(options.Endpoint ?? $"https://cce.{Host(options.Region!)}"),
            PathPrefix = options.PathPrefix.TrimEnd('/'),
            Credential =
                options.AccessKey is not null ? new KeyCredential(options.AccessKey, options.SecretKey!, options.SecurityToken)
                : options.Token is not null ? new HandTokenCredential(options.Token)
                : new PasswordCredential(
                    new Uri(options.Iam.Endpoint ?? $"https://iam.{Host(options.Region!)}"),
                    options.Iam.Username!,
                    options.Iam.Password!,
                    options.Iam.DomainName!,
                    options.Iam.ProjectName ?? options.Region,
                    options.ProjectId
                ),
        };

    /// <summary>Region and domain. One region lives under another top-level domain than all others.</summary>
    private static string Host(string region) => $"{region}.myhuaweicloud.{(region == "eu-west-101" ? "eu" : "com")}";
}
