using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows;

/// <summary>What a workflow's state means to the person who asks. Our own words: a fixed set.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Assessment>))]
public enum Assessment
{
    /// <summary>Cannot be told, or nothing was read yet.</summary>
    Unknown,

    /// <summary>Nothing has started.</summary>
    NotStarted,

    /// <summary>Nothing runs; a person must act, and nothing is wrong.</summary>
    Waiting,

    /// <summary>Something runs or is queued.</summary>
    Progressing,

    /// <summary>The running task has passed the 80th percentile of its history.</summary>
    Slow,

    /// <summary>The running task takes far longer than any normal run, or has been queued for over 30 minutes.</summary>
    Stalled,

    /// <summary>It cannot go on until somebody mends something.</summary>
    Blocked,

    /// <summary>A rollback is under way.</summary>
    RollingBack,

    /// <summary>Phase <c>Success</c>.</summary>
    Completed,

    /// <summary>Phase <c>Cancel</c>.</summary>
    Cancelled,

    /// <summary>Upstream no longer knows it.</summary>
    Gone,
}

/// <summary>Why the workflow cannot move past a task now.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BlockingReason>))]
public enum BlockingReason
{
    /// <summary>A status that this version does not know.</summary>
    Unknown,

    /// <summary>A rollback runs.</summary>
    RollingBack,

    /// <summary>The task failed.</summary>
    TaskFailed,

    /// <summary>A rollback has succeeded: the cluster stage must be run again.</summary>
    RolledBack,

    /// <summary>The task is paused.</summary>
    Paused,

    /// <summary>The task runs.</summary>
    InProgress,

    /// <summary>The task waits for upstream's own resources.</summary>
    Queued,

    /// <summary>The pre-check passed, but its result has expired before anything used it.</summary>
    PreCheckExpired,

    /// <summary>Only the post-check is left: somebody must confirm the upgrade.</summary>
    AwaitingConfirmation,

    /// <summary>Next up, and nobody has started it.</summary>
    AwaitingStart,
}

/// <summary>How serious an insight is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InsightLevel>))]
public enum InsightLevel
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Worth acting on.</summary>
    Warning,

    /// <summary>Must be acted on.</summary>
    Error,
}

/// <summary>
/// The normalized summary of a workflow: what blocks, since when, why, what to do, how long still. Every figure is as of
/// <see cref="ObservedAt"/>; all durations are seconds with microseconds kept, never negative.
/// </summary>
public sealed record WorkflowSummary
{
    public required string Id { get; init; }
    public string? ProjectId { get; init; }
    public string? ClusterId { get; init; }
    public string? ClusterName { get; init; }
    public string? FromVersion { get; init; }
    public string? TargetVersion { get; init; }

    /// <summary>As upstream says it; null before the first read.</summary>
    public WorkflowPhase? Phase { get; init; }

    /// <summary>What it means.</summary>
    public required Assessment Assessment { get; init; }

    /// <summary>One sentence a person can act on.</summary>
    public required string Headline { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Start of the first run that was seen.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Only of a finished workflow: of <c>Success</c> the latest task end, else the first observation of the phase.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset? ObservedAt { get; init; }
    public DateTimeOffset? LastChangedAt { get; init; }

    /// <summary>Whether <see cref="ObservedAt"/> is older than three of the workflow's own poll intervals and it is not finished.</summary>
    public required bool Stale { get; init; }

    public required bool Tracked { get; init; }

    /// <summary>False when it had ended before it was first seen; left out otherwise.</summary>
    public bool? SeenLive { get; init; }

    /// <summary>States seen so far; 0 before the first read.</summary>
    public required long Sequence { get; init; }

    /// <summary>Creation to end, or to <see cref="ObservedAt"/>.</summary>
    public double? ElapsedSeconds { get; init; }

    /// <summary>Length of the union of all run intervals.</summary>
    public double? ActiveSeconds { get; init; }

    /// <summary>Elapsed less active, at least 0.</summary>
    public double? WaitingSeconds { get; init; }

    /// <summary>Where the elapsed time went; null where that is unknown.</summary>
    public TimeSplit? Time { get; init; }

    /// <summary>Which version the cluster is on; null before the first read.</summary>
    public ClusterIs? ClusterIs { get; init; }

    public WorkflowProgress? Progress { get; init; }
    public BlockingTask? BlockingTask { get; init; }
    public IReadOnlyList<TaskSummary> Tasks { get; init; } = [];
    public UpgradeEstimate? Estimate { get; init; }
    public IReadOnlyList<Insight> Insights { get; init; } = [];
}

/// <summary>Required tasks done, of all that are required and that the upgrade has not gone past; <paramref name="Percent"/> is rounded down.</summary>
public sealed record WorkflowProgress(int Completed, int Total, int Percent);

/// <summary>The one task that the workflow cannot move past now.</summary>
public sealed record BlockingTask
{
    public required UpgradeTaskType Type { get; init; }
    public string? TaskId { get; init; }
    public required UpgradeTaskStatus Status { get; init; }
    public required BlockingReason Reason { get; init; }
    public DateTimeOffset? Since { get; init; }

    /// <summary>True where only an observation gives <see cref="Since"/>, and not a time of upstream's; left out otherwise.</summary>
    public bool? SinceObserved { get; init; }

    public double? BlockedSeconds { get; init; }

    /// <summary>What happened and for how long.</summary>
    public required string Message { get; init; }

    /// <summary>What a person does next.</summary>
    public required string Remediation { get; init; }

    /// <summary>Upstream's own words about a failure; null when it has said none.</summary>
    public IReadOnlyList<FailureDetail>? Details { get; init; }

    /// <summary>The message without what it quotes of <see cref="Details"/>, for where they stand beside it.</summary>
    public string MessageWithoutDetails() => Details is { Count: > 0 } ? FailurePhrases.WithoutSentences(Message) : Message;
}

/// <summary>One thing upstream says about a failed task.</summary>
public sealed record FailureDetail
{
    /// <summary>The failed item; the task's own type where it is the task that speaks.</summary>
    public required string Name { get; init; }

    /// <summary><c>Exception</c>: a person must mend it. <c>Risk</c>: a person may confirm it and go on.</summary>
    public string? Kind { get; init; }

    /// <summary><c>LimitCheck</c>, <c>MasterCheck</c>, <c>NodeCheck</c>, <c>AddonCheck</c>, <c>ExecuteException</c>, or what upstream says.</summary>
    public string? Group { get; init; }

    /// <summary><c>Fatal</c>, <c>Warning</c>, <c>Info</c>, or what upstream says.</summary>
    public string? Level { get; init; }

    public string? Message { get; init; }
    public IReadOnlyList<string> ErrorCodes { get; init => field = value ?? []; } = [];

    /// <summary>Where upstream sees the risk: deprecated APIs with their callers, add-ons, nodes, changed configuration.</summary>
    public IReadOnlyList<string>? RiskSources { get; init; }
}

/// <summary>One task with its durations, waits and every attempt.</summary>
public sealed record TaskSummary
{
    public required UpgradeTaskType Type { get; init; }
    public string? TaskId { get; init; }
    public required UpgradeTaskStatus Status { get; init; }

    /// <summary>Whether it lies on the required path (on some dependency line).</summary>
    public required bool Required { get; init; }

    /// <summary>True where the upgrade has gone past it: it failed or never started, and what depends on it has started. Left out otherwise.</summary>
    public bool? PassedOver { get; init; }

    /// <summary>True where the latest state does not show the task, so that the last known one stands; left out otherwise.</summary>
    public bool? Missing { get; init; }

    public IReadOnlyList<UpgradeTaskType> DependsOn { get; init; } = [];
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Run time of the latest run.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>From the moment it could have started to its first known start, or to now while it is next up.</summary>
    public double? WaitSeconds { get; init; }

    /// <summary>Its part of the workflow's <see cref="WorkflowSummary.Time"/>, in seconds: where several ran at once, the time is the first one's. Null where it has none.</summary>
    public TimeSplit? Time { get; init; }

    public required int Attempts { get; init; }
    public IReadOnlyList<TaskAttemptSummary> Runs { get; init; } = [];
}

/// <summary>One attempt.</summary>
public sealed record TaskAttemptSummary
{
    public string? TaskId { get; init; }
    public required UpgradeTaskStatus Status { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public double? DurationSeconds { get; init; }

    /// <summary>False where the end was never seen and the last observation stands in for it; null otherwise.</summary>
    public bool? EndObserved { get; init; }

    /// <summary>Upstream's own words about this run's failure; null when it has said none.</summary>
    public IReadOnlyList<FailureDetail>? Details { get; init; }
}

/// <summary>How long what is left should take.</summary>
/// <param name="RemainingSeconds">By the medians; 0 once all of it is overdue.</param>
/// <param name="RemainingP80Seconds">By the 80th percentiles.</param>
/// <param name="CompletesAt">Observation plus <paramref name="RemainingSeconds"/>; null once the running task is overdue.</param>
/// <param name="Basis"><c>History</c>; <c>Default</c> as soon as one of the tasks has too little of it.</param>
/// <param name="SampleSize">The smallest sample used; 0 for defaults.</param>
public sealed record UpgradeEstimate(double RemainingSeconds, double RemainingP80Seconds, DateTimeOffset? CompletesAt, string Basis, int SampleSize)
{
    /// <summary>Since when, in seconds up to the observation, the running task has passed the 80th percentile; null while it has not.</summary>
    public double? OverdueSeconds { get; init; }

    internal const string ByHistory = "History", ByDefault = "Default";
}

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
}
