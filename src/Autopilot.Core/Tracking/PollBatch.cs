using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Tracking;

/// <summary>
/// Polls workflows of one shard: reads each from upstream and stores what the reads show, in as few transactions as possible. A cycle's
/// batch holds what is due in the shard; the batch of a person's request, or of discovery, holds one workflow. Whatever goes wrong with one
/// workflow is that workflow's failure and its last good state stays.
/// </summary>
/// <param name="shard">The shard of all workflows that are read.</param>
/// <param name="cycle">When the polls began, and the baseline that durations are compared with.</param>
/// <param name="ended">Workflows of the shard that ended in an earlier poll, which did not get to move them: no GET, only the rest of
/// finishing.</param>
internal sealed partial class PollBatch(Shard shard, CycleContext cycle, PollingServices services, IEnumerable<TrackedWorkflow> ended)
{
    /// <summary>How often a workflow is read, at most, because another writer was faster; then it is left for the next poll.</summary>
    private const int MaxRounds = 4;

    private const int FinishConcurrency = 8;

    private readonly Lock _lock = new();
    private readonly List<Observed> _observed = [];
    private readonly List<TrackedWorkflow> _ended = [.. ended];
    private readonly Dictionary<string, PolledWorkflow> _results = [];
    private readonly List<ReadFailure> _failures = [];
    private readonly List<string> _errors = [];

    /// <summary>What became of each workflow that was read, by its id.</summary>
    public IReadOnlyDictionary<string, PolledWorkflow> Results => _results;

    /// <summary>Reads that failed upstream, for one line in the log for all that failed alike.</summary>
    public IReadOnlyList<ReadFailure> Failures => _failures;

    /// <summary>What went wrong after the writes, in a sentence each.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>What the reads so far lead to.</summary>
    public IEnumerable<WorkflowWrite> Writes => _observed.Select(observed => observed.Write);

    /// <summary>Writes that met another writer's.</summary>
    public int Conflicts { get; private set; }

    /// <summary>Writes whose answer was lost.</summary>
    public int Ambiguous { get; private set; }

    /// <summary>Workflows that ended and were moved.</summary>
    public int Finished { get; private set; }

    /// <summary>Reads one workflow and keeps what it shows for <see cref="WriteAsync"/>.</summary>
    /// <returns>The failure that must stop the whole cycle, or null.</returns>
    /// <exception cref="OperationCanceledException">Reading was cancelled.</exception>
    public Task<UpstreamException?> ReadAsync(TrackedWorkflow workflow, CancellationToken cancellationToken) =>
        ReadIntoAsync(_observed, workflow, cancellationToken);

    /// <summary>Whether a workflow that was read has a run whose progress may be asked for.</summary>
    public bool WantsProgress =>
        _observed.Exists(observed => observed.Failure is null && TaskProgressFetcher.IsWanted(observed.Write.After, services));

    /// <summary>
    /// Asks how far runs are, once everything was read: it goes into the write that each workflow's read leads to. Never throws.
    /// </summary>
    public async Task ReadProgressAsync(CancellationToken cancellationToken)
    {
        var wanted = Enumerable.Range(0, _observed.Count).Where(place => _observed[place].Failure is null);
        await Parallel.ForEachAsync(
            wanted.ToList(),
            new ParallelOptions { MaxDegreeOfParallelism = services.Options.MaxConcurrency },
            async (place, _) =>
                _observed[place] = _observed[place] with
                {
                    Write = await TaskProgressFetcher.AskAsync(_observed[place].Write, services, cancellationToken),
                }
        );
    }

    /// <summary>
    /// Writes what was read, reconciles what met another writer, and moves what ended. Never cancelled: what was observed must not be lost.
    /// </summary>
    /// <param name="status">Goes with the last transaction of the first round; null for none.</param>
    /// <param name="reading">Cancels further reads.</param>
    /// <exception cref="StorageUnavailableException">The store cannot be reached. Each row that is not written still says what was known,
    /// and is due at once.</exception>
    public async Task WriteAsync(ShardStatus? status, CancellationToken reading)
    {
        var pending = _observed.ToList();
        for (var round = 1; pending.Count > 0 || status is not null; round++)
        {
            var report = await services.Observations.WriteAsync(
                shard,
                [.. pending.Select(one => one.Write)],
                status,
                CancellationToken.None
            );
            status = null;
            Conflicts += report.Conflicts;
            Ambiguous += report.Ambiguous;
            var (conflicted, instead) = Reconcile(pending, report);
            pending = [.. instead, .. round < MaxRounds ? await ObserveAgainAsync(conflicted, reading) : []];
        }

        await Parallel.ForEachAsync(
            _ended,
            new ParallelOptions { MaxDegreeOfParallelism = FinishConcurrency },
            async (workflow, _) => await FinishAsync(workflow)
        );
    }

    private async Task<UpstreamException?> ReadIntoAsync(
        List<Observed> observed,
        TrackedWorkflow workflow,
        CancellationToken cancellationToken
    )
    {
        var (write, failure) = await ObserveAsync(workflow, cancellationToken);
        lock (_lock)
        {
            if (write is not null)
            {
                observed.Add(new Observed(write, failure));
            }
            else
            {
                Conclude(workflow, failure!.StopsCycle ? PollOutcome.Refused : PollOutcome.Throttled, null, failure);
            }
        }

        return failure is { StopsCycle: true } ? failure : null;
    }

    /// <summary>One read, and what it means for the row. Without a write there is a failure that is not the workflow's own.</summary>
    private async Task<(WorkflowWrite? Write, UpstreamException? Failure)> ObserveAsync(
        TrackedWorkflow row,
        CancellationToken cancellationToken
    )
    {
        var id = row.Target.WorkflowId;
        try
        {
            var observation = await services.Upstream.ReadAsync(row.Target, cancellationToken);
            return (await RespondedAsync(row, observation, cancellationToken), null);
        }
        catch (UpstreamException exception) when (exception.StopsCycle)
        {
            return (null, exception);
        }
        catch (UpstreamException exception) when (!exception.IsWorkflowsOwn)
        {
            // Throttled: it stays due and is read first in the next cycle.
            LogThrottled(services.Logger, id);
            return (null, exception);
        }
        catch (UpstreamException exception)
        {
            LogReadFailed(services.Logger, id, exception.Failure, exception.StatusCode, exception.Code, exception.Message);
            lock (_lock)
            {
                _failures.Add(new ReadFailure(id, exception));
            }

            return Failed(row, exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogReadBroke(services.Logger, exception, id);
            return Failed(
                row,
                new UpstreamException(UpstreamFailure.Invalid, "The answer could not be worked on; the log says more.", exception)
            );
        }
    }

    /// <summary>
    /// The write of a good answer. Where the stored state cannot be compared with it, the answer is recorded as a new state behind it.
    /// Otherwise the workflow would never be read well again. Its attempts go only where they are what cannot be processed. The history
    /// keeps both.
    /// </summary>
    private async Task<WorkflowWrite> RespondedAsync(
        TrackedWorkflow row,
        WorkflowObservation observation,
        CancellationToken cancellationToken
    )
    {
        var now = services.Clock.GetUtcNow();
        try
        {
            return await WriteAsync(row);
        }
        catch (Exception exception) when (row.State is not null)
        {
            var forgotten = row with { State = null, Hash = null };
            WorkflowWrite write;
            try
            {
                write = await WriteAsync(forgotten);
            }
            catch (Exception)
            {
                write = await WriteAsync(forgotten with { Runs = [], TaskFailures = [] });
            }
            LogRecordedAgain(services.Logger, exception, row.Target.WorkflowId, write.After.Sequence);
            return write;
        }

        async Task<WorkflowWrite> WriteAsync(TrackedWorkflow before)
        {
            var write = ObservedWorkflow.Answered(before, observation, cycle.Baseline, now, services.Cadence.IntervalOf(before));
            // Where the last notified assessment is stored, the stored state counts as seen, though it cannot be assessed.
            write = await FailureDetailsFetcher.ExplainAsync(
                row.LastNotified is null ? write : write with { Before = row },
                services,
                cancellationToken
            );
            return Next(write with { After = await services.Names.NameAsync(write.After, cancellationToken) });
        }
    }

    private (WorkflowWrite Write, UpstreamException Failure) Failed(TrackedWorkflow row, UpstreamException failure)
    {
        var write = Scheduled(ObservedWorkflow.Failed(row, failure, services.Clock.GetUtcNow(), services.Options));
        try
        {
            return (services.Transitions.WithNotification(write, cycle.Baseline), failure);
        }
        catch (Exception exception)
        {
            // The stored state itself cannot be assessed. The failure is recorded without a notification, so that the workflow waits for
            // its retry.
            LogNotAssessed(services.Logger, exception, row.Target.WorkflowId);
            return (write, failure);
        }
    }

    private WorkflowWrite Next(WorkflowWrite write) => services.Transitions.WithNotification(Scheduled(write), cycle.Baseline);

    private WorkflowWrite Scheduled(WorkflowWrite write) =>
        write with
        {
            After = write.After with { NextPollAt = services.Cadence.NextPollAt(write.After, cycle.StartedAt, cycle.Tick) },
        };

    private async Task<List<Observed>> ObserveAgainAsync(List<TrackedWorkflow> conflicted, CancellationToken cancellationToken)
    {
        var again = new List<Observed>(conflicted.Count);
        await Parallel.ForEachAsync(
            conflicted,
            new ParallelOptions { MaxDegreeOfParallelism = services.Options.MaxConcurrency },
            async (workflow, _) =>
            {
                try
                {
                    await ReadIntoAsync(again, workflow, cancellationToken);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    // Left for the next poll: the row holds what another writer observed.
                }
            }
        );
        return again;
    }

    /// <summary>Notes what became of each write; answers the rows to read again from the start, and the writes to make instead.</summary>
    private (List<TrackedWorkflow> Superseded, List<Observed> Instead) Reconcile(List<Observed> pending, WriteReport report)
    {
        var conflicted = new List<TrackedWorkflow>();
        var instead = new List<Observed>();
        for (var i = 0; i < pending.Count; i++)
        {
            var (write, failure) = pending[i];
            switch (report.Outcomes[i])
            {
                case WriteOutcome.Committed:
                    Conclude(
                        write.Before,
                        failure is not null ? PollOutcome.Failed
                            : write.Appended is not null ? PollOutcome.Changed
                            : PollOutcome.Unchanged,
                        write.After,
                        failure
                    );
                    if (write.After.IsFinished)
                    {
                        _ended.Add(report.Committed(i, write));
                    }

                    break;
                case WriteOutcome.AlreadyApplied:
                    Conclude(write.Before, failure is not null ? PollOutcome.Failed : PollOutcome.Unchanged, null, failure);
                    break;
                case WriteOutcome.Conflict when report.Current[i] is { IsFinished: false, Purging: false } current:
                    Conclude(write.Before, PollOutcome.Superseded, null, null);
                    conflicted.Add(current);
                    break;
                case WriteOutcome.Conflict:
                case WriteOutcome.NotFound:
                    Conclude(write.Before, PollOutcome.Vanished, null, null);
                    break;
                case WriteOutcome.TooLarge when failure is not null:
                    // Not even the failure is taken: repeating it in this poll would not help.
                    Conclude(write.Before, PollOutcome.Failed, null, failure);
                    break;
                case WriteOutcome.TooLarge:
                    var bytes = write.Appended?.Document.Length ?? 0;
                    LogTooLarge(services.Logger, write.Before.Target.WorkflowId, bytes);
                    var (kept, rejection) = Failed(
                        write.Before,
                        new UpstreamException(
                            UpstreamFailure.Invalid,
                            $"A state of {bytes} bytes does not fit into the table; the last good state is kept."
                        )
                    );
                    instead.Add(new Observed(kept, rejection));
                    break;
                default:
                    throw new InvalidOperationException($"Unknown outcome {report.Outcomes[i]}.");
            }
        }

        return (conflicted, instead);
    }

    private void Conclude(TrackedWorkflow workflow, PollOutcome outcome, TrackedWorkflow? stored, UpstreamException? failure) =>
        _results[workflow.Target.WorkflowId] = new PolledWorkflow(outcome, stored, failure);

    /// <summary>The rest of finishing. What fails stays in its row, marked as final, and is finished by a later cycle.</summary>
    private async Task FinishAsync(TrackedWorkflow workflow)
    {
        try
        {
            await services.Observations.FinishAsync(workflow, FinishedUpgrade.Of(workflow), CancellationToken.None);
            lock (_lock)
            {
                Finished++;
            }
        }
        catch (Exception exception)
        {
            LogNotFinished(services.Logger, exception, workflow.Target.WorkflowId);
            lock (_lock)
            {
                _errors.Add(
                    $"Workflow {workflow.Target.WorkflowId} has ended but could not be moved to the finished "
                        + $"ones{(exception is StorageUnavailableException ? $": {exception.Message}" : "; the log says more.")}"
                );
            }
        }
    }

    /// <summary>A write that a read led to.</summary>
    /// <param name="Failure">Why the read counts as failed; null for a good one.</param>
    private readonly record struct Observed(WorkflowWrite Write, UpstreamException? Failure);

    [LoggerMessage(
        EventId = 1101,
        EventName = "WorkflowReadFailed",
        Level = LogLevel.Debug,
        Message = "Workflow {WorkflowId} could not be read: {Failure} (status {StatusCode}, code {Code}): {Reason}"
    )]
    private static partial void LogReadFailed(
        ILogger logger,
        string workflowId,
        UpstreamFailure failure,
        int? statusCode,
        string? code,
        string reason
    );

    [LoggerMessage(
        EventId = 1102,
        EventName = "WorkflowReadBroke",
        Level = LogLevel.Error,
        Message = "Workflow {WorkflowId}: its answer could not be worked on"
    )]
    private static partial void LogReadBroke(ILogger logger, Exception exception, string workflowId);

    [LoggerMessage(
        EventId = 1103,
        EventName = "WorkflowThrottled",
        Level = LogLevel.Debug,
        Message = "Workflow {WorkflowId} waits for the next cycle: upstream throttles"
    )]
    private static partial void LogThrottled(ILogger logger, string workflowId);

    [LoggerMessage(
        EventId = 1104,
        EventName = "StateTooLarge",
        Level = LogLevel.Error,
        Message = "Workflow {WorkflowId}: a state of {Bytes} bytes does not fit into the table; its last good state stays"
    )]
    private static partial void LogTooLarge(ILogger logger, string workflowId, int bytes);

    [LoggerMessage(
        EventId = 1108,
        EventName = "StoredStateNotAssessed",
        Level = LogLevel.Error,
        Message = "Workflow {WorkflowId}: its stored state could not be assessed; its failure is recorded without a notification"
    )]
    private static partial void LogNotAssessed(ILogger logger, Exception exception, string workflowId);

    [LoggerMessage(
        EventId = 1109,
        EventName = "StateRecordedAgain",
        Level = LogLevel.Error,
        Message = "Workflow {WorkflowId}: its stored state could not be worked on; upstream's answer is recorded as state {Sequence} "
            + "behind it"
    )]
    private static partial void LogRecordedAgain(ILogger logger, Exception exception, string workflowId, long sequence);

    [LoggerMessage(
        EventId = 1107,
        EventName = "WorkflowNotFinished",
        Level = LogLevel.Error,
        Message = "Workflow {WorkflowId} has ended but could not be moved to the finished ones"
    )]
    private static partial void LogNotFinished(ILogger logger, Exception exception, string workflowId);
}
