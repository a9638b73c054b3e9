using System.Text.Json.Serialization;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>Which earlier upgrades a figure of an outlook is made of, the nearest kin first.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OutlookBasis>))]
public enum OutlookBasis
{
    /// <summary>Of the same cluster, to the same version.</summary>
    ClusterAndVersion,

    /// <summary>From the same version to the same version, of any cluster.</summary>
    VersionPair,

    /// <summary>To the same version.</summary>
    TargetVersion,

    /// <summary>To any version of the same minor version, such as v1.28.</summary>
    TargetMinor,

    /// <summary>Of the same cluster, to any version.</summary>
    Cluster,

    /// <summary>All there are.</summary>
    All,
}

/// <summary>
/// What earlier upgrades say about one that is planned. Every section is made of the nearest kin of which at least <see cref="OutlookBuilder.FewestRuns"/> upgrades
/// tell; where not even all together do, it has no basis and no figures. Versions are compared as upstream writes them.
/// </summary>
public sealed record UpgradeOutlook
{
    /// <summary>The earliest end of the upgrades that were looked at, inclusive.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The latest, exclusive.</summary>
    public required DateTimeOffset To { get; init; }

    public string? ClusterId { get; init; }

    /// <summary>The cluster's name as it is tracked, else that of the newest of its upgrades that were looked at; null where neither is known.</summary>
    public string? ClusterName { get; init; }

    public string? ProjectId { get; init; }
    public string? FromVersion { get; init; }
    public string? TargetVersion { get; init; }

    /// <summary>One sentence a person can act on.</summary>
    public required string Headline { get; init; }

    /// <summary>Whether fewer than <see cref="OutlookBuilder.FewestRuns"/> upgrades have ended at all: there are no figures then.</summary>
    public required bool TooLittleHistory { get; init; }

    /// <summary>Upgrades that were looked at, of whatever kin.</summary>
    public required int Runs { get; init; }

    /// <summary>True where there were more than <see cref="OutlookBuilder.MaxRuns"/> and only the newest were looked at; null otherwise.</summary>
    public bool? Cut { get; init; }

    /// <summary>Stored runs of the time that cannot be read, and are in no figure; null where there are none.</summary>
    public int? Unreadable { get; init; }

    public required OutcomeOutlook Outcomes { get; init; }
    public required AttemptOutlook Attempts { get; init; }
    public required DurationOutlook Duration { get; init; }
    public required PreCheckOutlook PreCheck { get; init; }
}

/// <summary>Figures of one kind, and what they are made of.</summary>
public abstract record OutlookSection
{
    /// <summary>Null where too few upgrades tell: there are no figures then.</summary>
    [JsonPropertyOrder(-1)]
    public OutlookBasis? Basis { get; init; }

    /// <summary>Upgrades that the figures are made of; without a basis, those few that would tell.</summary>
    [JsonPropertyOrder(-1)]
    public int Runs { get; init; }
}

/// <summary>How upgrades ended.</summary>
public sealed record OutcomeOutlook : OutlookSection
{
    public int? Succeeded { get; init; }
    public int? Cancelled { get; init; }
    public int? RolledBack { get; init; }
    public int? Gone { get; init; }

    /// <summary>Upstream calls them a success though the cluster is not known to be on the new version.</summary>
    public int? Unclear { get; init; }

    /// <summary>Succeeded of all but the unclear ones, 0 to 1; null where all are unclear.</summary>
    public double? SuccessRate { get; init; }

    /// <summary>Upgrades in which a rollback ran, however it and they ended.</summary>
    public int? Rollbacks { get; init; }

    /// <summary><see cref="Rollbacks"/> of all, 0 to 1.</summary>
    public double? RollbackRate { get; init; }
}

/// <summary>How often something had to be run again. Made of upgrades that were watched while they went on: of others the earlier attempts are unknown.</summary>
public sealed record AttemptOutlook : OutlookSection
{
    /// <summary>Upgrades in which some task ran more than once.</summary>
    public int? SecondAttempts { get; init; }

    /// <summary><see cref="SecondAttempts"/> of all, 0 to 1.</summary>
    public double? SecondAttemptRate { get; init; }

    /// <summary>In the usual order, those that at least <see cref="OutlookBuilder.FewestRuns"/> of the upgrades ran.</summary>
    public IReadOnlyList<TaskAttemptOutlook>? Tasks { get; init; }
}

/// <param name="Runs">Upgrades in which the task ran.</param>
/// <param name="SecondAttempts">Those of them in which it ran more than once.</param>
/// <param name="SecondAttemptRate">The one of the other, 0 to 1.</param>
public sealed record TaskAttemptOutlook(UpgradeTaskType Type, int Runs, int SecondAttempts, double SecondAttemptRate);

/// <summary>How long upgrades took. Made of those that succeeded.</summary>
public sealed record DurationOutlook : OutlookSection
{
    /// <summary>Of the time in which any task ran.</summary>
    public OutlookTimes? RunSeconds { get; init; }

    /// <summary>Of the rest of the time from creation to end. That is people's time: it says how it was, not how it will be.</summary>
    public OutlookTimes? WaitSeconds { get; init; }

    /// <summary>In the usual order, those that at least <see cref="OutlookBuilder.FewestRuns"/> of the upgrades did with success.</summary>
    public IReadOnlyList<TaskDurationOutlook>? Tasks { get; init; }
}

/// <param name="RunSeconds">Of the last attempt, the one that succeeded.</param>
public sealed record TaskDurationOutlook(UpgradeTaskType Type, OutlookTimes RunSeconds);

/// <summary>What half and what four of five did not exceed, by nearest rank: values that occurred.</summary>
/// <param name="Runs">Upgrades that have the figure.</param>
/// <param name="P50">Seconds.</param>
/// <param name="P80">Seconds.</param>
public sealed record OutlookTimes(int Runs, double P50, double P80);

/// <summary>What the pre-check found. Made of upgrades that were watched while they went on and in which it ran.</summary>
public sealed record PreCheckOutlook : OutlookSection
{
    /// <summary>Upgrades in which it failed at least once.</summary>
    public int? Failed { get; init; }

    /// <summary>What it failed on, in most upgrades first, at most <see cref="OutlookBuilder.MaxItems"/>.</summary>
    public IReadOnlyList<PreCheckItemOutlook>? Items { get; init; }
}

/// <param name="Name">The item in upstream's words.</param>
/// <param name="Runs">Upgrades in which it failed at least once.</param>
/// <param name="Rate">Of the section's upgrades, 0 to 1.</param>
/// <param name="Failures">Failed pre-checks that named it, all together.</param>
public sealed record PreCheckItemOutlook(string Name, int Runs, double Rate, int Failures);
