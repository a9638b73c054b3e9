namespace Autopilot.Core.Reporting;

/// <summary>Aggregates over the finished runs whose end lies in [<see cref="From"/>, <see cref="To"/>).</summary>
public sealed record UpgradeReport
{
    /// <summary>The earliest end of the runs, UTC, inclusive.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The latest end of the runs, UTC, exclusive.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>As the query names it.</summary>
    public required string GroupBy { get; init; }

    /// <summary>All groups together: what <see cref="Previous"/> compares with.</summary>
    public required ReportPeriod Total { get; init; }

    /// <summary>
    /// In order of time, versions in their natural order, clusters by id; only groups that have runs, but <c>all</c> is always there.
    /// </summary>
    public required IReadOnlyList<ReportGroup> Groups { get; init; }

    /// <summary>The period of the same length that ends where this one begins; null where it was not asked for.</summary>
    public ReportPeriod? Previous { get; init; }

    /// <summary>Upgrades that go on, the longest so far first; in no figure of the report. Null where they were not asked for.</summary>
    public IReadOnlyList<ActiveUpgrade>? Active { get; init; }

    /// <summary>True where there are more that go on than <see cref="Active"/> holds; null otherwise.</summary>
    public bool? ActiveCut { get; init; }

    /// <summary>Stored runs and active upgrades of the time that cannot be read, and are in no figure; null where there are none.</summary>
    public int? Unreadable { get; init; }

    /// <summary>Why the filters match nothing, such as a name that no cluster here has; null where there is nothing to say.</summary>
    public string? Note { get; init; }
}
