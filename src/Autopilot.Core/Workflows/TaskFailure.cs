using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows;

/// <summary>
/// Why one attempt of a task failed, in upstream's own text. Upstream overwrites it with the next attempt, so this is the only record.
/// </summary>
public sealed record TaskFailure
{
    /// <summary>The task that failed.</summary>
    public required UpgradeTaskType Type { get; init; }

    /// <summary>Upstream's id of the run; empty where it gave none.</summary>
    public required string TaskId { get; init; }

    /// <summary>The attempt's start, which distinguishes the attempts of a task that is retried under its id.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The worst first; empty where upstream says nothing, so that it need not be asked again.</summary>
    public IReadOnlyList<FailureDetail> Details
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Failed items that upstream named and that are not among <see cref="Details"/>, for want of room.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Omitted { get; init; }

    /// <summary>
    /// The limit, in bytes, that upstream's document about the task exceeded, so that nothing of it is known; null where it was read.
    /// </summary>
    public int? TooLargeFor { get; init; }

    /// <summary>How often upstream refused to say why, or gave an answer that cannot be read; 0 once it has answered.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Refusals { get; init; }

    /// <summary>When upstream is asked again after it refused; null where it has answered.</summary>
    public DateTimeOffset? AskAgainAt { get; init; }

    /// <summary>
    /// Whether this failure belongs to <paramref name="run"/>. A start that appears for the first time makes no new attempt.
    /// </summary>
    public bool IsOf(TaskAttempt run) =>
        Type == run.Type && TaskId == (run.TaskId ?? "") && (StartedAt == run.StartedAt || StartedAt is null);
}
