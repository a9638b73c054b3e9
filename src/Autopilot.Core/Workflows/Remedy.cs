namespace Autopilot.Core.Workflows;

/// <summary>What upstream documents about a failed item of a pre-check: who can mend it, how, and when a new check can pass.</summary>
public sealed record Remedy
{
    /// <summary>The documented item's English title; null where only the item's group is known.</summary>
    public string? Item { get; init; }

    /// <summary>Who can mend it.</summary>
    public required MendedBy By { get; init; }

    /// <summary>What to do, in one sentence.</summary>
    public required string Action { get; init; }

    /// <summary>When a new pre-check can pass the item.</summary>
    public required Recheck Recheck { get; init; }

    /// <summary>Longest time until a new check can pass after the cause is mended; null where that is not a length of time.</summary>
    public double? RecheckWithinSeconds { get; init; }

    /// <summary>True where upstream documents that the item may be skipped; left out otherwise.</summary>
    public bool? MayBeSkipped { get; init; }

    /// <summary>Upstream's pages about the item; null where none is known.</summary>
    public IReadOnlyList<ReferenceLink>? References { get; init; }
}
