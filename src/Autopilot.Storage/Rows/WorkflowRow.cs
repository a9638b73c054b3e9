using System.Globalization;
using System.Text.Json;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Azure;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>A workflow's row, active (<c>a|</c>) or finished (<c>f|</c>): both hold the same.</summary>
internal static class WorkflowRow
{
    public const string Phase = nameof(Phase), Tracked = nameof(Tracked), ClusterId = nameof(ClusterId), ProjectId = nameof(ProjectId), Purging = nameof(Purging), ClusterName = nameof(ClusterName), ClusterNameGiven = nameof(ClusterNameGiven),
        Sequence = nameof(Sequence), ObservedAt = nameof(ObservedAt), EndedAt = nameof(EndedAt);

    /// <summary>Of a workflow that is over: the oldest state that retention has left. Absent where it has taken none.</summary>
    public const string StatesFrom = nameof(StatesFrom);

    private const string TrackedAt = nameof(TrackedAt), Hash = nameof(Hash), State = nameof(State), Runs = nameof(Runs),
        PhaseSince = nameof(PhaseSince), LastChangedAt = nameof(LastChangedAt), NextPollAt = nameof(NextPollAt),
        TaskFailures = nameof(TaskFailures), Failure = nameof(Failure), GoneSince = nameof(GoneSince), Outcome = nameof(Outcome), Standing = nameof(Standing);

    /// <summary>The whole row. <paramref name="etag"/> is what it must be to be replaced.</summary>
    public static RowBuilder Whole(TrackedWorkflow workflow, string rowKey, ETag etag = default) =>
        new RowBuilder(RowKeys.PartitionOf(workflow.Target.WorkflowId), rowKey, etag)
            .Set(ProjectId, workflow.Target.ProjectId)
            .Set(ClusterId, workflow.Target.ClusterId)
            .Set(ClusterName, workflow.ClusterName)
            .Set(ClusterNameGiven, workflow.ClusterNameGiven)
            .Set(TrackedAt, workflow.TrackedAt)
            .Set(Tracked, workflow.Tracked)
            .Set(Sequence, workflow.Sequence)
            .Set(Hash, workflow.Hash)
            .Set(Phase, workflow.State?.Phase.Value)
            .Set(PhaseSince, workflow.PhaseSince)
            .Set(LastChangedAt, workflow.LastChangedAt)
            .Set(ObservedAt, workflow.ObservedAt)
            .Set(NextPollAt, workflow.NextPollAt)
            .Set(Failure, FailureOf(workflow))
            .Set(GoneSince, Sortable(workflow.GoneSince))
            .Set(Outcome, workflow.Outcome?.ToString())
            .Set(EndedAt, workflow.EndedAt)
            .SetUnlessSeenLive(workflow.SeenLive)
            .SetJson(Standing, workflow.Standing, StoredJsonContext.Default.KnownStanding)
            .SetJson(State, workflow.State, StoredJsonContext.Default.UpgradeWorkflow)
            .SetJson(Runs, workflow.Runs is { Count: > 0 } runs ? runs : null, StoredJsonContext.Default.IReadOnlyListTaskRun)
            .SetJson(TaskFailures, workflow.TaskFailures is { Count: > 0 } failures ? failures : null, StoredJsonContext.Default.IReadOnlyListTaskFailure);

    /// <summary>
    /// What a poll that saw no change merges: in most cycles two times of most workflows and nothing else, since what the row does not hold needs no taking away. What it
    /// does hold is taken away by empty text: a merge with null would leave the old value.
    /// </summary>
    public static RowBuilder PollTimes(WorkflowWrite write, ETag etag)
    {
        var workflow = write.After;
        var row = new RowBuilder(RowKeys.PartitionOf(workflow.Target.WorkflowId), RowKeys.Active(workflow.Target.WorkflowId), etag)
            .Set(ObservedAt, workflow.ObservedAt)
            .Set(NextPollAt, workflow.NextPollAt)
            .Set(Failure, FailureOf(workflow) ?? (write.Before.Failure is null ? null : ""))
            .Set(GoneSince, Sortable(workflow.GoneSince) ?? (write.Before.GoneSince is null ? null : ""));
        if (workflow.TaskFailures.Count > 0 && !ReferenceEquals(workflow.TaskFailures, write.Before.TaskFailures))
        {
            // Why a run failed became known later than that it did. What is packed leaves the shorter text of an earlier merge behind.
            row.SetJson(TaskFailures, workflow.TaskFailures, StoredJsonContext.Default.IReadOnlyListTaskFailure);
            if (!row.Entity.ContainsKey(TaskFailures))
            {
                row.Set(TaskFailures, "");
            }
        }
        if (!ReferenceEquals(workflow.Standing, write.Before.Standing))
        {
            row.SetJson(Standing, workflow.Standing, StoredJsonContext.Default.KnownStanding);
        }
        // Given up as gone: the one way to finish without a new state.
        return workflow.Outcome is { } outcome ? row.Set(Outcome, outcome.ToString()).Set(EndedAt, workflow.EndedAt) : row;
    }

    public static TrackedWorkflow Read(TableEntity row) => new()
    {
        Target = new WorkflowTarget(row.Text(ProjectId) ?? "", row.Text(ClusterId) ?? "", row.RowKey[RowKeys.ActivePrefix.Length..]),
        ClusterName = row.Text(ClusterName),
        ClusterNameGiven = row.Flag(ClusterNameGiven),
        TrackedAt = row.Time(TrackedAt) ?? default,
        Tracked = row.Flag(Tracked),
        Sequence = row.Number(Sequence),
        Hash = row.Text(Hash),
        State = row.Json(State, StoredJsonContext.Default.UpgradeWorkflow),
        Runs = row.Json(Runs, StoredJsonContext.Default.IReadOnlyListTaskRun) ?? [],
        TaskFailures = row.Json(TaskFailures, StoredJsonContext.Default.IReadOnlyListTaskFailure) ?? [],
        PhaseSince = row.Time(PhaseSince),
        LastChangedAt = row.Time(LastChangedAt),
        ObservedAt = row.Time(ObservedAt),
        NextPollAt = row.Time(NextPollAt) ?? default,
        Failure = row.Json(Failure, StoredJsonContext.Default.PollFailure),
        GoneSince = row.Text(GoneSince) is { } since ? DateTimeOffset.ParseExact(since, "O", CultureInfo.InvariantCulture) : null,
        Outcome = row.Text(Outcome) is { } outcome ? Enum.Parse<WorkflowOutcome>(outcome) : null,
        EndedAt = row.Time(EndedAt),
        SeenLive = row.WasSeenLive(),
        Standing = row.Json(Standing, StoredJsonContext.Default.KnownStanding),
        Purging = row.Flag(Purging),
        Version = row.ETag.ToString(),
    };

    public static bool IsPurging(TableEntity row) => row.Flag(Purging);

    public static string? HashOf(TableEntity row) => row.Text(Hash);

    /// <summary>
    /// Whether the row came of this write. Sequence and hash alone could be another writer's who saw the same; the moment of observation cannot.
    /// It matters: only who has landed may fix the end of a workflow.
    /// </summary>
    public static bool IsFrom(TableEntity row, WorkflowWrite write) => write.Appended is null
        ? row.Number(Sequence) == write.After.Sequence && row.Time(ObservedAt) == write.After.ObservedAt && row.Time(NextPollAt) == write.After.NextPollAt && (row.Text(Failure) ?? "") == (FailureOf(write.After) ?? "") && row.Text(Outcome) == write.After.Outcome?.ToString()
        : row.Number(Sequence) == write.After.Sequence && row.Text(Hash) == write.After.Hash && row.Time(LastChangedAt) == write.After.LastChangedAt && row.Time(EndedAt) == write.After.EndedAt;

    private static string? FailureOf(TrackedWorkflow workflow) => workflow.Failure is { } failure ? JsonSerializer.Serialize(failure, StoredJsonContext.Default.PollFailure) : null;

    private static string? Sortable(DateTimeOffset? time) => time?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
}
