namespace Autopilot.Core.Workflows;

/// <summary>One state of an upgrade workflow, normalized from what upstream showed at one moment.</summary>
public sealed record UpgradeWorkflow
{
    /// <summary>The workflow's id as upstream gives it (<c>metadata.uid</c>), or null when the document carries none.</summary>
    public string? Id { get; init; }

    /// <summary>The cluster's id (<c>spec.clusterID</c>), when the document carries it.</summary>
    public string? ClusterId { get; init; }

    /// <summary>Version upgraded from, such as <c>v1.28.6-r0</c> (<c>spec.clusterVersion</c>).</summary>
    public string? FromVersion { get; init; }

    /// <summary>Version upgraded to (<c>spec.targetVersion</c>).</summary>
    public string? TargetVersion { get; init; }

    /// <summary>Phase as upstream says it; empty when the document carries none.</summary>
    public WorkflowPhase Phase { get; init; }

    /// <summary>When the workflow was created upstream (<c>metadata.creationTimestamp</c>), UTC.</summary>
    public DateTimeOffset? CreatedAt { get; init => field = Clocks.Plausible(value); }

    /// <summary>Upstream's <c>pointStatuses</c>, in the array's own order, which promises nothing. Two of one type are possible.</summary>
    public IReadOnlyList<UpgradeTask> Tasks { get; init => field = value ?? []; } = [];

    /// <summary>Upstream's <c>lineStatuses</c>, in the array's own order.</summary>
    public IReadOnlyList<TaskDependency> Dependencies { get; init => field = value ?? []; } = [];

    /// <summary>Tasks that earlier states showed and this one does not; null when none. Set by tracking, as one document alone cannot show it.</summary>
    public IReadOnlyList<MissingTask>? Missing { get; init; }

    /// <summary>Times that were given but could not be read; each becomes an insight.</summary>
    public IReadOnlyList<UnreadableTime> UnreadableTimes { get; init => field = value ?? []; } = [];

    /// <summary>How many points and lines the document shows beyond the first <see cref="WorkflowDocument.MaxEntries"/> of each, which are not kept; null when none.</summary>
    public int? LeftOut { get; init; }
}

/// <summary>One task of a workflow as one document shows it (an entry of <c>pointStatuses</c>). A time before 2015 is no time and is left out.</summary>
public sealed record UpgradeTask
{
    /// <summary>What the task does.</summary>
    public required UpgradeTaskType Type { get; init; }

    /// <summary>Upstream's id of the latest run, absent until the task was started.</summary>
    public string? TaskId { get; init; }

    /// <summary>Status; <see cref="UpgradeTaskStatus.NotStarted"/> where upstream gives none.</summary>
    public UpgradeTaskStatus Status { get; init => field = value == default ? UpgradeTaskStatus.NotStarted : value; } = UpgradeTaskStatus.NotStarted;

    /// <summary>Start of the latest run, UTC.</summary>
    public DateTimeOffset? StartedAt { get; init => field = Clocks.Plausible(value); }

    /// <summary>End of the latest run, UTC; absent while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init => field = Clocks.Plausible(value); }

    /// <summary>Until when the result is valid, UTC; only a pre-check has one.</summary>
    public DateTimeOffset? ExpiresAt { get; init => field = Clocks.Plausible(value); }
}

/// <summary>An edge of the required path: <paramref name="To"/> may start only after <paramref name="From"/> is done (an entry of <c>lineStatuses</c>).</summary>
public sealed record TaskDependency(UpgradeTaskType From, UpgradeTaskType To);

/// <summary>A time that upstream gave in a form nobody can read.</summary>
/// <param name="Task">The task it belongs to, or null for the workflow's own.</param>
/// <param name="Field">Upstream's name of the field, such as <c>startTimeStamp</c>.</param>
/// <param name="Text">The text as it came, cut to 64 characters.</param>
public sealed record UnreadableTime(UpgradeTaskType? Task, string Field, string Text);
