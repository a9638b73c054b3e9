using Autopilot.Core.Rows;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Tracking;

/// <summary>
/// One shard's part of one cycle: what is due in it, and one <see cref="PollBatch"/> for all of it. The caller decides in which order the
/// workflows are read. The order of writes never matters, since each is conditional on the row that its read began with.
/// </summary>
/// <param name="fleet">Null where the process has nothing to discover with.</param>
internal sealed partial class ShardPoller(
    Shard shard,
    ShardContents contents,
    PollingServices services,
    FleetDiscovery? fleet,
    CycleContext cycle
)
{
    private readonly PollBatch _batch = new(shard, cycle, services, contents.Workflows.Where(w => w.IsFinished));

    /// <summary>What must be read from upstream in this cycle, oldest first.</summary>
    public IReadOnlyList<TrackedWorkflow> Due { get; } =
    [
        .. contents
            .Workflows.Where(w => !w.IsFinished && !w.Purging && (!cycle.DueOnly || services.Cadence.IsDue(w, cycle.StartedAt, cycle.Tick)))
            .OrderBy(w => w.NextPollAt),
    ];

    /// <summary>What discovery must scan in this cycle.</summary>
    public ShardDiscovery Discovery { get; } = new(shard, contents, fleet, cycle);

    /// <summary>Whether the run will ask upstream or move anything, and so needs a lease.</summary>
    public bool HasWork => HasReads || contents.Workflows.Any(w => w.IsFinished);

    /// <summary>Whether the run will ask upstream.</summary>
    public bool HasReads => Due.Count + Discovery.Due.Count > 0;

    /// <summary>The shard.</summary>
    public Shard Shard => shard;

    /// <summary>Workflows that the shard held when it was read.</summary>
    public int Held => contents.Workflows.Count;

    /// <summary>Rows of the shard that cannot be read.</summary>
    public int Unreadable => contents.Unreadable;

    /// <summary>The shard status under our lease; null where leases are not used, or none was needed.</summary>
    public ShardStatus? LeasedStatus { get; set; }

    /// <summary>Every workflow as it stands after what has been written so far.</summary>
    public IEnumerable<TrackedWorkflow> Workflows =>
        from workflow in contents.Workflows
        let polled = _batch.Results.GetValueOrDefault(workflow.Target.WorkflowId)
        where polled is not { Outcome: PollOutcome.Vanished }
        select polled?.Stored ?? workflow;

    /// <summary>How many of them, but for what has ended, stand how.</summary>
    public IReadOnlyDictionary<Assessment, int> Assess() => Workflows.Where(w => !w.IsFinished).CountBy(Assess).ToDictionary();

    /// <summary>One stored state that cannot be assessed counts as unknown; its own poll logs why.</summary>
    private Assessment Assess(TrackedWorkflow workflow)
    {
        try
        {
            return WorkflowSummarizer.Assess(workflow, cycle.Baseline);
        }
        catch (Exception)
        {
            return Assessment.Unknown;
        }
    }

    /// <summary>Reads of this cycle that failed.</summary>
    public IReadOnlyList<ReadFailure> Failures => _batch.Failures;

    /// <inheritdoc cref="PollBatch.ReadAsync"/>
    public Task<UpstreamException?> ReadAsync(TrackedWorkflow workflow, CancellationToken cancellationToken) =>
        _batch.ReadAsync(workflow, cancellationToken);

    /// <inheritdoc cref="PollBatch.WantsProgress"/>
    public bool WantsProgress => _batch.WantsProgress;

    /// <inheritdoc cref="PollBatch.ReadProgressAsync"/>
    public Task ReadProgressAsync(CancellationToken cancellationToken) => _batch.ReadProgressAsync(cancellationToken);

    /// <summary>
    /// Writes all that was read, moves what ended, and answers the shard's part of the cycle. Never throws for the store.
    /// </summary>
    /// <param name="complete">Whether everything due was read.</param>
    /// <param name="error">What concerned the whole cycle, for the shard status.</param>
    /// <param name="reading">Cancels further reads; writes go on, since what was observed must not be lost.</param>
    public async Task<CycleResult> WriteAsync(bool complete, string? error, CancellationToken reading)
    {
        List<string> errors = [];
        try
        {
            await _batch.WriteAsync(cycle.Clusters is null ? NextStatus(complete, error) : null, reading);
        }
        catch (StorageUnavailableException exception)
        {
            // Nothing is lost: each workflow's row still says what was known, and it is due at once in the next cycle.
            LogShardNotWritten(services.Logger, shard.Key, exception.Message);
            errors.Add($"Shard {shard.Key} could not be written: {exception.Message}");
        }
        catch (Exception exception)
        {
            // The other shards have a right to their cycle, and the caller to a result.
            LogShardBroke(services.Logger, exception, shard.Key);
            errors.Add($"Shard {shard.Key} could not be written; the log says more.");
        }

        errors.InsertRange(0, _batch.Errors);
        var polled = Count(PollOutcome.Changed) + Count(PollOutcome.Unchanged) + Count(PollOutcome.Failed);
        return await Discovery.WriteAsync(
            new CycleResult
            {
                Polled = polled,
                Changed = Count(PollOutcome.Changed),
                Unchanged = Count(PollOutcome.Unchanged),
                Failed = Count(PollOutcome.Failed),
                Finished = _batch.Finished,
                Skipped = Math.Max(0, contents.Workflows.Count(w => !w.IsFinished) - polled - Count(PollOutcome.Vanished)),
                Conflicts = _batch.Conflicts,
                Ambiguous = _batch.Ambiguous,
                Throttled = Count(PollOutcome.Throttled),
                Complete =
                    complete
                    && errors.Count + Count(PollOutcome.Throttled) + Count(PollOutcome.Refused) + Count(PollOutcome.Superseded) == 0,
                Errors = errors,
            }
        );
    }

    private int Count(PollOutcome outcome) => _batch.Results.Values.Count(polled => polled.Outcome == outcome);

    private ShardStatus NextStatus(bool complete, string? error) =>
        new()
        {
            StartedAt = cycle.StartedAt,
            CompletedAt = complete && Count(PollOutcome.Throttled) == 0 ? services.Clock.GetUtcNow() : contents.Status?.CompletedAt,
            Active = contents.Workflows.Count,
            Polled = _batch.Writes.Count(),
            Changed = _batch.Writes.Count(w => w.Appended is not null),
            Failed = _batch.Writes.Count(w => w.After.Failure is not null),
            Unreadable = contents.Unreadable,
            LastError = error,
            Lease = LeasedStatus?.Lease,
            ETag = LeasedStatus?.ETag,
        };

    [LoggerMessage(
        EventId = 1105,
        EventName = "ShardNotWritten",
        Level = LogLevel.Error,
        Message = "Shard {Shard} could not be written: {Reason}"
    )]
    private static partial void LogShardNotWritten(ILogger logger, string shard, string reason);

    [LoggerMessage(EventId = 1106, EventName = "ShardBroke", Level = LogLevel.Error, Message = "Shard {Shard} could not be written")]
    private static partial void LogShardBroke(ILogger logger, Exception exception, string shard);
}
