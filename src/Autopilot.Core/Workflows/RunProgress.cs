using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows;

/// <summary>
/// What upstream's document says about a run that is under way, or about a pre-check that passed. It is no part of the state: it makes no
/// entry of the history.
/// </summary>
public sealed record RunProgress
{
    /// <summary>Longest word of upstream's that is kept, in characters.</summary>
    public const int MaxWord = 128;

    /// <summary>Most items that are kept of one run.</summary>
    public const int MaxItems = 10;

    /// <summary>The task.</summary>
    public required UpgradeTaskType Type { get; init; }

    /// <summary>Upstream's id of the run.</summary>
    public required string TaskId { get; init; }

    /// <summary>The run's start.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When upstream was last asked, with or without an answer.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>When upstream last gave a document that could be read; null where it never did.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>How often in a row upstream gave no usable document of a run that passed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Refusals { get; init; }

    /// <summary>Upstream's own word, as it came: its scale is not documented. Null where it gave none.</summary>
    public string? Word { get; init; }

    /// <summary>The first read that showed this word.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The last read that showed it.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>Whether another word was seen before, in this run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Moved { get; init; }

    /// <summary>Items of a pre-check that have not passed and were not skipped, the worst first.</summary>
    public IReadOnlyList<FailureDetail> Items
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Such items beyond those.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Omitted { get; init; }

    /// <summary>Names of items that the user skipped.</summary>
    public IReadOnlyList<string> Skipped
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Skipped items beyond those.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int SkippedOmitted { get; init; }

    /// <summary>Whether the document of a run that passed was read, so that it is not asked for again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Final { get; init; }

    /// <summary>
    /// Whether it is about <paramref name="run"/>. A start that appears for the first time makes no new attempt. A run after one that
    /// passed does.
    /// </summary>
    public bool IsOf(TaskAttempt run) =>
        Type == run.Type
        && TaskId == run.TaskId
        && (StartedAt == run.StartedAt || StartedAt is null)
        && !(Final && run.Status != UpgradeTaskStatus.Success);
}
