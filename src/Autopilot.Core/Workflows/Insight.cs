using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Core.Workflows;

/// <summary>Something worth knowing beside the blocking task.</summary>
public sealed record Insight
{
    /// <summary>Stable code, such as <c>PreCheckExpiresSoon</c>.</summary>
    public required string Code { get; init; }

    /// <summary>How serious it is.</summary>
    public required InsightLevel Level { get; init; }

    /// <summary>The task that it is about; null where it is about the workflow.</summary>
    public UpgradeTaskType? Task { get; init; }

    /// <summary>Since when it holds, UTC; null where that is unknown.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What it is, in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>What a person does next; null where there is nothing to do.</summary>
    public string? Remediation { get; init; }

    /// <summary>Pages that say more; null where none is known.</summary>
    public IReadOnlyList<ReferenceLink>? References { get; init; }

    /// <summary>The actions that <see cref="Remediation"/> names, in its order; left out where it names none.</summary>
    public IReadOnlyList<UpgradeAction>? Actions { get; init; }
}
