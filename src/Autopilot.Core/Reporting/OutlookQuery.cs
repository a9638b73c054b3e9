namespace Autopilot.Core.Reporting;

/// <summary>The upgrade that is planned, as far as it is known: its cluster or its target version at least.</summary>
/// <param name="From">The earliest end of the upgrades to read, inclusive.</param>
/// <param name="To">The latest, exclusive.</param>
public sealed record OutlookQuery(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>How far back an outlook reads: what was longer ago says little about today.</summary>
    public const int Months = 12;

    /// <summary>Id of the cluster that is to be upgraded; null where none is given.</summary>
    public string? ClusterId { get; init; }

    /// <summary>The cluster's name, where it is known already; else the newest of its upgrades says it.</summary>
    public string? ClusterName { get; init; }

    /// <summary>Only upgrades of this project are read.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The version that the cluster has; used only together with <see cref="TargetVersion"/>.</summary>
    public string? FromVersion { get; init; }

    /// <summary>The planned version, as upstream writes it; null where none is given.</summary>
    public string? TargetVersion { get; init; }

    /// <summary>The runs to read for it.</summary>
    public RunQuery Runs => new(From, To) { ProjectId = ProjectId };
}
