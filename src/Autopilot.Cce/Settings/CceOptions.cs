using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Autopilot.Cce.Settings;

/// <summary>Section <c>Cce</c>: where upstream is and who we are. Values are trimmed, and an empty one is none.</summary>
public sealed class CceOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Cce";

    /// <summary>Region, such as <c>ap-southeast-3</c>; gives the endpoint <c>https://cce.{region}.myhuaweicloud.com</c> (<c>.eu</c> for <c>eu-west-101</c>).</summary>
    public string? Region { get; set; }

    /// <summary>Overrides the region's endpoint: https, or http on loopback only; no path, user info, query or fragment.</summary>
    public string? Endpoint { get; set; }

    /// <summary>What stands before <c>/projects</c>. Default <c>/autopilot/v3</c>; <c>/api/v3</c> reads standard CCE clusters.</summary>
    public string PathPrefix { get; set; } = "/autopilot/v3";

    /// <summary>Project of targets that name none.</summary>
    public string? ProjectId { get; set; }

    /// <summary>Access key id. Signs every request together with <see cref="SecretKey"/>.</summary>
    public string? AccessKey { get; set; }

    /// <summary>Secret access key.</summary>
    public string? SecretKey { get; set; }

    /// <summary>Security token of temporary credentials; only with both keys.</summary>
    public string? SecurityToken { get; set; }

    /// <summary>An IAM user whose password buys tokens.</summary>
    public IamOptions Iam { get; set; } = new();

    /// <summary>A user token given by hand; it is sent as it is and never renewed.</summary>
    public string? Token { get; set; }

    /// <summary>Longest time of one attempt, headers and body together, 100 ms – 5 min. Default 10 s.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts per GET, 1–10. Default 4.</summary>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>First pause between two attempts, doubled each time, with jitter, up to 1 min. Default 500 ms.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Upper bound on upstream requests of the process, 1–60,000 a minute; null for none.</summary>
    public int? RequestsPerMinute { get; set; }

    /// <summary>Longest wait for a turn under a limit before a read fails as throttled, up to 5 min. Default 1 min.</summary>
    public TimeSpan MaxThrottleWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Largest answer about one workflow, in bytes after decompression, 1 KiB – 64 MiB. Default 1 MiB.</summary>
    public int MaxAnswerBytes { get; set; } = 1024 * 1024;

    /// <summary>Largest answer to a list, in bytes after decompression, 1 KiB – 256 MiB. Default 16 MiB.</summary>
    public int MaxListBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Values that could not be read; the validator reports them with everything else that is wrong.</summary>
    internal List<string> Unreadable { get; } = [];

    /// <summary>Fills the options from configuration. By hand, so that a number that is none is told in our own words and beside the other faults.</summary>
    internal void Read(IConfiguration section)
    {
        Region = Text(section, nameof(Region));
        Endpoint = Text(section, nameof(Endpoint));
        PathPrefix = Text(section, nameof(PathPrefix)) ?? PathPrefix;
        ProjectId = Text(section, nameof(ProjectId));
        AccessKey = Text(section, nameof(AccessKey));
        SecretKey = Text(section, nameof(SecretKey));
        SecurityToken = Text(section, nameof(SecurityToken));
        Token = Text(section, nameof(Token));
        var iam = section.GetSection(nameof(Iam));
        Iam.Username = Text(iam, nameof(Iam.Username));
        Iam.Password = Text(iam, nameof(Iam.Password));
        Iam.DomainName = Text(iam, nameof(Iam.DomainName));
        Iam.ProjectName = Text(iam, nameof(Iam.ProjectName));
        Iam.Endpoint = Text(iam, nameof(Iam.Endpoint));
        AttemptTimeout = Duration(section, nameof(AttemptTimeout)) ?? AttemptTimeout;
        RetryDelay = Duration(section, nameof(RetryDelay)) ?? RetryDelay;
        MaxThrottleWait = Duration(section, nameof(MaxThrottleWait)) ?? MaxThrottleWait;
        MaxAttempts = Number(section, nameof(MaxAttempts)) ?? MaxAttempts;
        RequestsPerMinute = Number(section, nameof(RequestsPerMinute));
        MaxAnswerBytes = Number(section, nameof(MaxAnswerBytes)) ?? MaxAnswerBytes;
        MaxListBytes = Number(section, nameof(MaxListBytes)) ?? MaxListBytes;
    }

    private static string? Text(IConfiguration section, string key) => section[key]?.Trim() is { Length: > 0 } text ? text : null;

    private int? Number(IConfiguration section, string key)
    {
        if (Text(section, key) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        Unreadable.Add($"{Section}:{key} is '{CceOptionsValidator.Shown(text)}': give a whole number.");
        return null;
    }

    private TimeSpan? Duration(IConfiguration section, string key)
    {
        if (Text(section, key) is not { } text)
            return null;
        // "10" would be read as ten days; nobody means that.
        if (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration))
            return duration;
        Unreadable.Add($"{Section}:{key} is '{CceOptionsValidator.Shown(text)}': give a duration as hours:minutes:seconds, such as 00:00:10.");
        return null;
    }
}

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
