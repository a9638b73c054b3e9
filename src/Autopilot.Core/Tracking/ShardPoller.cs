using Autopilot.Core.Notifications;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Tracking;

/// <summary>
/// Works one shard of one cycle off: what is due, what each answer means, one write for all of it. Whoever drives it decides in which order the
/// workflows are read; the order of writes never matters, since each is conditional on the row that its read began with.
/// </summary>
internal sealed partial class ShardPoller(Shard shard, ShardContents contents, PollingServices services, CycleMoment cycle)
{
    /// <summary>How often a superseded observation is made anew within one cycle before it is left for the next.</summary>
    private const int MaxRounds = 4;

    private const int FinishConcurrency = 8;

    private readonly Lock _lock = new();
    private readonly List<WorkflowWrite> _writes = [];
    private readonly Dictionary<string, TrackedWorkflow> _latest = contents.Workflows.ToDictionary(w => w.Target.WorkflowId);
    private int _failed, _changed, _unchanged, _vanished, _finished, _throttled, _left, _conflicts, _ambiguous;
    private readonly List<string> _errors = [];
    private readonly List<ReadFailure> _failures = [];

    /// <summary>What must be read from upstream in this cycle, oldest first.</summary>
    public IReadOnlyList<TrackedWorkflow> Due { get; } = [.. contents.Workflows.Where(w => !w.IsFinished && !w.Purging && (!cycle.DueOnly || services.Cadence.IsDue(w, cycle.StartedAt, cycle.Tick))).OrderBy(w => w.NextPollAt)];

    /// <summary>What discovery must look at in this cycle.</summary>
    public ShardDiscovery Discovery { get; } = new(shard, contents, services.Discovery, cycle);

    /// <summary>Whether the pass will ask upstream or move anything: what a lease is for.</summary>
    public bool HasWork => HasReads || contents.Workflows.Any(w => w.IsFinished);

    /// <summary>Whether the pass will ask upstream.</summary>
    public bool HasReads => Due.Count + Discovery.Due.Count > 0;

    /// <summary>The shard.</summary>
    public Shard Shard => shard;

    /// <summary>The board as it stands under our lease; null where leases are not kept, or none was needed.</summary>
    public ShardBoard? Held { get; set; }

    /// <summary>Every workflow as it stands after what has been written so far.</summary>
    public IReadOnlyCollection<TrackedWorkflow> Workflows => _latest.Values;

    /// <summary>How many of them, but for what has ended, stand how.</summary>
    public IReadOnlyDictionary<Assessment, int> Assess() => Workflows.Where(w => !w.IsFinished).CountBy(w => WorkflowSummarizer.Assess(w, cycle.Baseline)).ToDictionary();

    /// <summary>Reads of this cycle that failed.</summary>
    public IReadOnlyList<ReadFailure> Failures => _failures;

    /// <summary>Reads one due workflow and keeps what it shows for <see cref="WriteAsync"/>.</summary>
    /// <returns>The failure that must stop the whole cycle, or null.</returns>
    /// <exception cref="OperationCanceledException">The budget is spent or the process stops.</exception>
    public async Task<UpstreamException?> ReadAsync(TrackedWorkflow workflow, CancellationToken cancellationToken)
    {
        var (write, stop) = await ObserveAsync(workflow, cancellationToken);
        if (write is not null)
        {
            lock (_lock)
                _writes.Add(write);
        }

        return stop;
    }

    /// <summary>Writes all that was read, settles what met another writer, moves what ended, and tells the shard's part of the cycle.</summary>
    /// <param name="complete">Whether everything due was read.</param>
    /// <param name="error">What concerned the whole cycle, for the board.</param>
    /// <param name="reading">Cancels further reads; writes go on, since what was observed must not be lost.</param>
    public async Task<CycleResult> WriteAsync(bool complete, string? error, CancellationToken reading)
    {
        // Ended in an earlier cycle that did not get to move it: no GET, only the rest of finishing.
        var ended = contents.Workflows.Where(w => w.IsFinished).ToList();
        try
        {
            var writes = _writes.ToList();
            for (var round = 1; ; round++)
            {
                var board = round > 1 ? null : Board(complete, error, writes);
                var report = await services.Store.WriteAsync(shard, writes, board, CancellationToken.None);
                _conflicts += report.Conflicts;
                _ambiguous += report.Ambiguous;
                var (superseded, instead) = Settle(writes, report, ended);
                if (superseded.Count + instead.Count == 0)
                    break;
                var again = round < MaxRounds ? await ObserveAgainAsync(superseded, reading) : [];
                _left += superseded.Count - again.Count;
                writes = [.. instead, .. again];
                if (writes.Count == 0)
                    break;
            }

            await Parallel.ForEachAsync(ended, new ParallelOptions { MaxDegreeOfParallelism = FinishConcurrency }, async (workflow, _) => await FinishAsync(workflow));
        }
        catch (StorageUnavailableException exception)
        {
            // Nothing is lost: each workflow's row still says what was known, and it is due at once in the next cycle.
            LogShardNotWritten(services.Logger, shard.Key, exception.Message);
            _errors.Add($"Shard {shard.Key} could not be written: {exception.Message}");
        }
        catch (Exception exception)
        {
            // The other shards have a right to their cycle, and the caller to a result.
            LogShardBroke(services.Logger, exception, shard.Key);
            _errors.Add($"Shard {shard.Key} could not be written; the log says more.");
        }

        var polled = _changed + _unchanged + _failed;
        return await Discovery.WriteAsync(new CycleResult
        {
            Polled = polled,
            Changed = _changed,
            Unchanged = _unchanged,
            Failed = _failed,
            Finished = _finished,
            Skipped = Math.Max(0, contents.Workflows.Count(w => !w.IsFinished) - polled - _vanished),
            Conflicts = _conflicts,
            Ambiguous = _ambiguous,
            Throttled = _throttled,
            Complete = complete && _errors.Count + _throttled + _left == 0,
            Errors = _errors,
        });
    }

    /// <summary>The rest of finishing. What fails stays in its row, marked as final, and is finished by a later cycle.</summary>
    private async Task FinishAsync(TrackedWorkflow workflow)
    {
        try
        {
            await services.Store.FinishAsync(workflow, FinishedRun.Of(workflow), CancellationToken.None);
            Interlocked.Increment(ref _finished);
        }
        catch (Exception exception)
        {
            LogNotFinished(services.Logger, exception, workflow.Target.WorkflowId);
            lock (_lock)
                _errors.Add($"Workflow {workflow.Target.WorkflowId} has ended but could not be moved to the finished ones{(exception is StorageUnavailableException ? $": {exception.Message}" : "; the log says more.")}");
        }
    }

    private async Task<(WorkflowWrite? Write, UpstreamException? Stop)> ObserveAsync(TrackedWorkflow workflow, CancellationToken cancellationToken)
    {
        try
        {
            var observation = await services.Upstream.ReadAsync(workflow.Target, cancellationToken);
            var write = ObservedWorkflow.Answered(workflow, observation, cycle.Baseline, services.Clock.GetUtcNow());
            return (Next(await FailureReading.ExplainAsync(write, services, cancellationToken)), null);
        }
        catch (UpstreamException exception) when (exception.StopsCycle)
        {
            return (null, exception);
        }
        catch (UpstreamException exception) when (!exception.IsWorkflowsOwn)
        {
            // Throttled: it stays due and is read first in the next cycle.
            Interlocked.Increment(ref _throttled);
            LogThrottled(services.Logger, workflow.Target.WorkflowId);
            return (null, null);
        }
        catch (UpstreamException exception)
        {
            LogReadFailed(services.Logger, workflow.Target.WorkflowId, exception.Failure, exception.StatusCode, exception.Code, exception.Message);
            lock (_lock)
                _failures.Add(new ReadFailure(workflow.Target.WorkflowId, exception));
            return (Next(ObservedWorkflow.Failed(workflow, exception, services.Clock.GetUtcNow(), services.Options)), null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // One bad workflow never stops the others: whatever it is, it is this workflow's failure.
            LogReadBroke(services.Logger, exception, workflow.Target.WorkflowId);
            var failure = new UpstreamException(UpstreamFailure.Invalid, "The answer could not be worked on; the log says more.");
            return (Next(ObservedWorkflow.Failed(workflow, failure, services.Clock.GetUtcNow(), services.Options)), null);
        }
    }

    private WorkflowWrite Next(WorkflowWrite write) =>
        services.Turns.Watch(write with { After = write.After with { NextPollAt = services.Cadence.NextPollAt(write.After, cycle.StartedAt, cycle.Tick) } }, cycle.Baseline);

    private async Task<List<WorkflowWrite>> ObserveAgainAsync(List<TrackedWorkflow> superseded, CancellationToken cancellationToken)
    {
        var writes = new List<WorkflowWrite>(superseded.Count);
        await Parallel.ForEachAsync(superseded, new ParallelOptions { MaxDegreeOfParallelism = services.Options.MaxConcurrency }, async (workflow, _) =>
        {
            try
            {
                if (await ObserveAsync(workflow, cancellationToken) is ({ } write, _))
                {
                    lock (_lock)
                        writes.Add(write);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Left for the next cycle: the row still holds what another writer observed.
            }
        });
        return writes;
    }

    /// <summary>Counts what became of each write; answers the rows to read again from the start, and the writes to make instead.</summary>
    private (List<TrackedWorkflow> Superseded, List<WorkflowWrite> Instead) Settle(List<WorkflowWrite> writes, WriteReport report, List<TrackedWorkflow> ended)
    {
        var superseded = new List<TrackedWorkflow>();
        var instead = new List<WorkflowWrite>();
        for (var i = 0; i < writes.Count; i++)
        {
            var write = writes[i];
            var id = write.After.Target.WorkflowId;
            switch (report.Outcomes[i])
            {
                case WriteOutcome.Landed:
                    _latest[id] = write.After;
                    Count(write);
                    if (write.After.IsFinished)
                        ended.Add(report.Landed(i, write));
                    break;
                case WriteOutcome.AlreadyKnown:
                    Count(write with { Appended = null });
                    break;
                case WriteOutcome.Superseded when report.Current[i] is { IsFinished: false, Purging: false } current:
                    superseded.Add(current);
                    break;
                case WriteOutcome.Superseded:
                case WriteOutcome.Vanished:
                    _latest.Remove(id);
                    _vanished++;
                    break;
                case WriteOutcome.TooLarge:
                    var bytes = write.Appended?.Document.Length ?? 0;
                    LogTooLarge(services.Logger, id, bytes);
                    var refusal = new UpstreamException(UpstreamFailure.Invalid, $"A state of {bytes} bytes does not fit into the table; the last good state is kept.");
                    instead.Add(Next(ObservedWorkflow.Failed(write.Before, refusal, services.Clock.GetUtcNow(), services.Options)));
                    break;
                default:
                    throw new InvalidOperationException($"Unknown outcome {report.Outcomes[i]}.");
            }
        }

        return (superseded, instead);
    }

    private void Count(WorkflowWrite write)
    {
        if (write.After.Failure is not null)
            _failed++;
        else if (write.Appended is not null)
            _changed++;
        else
            _unchanged++;
    }

    private ShardBoard Board(bool complete, string? error, List<WorkflowWrite> writes) => new()
    {
        StartedAt = cycle.StartedAt,
        CompletedAt = complete && _throttled == 0 ? services.Clock.GetUtcNow() : contents.Board?.CompletedAt,
        Active = contents.Workflows.Count,
        Polled = writes.Count,
        Changed = writes.Count(w => w.Appended is not null),
        Failed = writes.Count(w => w.After.Failure is not null),
        LastError = error,
        Lease = Held?.Lease,
        Version = Held?.Version,
    };

    [LoggerMessage(EventId = 1101, EventName = "WorkflowReadFailed", Level = LogLevel.Debug, Message = "Workflow {WorkflowId} could not be read: {Failure} (status {StatusCode}, code {Code}): {Reason}")]
    private static partial void LogReadFailed(ILogger logger, string workflowId, UpstreamFailure failure, int? statusCode, string? code, string reason);

    [LoggerMessage(EventId = 1102, EventName = "WorkflowReadBroke", Level = LogLevel.Error, Message = "Workflow {WorkflowId}: its answer could not be worked on")]
    private static partial void LogReadBroke(ILogger logger, Exception exception, string workflowId);

    [LoggerMessage(EventId = 1103, EventName = "WorkflowThrottled", Level = LogLevel.Debug, Message = "Workflow {WorkflowId} waits for the next cycle: upstream throttles")]
    private static partial void LogThrottled(ILogger logger, string workflowId);

    [LoggerMessage(EventId = 1104, EventName = "StateTooLarge", Level = LogLevel.Error, Message = "Workflow {WorkflowId}: a state of {Bytes} bytes does not fit into the table; its last good state stays")]
    private static partial void LogTooLarge(ILogger logger, string workflowId, int bytes);

    [LoggerMessage(EventId = 1105, EventName = "ShardNotWritten", Level = LogLevel.Error, Message = "Shard {Shard} could not be written: {Reason}")]
    private static partial void LogShardNotWritten(ILogger logger, string shard, string reason);

    [LoggerMessage(EventId = 1106, EventName = "ShardBroke", Level = LogLevel.Error, Message = "Shard {Shard} could not be written")]
    private static partial void LogShardBroke(ILogger logger, Exception exception, string shard);

    [LoggerMessage(EventId = 1107, EventName = "WorkflowNotFinished", Level = LogLevel.Error, Message = "Workflow {WorkflowId} has ended but could not be moved to the finished ones")]
    private static partial void LogNotFinished(ILogger logger, Exception exception, string workflowId);
}

/// <summary>The moment a cycle began and what it goes by.</summary>
internal sealed record CycleMoment(DateTimeOffset StartedAt, TimeSpan Tick, bool DueOnly, Baseline Baseline)
{
    /// <summary>Whether it was dispatched, so that it may come twice or out of order.</summary>
    public bool Dispatched { get; init; }

    /// <summary>
    /// Whether a shard's board shows this cycle, or a later one, as completed. Both moments are the dispatcher's: its clock is compared with itself. A message lives for a tick: a
    /// cycle that seems to be later by more than that was dispatched before the clock was set back.
    /// </summary>
    public bool IsDoneBy(ShardBoard? board) =>
        Dispatched && board is { StartedAt: { } started, CompletedAt: { } completed } && started >= StartedAt && started - StartedAt <= Tick && completed >= started;
}

/// <summary>A read of one workflow that failed for a reason of its own.</summary>
internal sealed record ReadFailure(string WorkflowId, UpstreamException Exception);

/// <summary>What every shard's poller of a process shares.</summary>
internal sealed record PollingServices(
    IWorkflowStore Store, UpstreamGate Upstream, BaselineKeeper Baselines, Cadence Cadence, TransitionWatch Turns, PollingOptions Options, TimeProvider Clock, ILogger Logger)
{
    /// <summary>Null where the process has nothing to discover with.</summary>
    public FleetDiscovery? Discovery { get; init; }
}
