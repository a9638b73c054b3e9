using System.Globalization;
using Autopilot.Core.Rows;
using Autopilot.Core.Serialization;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Reading;
using Autopilot.Storage.Tables;
using Azure;
using Azure.Data.Tables;

namespace Autopilot.Storage.Rows;

/// <summary>A workflow's row, active (<c>a|</c>) or finished (<c>f|</c>): both hold the same.</summary>
internal static class WorkflowRow
{
    public const string Phase = nameof(Phase),
        Tracked = nameof(Tracked),
        ClusterId = nameof(ClusterId),
        ProjectId = nameof(ProjectId),
        Purging = nameof(Purging),
        ClusterName = nameof(ClusterName),
        ClusterNameGiven = nameof(ClusterNameGiven),
        ClusterNameKey = nameof(ClusterNameKey),
        Sequence = nameof(Sequence),
        ObservedAt = nameof(ObservedAt),
        EndedAt = nameof(EndedAt),
        Outcome = nameof(Outcome);

    /// <summary>Of a workflow that is over: the oldest state that retention has left. Absent where it has taken none.</summary>
    public const string StatesFrom = nameof(StatesFrom);

    /// <summary>What is remembered for notifications.</summary>
    public const string Standing = nameof(Standing);

    private const string TrackedAt = nameof(TrackedAt),
        Hash = nameof(Hash),
        State = nameof(State),
        Runs = nameof(Runs),
        PhaseSince = nameof(PhaseSince),
        FirstObservedAt = nameof(FirstObservedAt),
        Gaps = nameof(Gaps),
        LastChangedAt = nameof(LastChangedAt),
        NextPollAt = nameof(NextPollAt),
        TaskFailures = nameof(TaskFailures),
        Progress = nameof(Progress),
        Backup = nameof(Backup),
        Failure = nameof(Failure),
        GoneSince = nameof(GoneSince);

    public static RowFormat<TrackedWorkflow> Format { get; } =
        new(
            StoredRowKind.Workflow,
            [
                Phase,
                Tracked,
                ClusterId,
                ProjectId,
                Purging,
                ClusterName,
                ClusterNameGiven,
                ClusterNameKey,
                Sequence,
                ObservedAt,
                EndedAt,
                StatesFrom,
                TrackedAt,
                Hash,
                State,
                Runs,
                PhaseSince,
                FirstObservedAt,
                Gaps,
                LastChangedAt,
                NextPollAt,
                TaskFailures,
                Progress,
                Backup,
                Failure,
                GoneSince,
                Outcome,
                Standing,
                NotSeenLiveColumn.Unseen,
            ],
            Read,
            IdOf
        );

    /// <summary>The whole row. <paramref name="etag"/> is what it must be to be replaced.</summary>
    public static RowBuilder Whole(TrackedWorkflow workflow, string rowKey, ETag etag = default) =>
        new RowBuilder(RowKeys.PartitionOf(workflow.Target.WorkflowId), rowKey, etag)
            .Set(ProjectId, workflow.Target.ProjectId)
            .Set(ClusterId, workflow.Target.ClusterId)
            .Set(ClusterName, workflow.ClusterName)
            .Set(ClusterNameGiven, workflow.ClusterNameGiven)
            .Set(ClusterNameKey, KeyOf(workflow.ClusterName))
            .Set(TrackedAt, workflow.TrackedAt)
            .Set(Tracked, workflow.Tracked)
            .Set(Sequence, workflow.Sequence)
            .Set(Hash, workflow.Hash)
            .Set(Phase, workflow.State?.Phase.Value)
            .Set(FirstObservedAt, workflow.FirstObservedAt)
            .SetJson(Gaps, workflow.Gaps is { Count: > 0 } gaps ? gaps : null, StoredJsonContext.Default.IReadOnlyListObservationGap)
            .Set(PhaseSince, workflow.PhaseSince)
            .Set(LastChangedAt, workflow.LastChangedAt)
            .Set(ObservedAt, workflow.ObservedAt)
            .Set(NextPollAt, workflow.NextPollAt)
            .Set(Failure, FailureOf(workflow))
            .Set(GoneSince, Sortable(workflow.GoneSince))
            .Set(Outcome, workflow.Outcome?.ToString())
            .Set(EndedAt, workflow.EndedAt)
            .SetUnlessSeenLive(workflow.SeenLive)
            .SetJson(Standing, workflow.LastNotified, StoredJsonContext.Default.LastNotified, workflow.Unknown)
            .SetJson(State, workflow.State, StoredJsonContext.Default.UpgradeWorkflow, workflow.Unknown)
            .SetJson(
                Runs,
                workflow.Runs is { Count: > 0 } runs ? runs : null,
                StoredJsonContext.Default.IReadOnlyListTaskAttempt,
                workflow.Unknown
            )
            .SetJson(
                TaskFailures,
                workflow.TaskFailures is { Count: > 0 } failures ? failures : null,
                StoredJsonContext.Default.IReadOnlyListTaskFailure,
                workflow.Unknown
            )
            .SetJson(
                Progress,
                workflow.Progress is { Count: > 0 } progress ? progress : null,
                StoredJsonContext.Default.IReadOnlyListRunProgress,
                workflow.Unknown
            )
            .SetJson(Backup, workflow.Backup, StoredJsonContext.Default.LatestBackup, workflow.Unknown)
            .SetUnknown(workflow.Unknown);

    /// <summary>
    /// What a poll that saw no change merges. In most cycles that is two times of most workflows and nothing else, since what the row does
    /// not hold needs no taking away. What it does hold is taken away by empty text: a merge with null would leave the old value.
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
            // Why a run failed became known later than that it did.
            row.SetJson(TaskFailures, workflow.TaskFailures, StoredJsonContext.Default.IReadOnlyListTaskFailure, workflow.Unknown)
                .InPlaceOfAny(TaskFailures);
        }
        if (!ReferenceEquals(workflow.State, write.Before.State))
        {
            // The same state, with what an earlier version did not read.
            row.SetJson(State, workflow.State, StoredJsonContext.Default.UpgradeWorkflow, workflow.Unknown).InPlaceOfAny(State);
        }
        if (workflow.Progress.Count > 0 && !ReferenceEquals(workflow.Progress, write.Before.Progress))
        {
            row.SetJson(Progress, workflow.Progress, StoredJsonContext.Default.IReadOnlyListRunProgress, workflow.Unknown)
                .InPlaceOfAny(Progress);
        }
        if (workflow.Backup is not null && workflow.Backup != write.Before.Backup)
        {
            row.SetJson(Backup, workflow.Backup, StoredJsonContext.Default.LatestBackup, workflow.Unknown);
        }
        if (workflow.ClusterName is not null && workflow.ClusterName != write.Before.ClusterName)
        {
            row.Set(ClusterName, workflow.ClusterName).Set(ClusterNameKey, KeyOf(workflow.ClusterName));
        }
        if (!ReferenceEquals(workflow.Gaps, write.Before.Gaps))
        {
            row.SetJson(Gaps, workflow.Gaps, StoredJsonContext.Default.IReadOnlyListObservationGap);
        }
        if (!ReferenceEquals(workflow.LastNotified, write.Before.LastNotified))
        {
            row.SetJson(Standing, workflow.LastNotified, StoredJsonContext.Default.LastNotified, workflow.Unknown);
        }
        // Given up as gone: the one way to finish without a new state.
        return workflow.Outcome is { } outcome ? row.Set(Outcome, outcome.ToString()).Set(EndedAt, workflow.EndedAt) : row;
    }

    public static string IdOf(TableEntity row) => row.RowKey[RowKeys.ActivePrefix.Length..];

    /// <summary>What <see cref="MentionOf"/> needs.</summary>
    public static IReadOnlyList<string> MentionColumns { get; } =
    [ClusterId, ProjectId, ClusterName, Purging, Tracked, TrackedAt, ObservedAt, EndedAt];

    /// <summary>A cluster's name in the form in which names are compared; null without one.</summary>
    public static string? KeyOf(string? clusterName) => clusterName is null ? null : Core.Workflows.ClusterName.KeyOf(clusterName);

    /// <summary>What a row says of its cluster, readable or not; null where it is being purged or names no cluster.</summary>
    public static Core.Listing.ClusterMention? MentionOf(TableEntity row, bool isActive) =>
        IsPurging(row) || row.Raw(ClusterId) is not string { Length: > 0 } clusterId
            ? null
            : new Core.Listing.ClusterMention(clusterId, row.Raw(ProjectId) as string ?? "", row.Raw(ClusterName) as string)
            {
                WorkflowId = IdOf(row),
                IsActive = isActive,
                At = row.Raw(isActive ? TrackedAt : EndedAt) as DateTimeOffset? ?? row.Raw(ObservedAt) as DateTimeOffset?,
            };

    public static bool IsPurging(TableEntity row) => row.IsSet(Purging);

    public static string? HashOf(TableEntity row) => row.Raw(Hash) as string;

    /// <summary>The sequence of a row that may be unreadable; 0 where it has none.</summary>
    public static long SequenceOf(TableEntity row) =>
        row.Raw(Sequence) switch
        {
            long number => number,
            int number => number,
            _ => 0,
        };

    /// <summary>A workflow's row. Of one that is being purged nothing else counts, readable or not.</summary>
    public static RowRead<TrackedWorkflow> Read(StoredTable table, TableEntity? row) =>
        row is not null && IsPurging(row)
            ? new(
                new TrackedWorkflow
                {
                    Target = new WorkflowTarget("", "", IdOf(row)),
                    Purging = true,
                    Tracked = false,
                    ETag = row.ETag.ToString(),
                },
                null
            )
            : table.Read(Format, row);

    /// <summary>Whether a row, readable or not, names another cluster or project than this.</summary>
    public static WorkflowTarget? OtherTarget(TableEntity row, WorkflowTarget target)
    {
        var known = target with { ProjectId = Known(ProjectId, target.ProjectId), ClusterId = Known(ClusterId, target.ClusterId) };
        return known == target ? null : known;

        string Known(string name, string otherwise) => row.Raw(name) is string { Length: > 0 } text ? text : otherwise;
    }

    private static TrackedWorkflow Read(TableEntity row)
    {
        var unknown = new UnknownReader();
        var workflow = new TrackedWorkflow
        {
            Target = new WorkflowTarget(row.RequiredText(ProjectId), row.RequiredText(ClusterId), IdOf(row)),
            ClusterName = row.Text(ClusterName),
            ClusterNameGiven = row.Flag(ClusterNameGiven),
            TrackedAt = row.RequiredTime(TrackedAt),
            Tracked = row.RequiredFlag(Tracked),
            Sequence = row.RequiredWhole(Sequence),
            Hash = row.Text(Hash),
            State = row.Json(State, StoredJsonContext.Default.UpgradeWorkflow, unknown),
            Runs = row.List(Runs, StoredJsonContext.Default.IReadOnlyListTaskAttempt, unknown) ?? [],
            TaskFailures = row.List(TaskFailures, StoredJsonContext.Default.IReadOnlyListTaskFailure, unknown) ?? [],
            Progress = row.List(Progress, StoredJsonContext.Default.IReadOnlyListRunProgress, unknown) ?? [],
            Backup = row.Json(Backup, StoredJsonContext.Default.LatestBackup, unknown),
            FirstObservedAt = row.Time(FirstObservedAt),
            Gaps = row.List(Gaps, StoredJsonContext.Default.IReadOnlyListObservationGap) ?? [],
            PhaseSince = row.Time(PhaseSince),
            LastChangedAt = row.Time(LastChangedAt),
            ObservedAt = row.Time(ObservedAt),
            NextPollAt = row.Time(NextPollAt) ?? default,
            Failure = row.Json(Failure, StoredJsonContext.Default.PollFailure, unknown),
            GoneSince = row.Text(GoneSince) is { } since ? ReadSortable(since) : null,
            Outcome = row.Word<WorkflowOutcome>(Outcome),
            EndedAt = row.Time(EndedAt),
            SeenLive = row.WasSeenLive(),
            LastNotified = row.Json(Standing, StoredJsonContext.Default.LastNotified, unknown),
            ETag = row.ETag.ToString(),
        };
        return Check(workflow) with { Unknown = unknown.Content(Format.UnknownOf(row)) };
    }

    /// <summary>What the columns must be together. A state and its hash come and go together; what has an outcome has an end.</summary>
    private static TrackedWorkflow Check(TrackedWorkflow workflow)
    {
        if (workflow.Sequence is < 0 or > RowKeys.MaxSequence)
        {
            throw new UnreadableColumnException($"holds no sequence in column {Sequence}");
        }
        if ((workflow.Hash is null) != (workflow.State is null))
        {
            throw RowReader.Missing(workflow.Hash is null ? Hash : State);
        }
        if (workflow is { Outcome: not null, EndedAt: null })
        {
            throw RowReader.Missing(EndedAt);
        }
        if (workflow.LastNotified is { Latest: null })
        {
            throw RowReader.Missing(Standing);
        }
        var holes =
            workflow.State is { } state
            && (
                state.Tasks.Any(task => task is null)
                || state.Dependencies.Any(line => line is null)
                || state.UnreadableTimes.Any(time => time is null)
            );
        return holes || workflow.TaskFailures.Any(failure => failure.Details.Any(detail => detail is null))
            ? throw new UnreadableColumnException($"holds a list with a hole in column {(holes ? State : TaskFailures)}")
            : workflow;
    }

    /// <summary>
    /// Whether the row is the result of this write. Sequence and hash alone could be another writer's who saw the same state; the time of
    /// the observation cannot. Only the writer that committed may store the end of a workflow.
    /// </summary>
    public static bool IsFrom(TableEntity row, WorkflowWrite write)
    {
        var after = write.After;
        return Is(Sequence, after.Sequence)
            && (
                write.Appended is null
                    ? Is(ObservedAt, after.ObservedAt)
                        && Is(NextPollAt, after.NextPollAt)
                        && Is(Failure, FailureOf(after))
                        && Is(Outcome, after.Outcome?.ToString())
                    : Is(Hash, after.Hash) && Is(LastChangedAt, after.LastChangedAt) && Is(EndedAt, after.EndedAt)
            );

        // Of a row that may be unreadable: empty text stands for none.
        bool Is(string name, object? value) => Equals(row.Raw(name) is var stored && stored is "" ? null : stored, value);
    }

    private static DateTimeOffset ReadSortable(string text) =>
        DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw new UnreadableColumnException($"holds no time in column {GoneSince}");

    private static string? FailureOf(TrackedWorkflow workflow) =>
        workflow.Failure is { } failure
            ? RowBuilder.TextOf(Failure, failure, StoredJsonContext.Default.PollFailure, workflow.Unknown)
            : null;

    private static string? Sortable(DateTimeOffset? time) => time?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
}
