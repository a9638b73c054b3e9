namespace Autopilot.Core.Reporting;

/// <summary>
/// What earlier upgrades say about one that is planned. Every section is computed from the most similar upgrades, where there are at least
/// <see cref="OutlookBuilder.FewestRuns"/> of them. Where all together are fewer, it has no basis and no figures. Versions are compared as
/// upstream writes them.
/// </summary>
public sealed record UpgradeOutlook
{
    /// <summary>The earliest end of the upgrades that were read, inclusive.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The latest, exclusive.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Id of the cluster that the question is about; null where none was given.</summary>
    public string? ClusterId { get; init; }

    /// <summary>
    /// The cluster's name. Where the cluster was asked for by name, or by an id that is no UUID, it is the tracked name. Else it is that of
    /// the newest of its upgrades that were read. Null where neither is known.
    /// </summary>
    public string? ClusterName { get; init; }

    /// <summary>The project that upgrades were limited to; null for every project.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The version that the cluster has now, as it was asked for; null where none was given.</summary>
    public string? FromVersion { get; init; }

    /// <summary>The planned version, as it was asked for; null where none was given.</summary>
    public string? TargetVersion { get; init; }

    /// <summary>One sentence a person can act on.</summary>
    public required string Headline { get; init; }

    /// <summary>Whether fewer than <see cref="OutlookBuilder.FewestRuns"/> upgrades have ended at all: there are no figures then.</summary>
    public required bool TooLittleHistory { get; init; }

    /// <summary>All upgrades that were read, similar or not.</summary>
    public required int Runs { get; init; }

    /// <summary>
    /// True where there were more than <see cref="OutlookBuilder.MaxRuns"/> and only the newest were read; null otherwise.
    /// </summary>
    public bool? Cut { get; init; }

    /// <summary>Stored runs of the time that cannot be read, and are in no figure; null where there are none.</summary>
    public int? Unreadable { get; init; }

    /// <summary>Why the filters match nothing, such as a name that no cluster here has; null where there is nothing to say.</summary>
    public string? Note { get; init; }

    /// <summary>How similar upgrades ended.</summary>
    public required OutcomeOutlook Outcomes { get; init; }

    /// <summary>How often something had to be run again.</summary>
    public required AttemptOutlook Attempts { get; init; }

    /// <summary>How long similar upgrades took.</summary>
    public required DurationOutlook Duration { get; init; }

    /// <summary>What the pre-check failed on.</summary>
    public required PreCheckOutlook PreCheck { get; init; }
}
