namespace Autopilot.Core.Workflows;

/// <summary>Something worth knowing beside the blocking task.</summary>
public sealed record Insight
{
    /// <summary>Stable code, such as <c>PreCheckExpiresSoon</c>.</summary>
    public required string Code { get; init; }

    public required InsightLevel Level { get; init; }
    public UpgradeTaskType? Task { get; init; }
    public DateTimeOffset? Since { get; init; }
    public required string Summary { get; init; }
    public string? Remediation { get; init; }

    /// <summary>Pages that say more; null where none is known.</summary>
    public IReadOnlyList<ReferenceLink>? References { get; init; }
}
