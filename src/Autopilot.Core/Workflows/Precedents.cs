namespace Autopilot.Core.Workflows;

/// <summary>Finished upgrades that failed on the same item, or in the same task where no item is named; at least one.</summary>
public sealed record Precedents
{
    /// <summary>The item that is counted; null where the task is.</summary>
    public string? Item { get; init; }

    /// <summary>Upgrades of this cluster.</summary>
    public required int Here { get; init; }

    /// <summary>Upgrades of other clusters.</summary>
    public required int Elsewhere { get; init; }

    /// <summary>The median of how long failures blocked them; null where it is known of none.</summary>
    public double? MedianBlockedSeconds { get; init; }

    /// <summary>Those whose next attempt succeeded.</summary>
    public required int ResolvedByNextAttempt { get; init; }

    /// <summary>Upgrades that failed in the same task on items that are not known by name; null where there are none.</summary>
    public int? Unknown { get; init; }

    /// <summary>The end of the oldest upgrade whose items are known by name; null where the task is counted.</summary>
    public DateTimeOffset? NamesKnownSince { get; init; }

    /// <summary>The end of the oldest upgrade that could be counted, where older failures are no longer kept; null where all are.</summary>
    public DateTimeOffset? CountedSince { get; init; }

    /// <summary>The latest of them.</summary>
    public required LastPrecedent Last { get; init; }
}
