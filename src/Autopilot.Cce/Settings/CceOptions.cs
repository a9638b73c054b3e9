namespace Autopilot.Cce.Settings;

/// <summary>Section <c>Cce</c>: where upstream is and who we are. Values are trimmed, and an empty one is none.</summary>
public sealed class CceOptions
{
    /// <summary>
    /// Region, such as <c>ap-southeast-3</c>; gives the endpoint <c>https://cce.{region}.myhuaweicloud.com</c> (<c>.eu</c> for
    /// <c>eu-west-101</c>).
    /// </summary>
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

    /// <summary>Longest wait for a permit under a limit before a read fails as throttled, up to 5 min. Default 1 min.</summary>
    public TimeSpan MaxThrottleWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Largest answer about one workflow, in bytes after decompression, 1 KiB – 64 MiB. Default 1 MiB.</summary>
    public int MaxAnswerBytes { get; set; } = 1024 * 1024;

    /// <summary>Largest answer to a list, in bytes after decompression, 1 KiB – 256 MiB. Default 16 MiB.</summary>
    public int MaxListBytes { get; set; } = 16 * 1024 * 1024;
}
