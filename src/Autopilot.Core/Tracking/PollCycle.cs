using Autopilot.Core.Concurrency;
using Autopilot.Core.Rows;
using Autopilot.Core.Telemetry;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Tracking;

/// <summary>
/// One run over every shard: the work of the poll timer and of <c>POST /api/poll</c>. Concurrent full runs in one process share one
/// execution.
/// </summary>
public sealed partial class PollCycle
{
    private readonly IShardReader _shards;
    private readonly PollingServices _services;
    private readonly FleetDiscovery? _discovery;
    private readonly SettingsTargets _targets;
    private readonly TrackingMetrics _metrics;
    private readonly ShardLeases _leases;
    private readonly SingleFlight<bool, CycleResult> _fullRuns = new();
    private readonly ShardRotation _rotation = new();

    /// <param name="discovery">Null where the process has nothing to discover with.</param>
    internal PollCycle(
        IShardReader shards,
        PollingServices services,
        FleetDiscovery? discovery,
        SettingsTargets targets,
        ShardLeases leases,
        TrackingMetrics metrics
    )
    {
        _shards = shards;
        _services = services;
        _discovery = discovery;
        _leases = leases;
        _targets = targets;
        _metrics = metrics;
    }

    /// <summary>
    /// Runs a cycle and never throws for a workflow, a shard, the store or upstream: the result has the failures. A cancelled cycle reads
    /// no further, writes what it has observed, and returns <c>Complete</c> false.
    /// </summary>
    public Task<CycleResult> RunAsync(CycleRequest request, CancellationToken cancellationToken) =>
        request.DueOnly || request.Clusters is not null
            ? RunCycleAsync(request, cancellationToken)
            : _fullRuns.RunAsync(true, ending => RunCycleAsync(request, ending), cancellationToken);

    private async Task<CycleResult> RunCycleAsync(CycleRequest request, CancellationToken cancellationToken)
    {
        using var activity = Instrumentation.Activities.StartActivity("poll cycle");
        var cycle = new CycleContext(
            _services.Clock.GetUtcNow(),
            _services.Cadence.Tick,
            request.DueOnly,
            await BaselineAsync(cancellationToken)
        )
        {
            Clusters = request.Clusters,
        };
        using var reading = new CycleBudget(request.Budget ?? _services.Options.CycleBudget, _services.Clock, cancellationToken);

        var errors = new List<string>();
        if (request.Clusters is null && await _targets.TrackAsync(cycle.StartedAt, reading.Token) is { } refused)
        {
            errors.Add(refused);
        }

        var run = await RunShardsAsync(_rotation.Next(cycle), cycle, reading, errors, cancellationToken);
        if (run.Result.StoreReached)
        {
            await _services.Baselines.RefreshIfDueAsync(cancellationToken);
        }

        // What the whole cycle took, with all that it did besides.
        var result = run.Result with
        {
            DurationSeconds = reading.Seconds,
        };
        activity
            ?.SetTag("autopilot.polled", result.Polled)
            .SetTag("autopilot.changed", result.Changed)
            .SetTag("autopilot.failed", result.Failed)
            .SetTag("autopilot.complete", result.Complete);
        LogFailures(run.Shards);
        if (request.Clusters is { Count: var clusters })
        {
            // No cycle: readiness, the rotation and the metrics of cycles are about polls of everything.
            _metrics.Polled(result);
            LogClusters(
                _services.Logger,
                result.Complete ? LogLevel.Information : LogLevel.Warning,
                clusters,
                result.Polled,
                result.Changed,
                result.Failed,
                result.Complete,
                result.DurationSeconds,
                string.Join(" ", result.Errors)
            );
            return result;
        }

        _rotation.Record(run.Shards);
        _metrics.CycleDone(result, run.Shards, FreshTicks * cycle.Tick);
        LogCycle(
            _services.Logger,
            result.Complete ? LogLevel.Information : LogLevel.Warning,
            result.Polled,
            result.Changed,
            result.Unchanged,
            result.Failed,
            result.Skipped,
            result.Finished,
            result.Conflicts,
            result.Ambiguous,
            result.Complete,
            result.DurationSeconds,
            string.Join(" ", result.Errors)
        );
        return result;
    }

    /// <summary>Polls shards and sums up the results: the same for all shards in one process and for one shard from the queue.</summary>
    /// <param name="errors">What the caller has met already.</param>
    private async Task<(CycleResult Result, IReadOnlyList<ShardResult> Shards)> RunShardsAsync(
        ShardOrder order,
        CycleContext cycle,
        CycleBudget reading,
        List<string> errors,
        CancellationToken cancellationToken
    )
    {
        var (shards, stop, fault) = await new CycleRun(
            order,
            cycle,
            reading,
            _shards,
            _services,
            _discovery,
            _leases,
            cancellationToken
        ).RunAsync();
        var results = shards.Select(s => s.Result).OfType<CycleResult>().ToList();
        if (fault is not null)
        {
            errors.Add(fault);
        }

        errors.AddRange(Unread(shards));
        var harmless = Leased(shards).ToList();
        var unreadable = shards.Sum(s => s.Unreadable);
        if (unreadable > 0)
        {
            harmless.Add(
                $"{unreadable} stored row{(unreadable == 1 ? "" : "s")} cannot be read and {(unreadable == 1 ? "is" : "are")} left "
                    + $"out; the log names {(unreadable == 1 ? "it" : "them")} once (RowUnreadable)."
            );
        }

        errors.AddRange(harmless);

        if (stop is not null)
        {
            errors.Insert(0, stop.Message);
        }
        else if (cancellationToken.IsCancellationRequested)
        {
            errors.Add("The process is stopping; the rest is due at once in the next cycle.");
        }
        else if (reading.IsSpent)
        {
            errors.Add("The cycle's budget is spent; the rest is due at once in the next cycle.");
        }

        errors.AddRange(results.SelectMany(r => r.Errors));
        var throttled = results.Sum(r => r.Throttled);
        if (throttled > 0)
        {
            errors.Add(
                $"{throttled} workflow{(throttled == 1 ? " waits" : "s wait")} for the next cycle: "
                    + $"{Limit(_services.Upstream.Status.Throttle)}."
            );
        }

        var clustersThrottled = results.Sum(r => r.ClustersThrottled);
        if (clustersThrottled > 0)
        {
            errors.Add(
                $"Discovery of {clustersThrottled} cluster{(clustersThrottled == 1 ? "" : "s")} waits for the next cycle: "
                    + $"{Limit(_services.Upstream.Status.Throttle)}."
            );
        }

        return (
            new CycleResult
            {
                Polled = results.Sum(r => r.Polled),
                Changed = results.Sum(r => r.Changed),
                Unchanged = results.Sum(r => r.Unchanged),
                Failed = results.Sum(r => r.Failed),
                Skipped = results.Sum(r => r.Skipped) + shards.Sum(s => s.Left),
                Discovered = results.Sum(r => r.Discovered),
                Recorded = results.Sum(r => r.Recorded),
                Clusters = results.Sum(r => r.Clusters),
                ClustersFailed = results.Sum(r => r.ClustersFailed),
                ClustersThrottled = clustersThrottled,
                Finished = results.Sum(r => r.Finished),
                Conflicts = results.Sum(r => r.Conflicts),
                Ambiguous = results.Sum(r => r.Ambiguous),
                Complete = errors.Count == 0 && results.All(r => r.Complete),
                DurationSeconds = reading.Seconds,
                Throttled = throttled,
                LeasedShards = shards.Count(s => s.IsLeased),
                NothingLeft = errors.Count == harmless.Count && harmless.Count > 0 && results.All(r => r.Complete),
                StoreReached = shards.Any(s => s.Error is null || s.IsFromNewerVersion),
                Unreadable = unreadable,
                Throttle = _services.Upstream.Status.Throttle,
                Errors = errors,
            },
            shards
        );
    }

    private async Task<Baseline> BaselineAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _services.Baselines.CurrentAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return Baseline.Empty;
        }
    }

    /// <summary>What fails alike is one line: an outage of upstream fails a thousand reads for one reason.</summary>
    private void LogFailures(IEnumerable<ShardResult> shards)
    {
        foreach (
            var alike in shards.SelectMany(s => s.Failures).GroupBy(f => (f.Exception.Failure, f.Exception.StatusCode, f.Exception.Code))
        )
        {
            var (failure, status, code) = alike.Key;
            LogNotRead(
                _services.Logger,
                alike.Count(),
                failure,
                status,
                code,
                alike.First().Exception.Message,
                string.Join(", ", alike.Take(3).Select(f => f.WorkflowId))
            );
        }
    }

    private static string Limit(ThrottleWindow? window) =>
        window is null
            ? "the limit of upstream requests (Cce:RequestsPerMinute, or upstream's own) is used up"
            : $"upstream allows {window.Limit} requests in {window.Window:c} and they are used up";

    /// <summary>
    /// One outage gives one sentence and not sixteen: shards that failed alike are reported together. That the process stops is reported
    /// only where it concerns all of them.
    /// </summary>
    private static IEnumerable<string> Unread(IReadOnlyList<ShardResult> shards) =>
        from shard in shards
        where shard.Error is not null && !(shard.IsStopped && shards.Any(other => !other.IsStopped))
        group shard.Shard.Key by shard.Error into alike
        select alike.Count() == Shard.Count
            ? $"No shard could be read: {alike.Key}"
            : $"Shard {string.Join(", ", alike)} could not be read: {alike.Key}";

    private static IEnumerable<string> Leased(IEnumerable<ShardResult> shards)
    {
        var leased = shards.Where(s => s.IsLeased).Select(s => s.Shard.Key).ToList();
        return leased.Count == 0
            ? []
            : [$"Shard {string.Join(", ", leased)} {(leased.Count == 1 ? "is" : "are")} being polled by another process, and left to it."];
    }

    [LoggerMessage(
        EventId = 1001,
        EventName = "CycleDone",
        Message = "Cycle: polled {Polled}, changed {Changed}, unchanged {Unchanged}, failed {Failed}, skipped {Skipped}, finished "
            + "{Finished}, conflicts {Conflicts}, ambiguous {Ambiguous}, complete {Complete}, {DurationSeconds} s. {Errors}"
    )]
    private static partial void LogCycle(
        ILogger logger,
        LogLevel level,
        int polled,
        int changed,
        int unchanged,
        int failed,
        int skipped,
        int finished,
        int conflicts,
        int ambiguous,
        bool complete,
        double durationSeconds,
        string errors
    );

    [LoggerMessage(
        EventId = 1006,
        EventName = "ClustersPolled",
        Message = "Poll of {Clusters} clusters: polled {Polled}, changed {Changed}, failed {Failed}, complete {Complete}, "
            + "{DurationSeconds} s. {Errors}"
    )]
    private static partial void LogClusters(
        ILogger logger,
        LogLevel level,
        int clusters,
        int polled,
        int changed,
        int failed,
        bool complete,
        double durationSeconds,
        string errors
    );

    [LoggerMessage(
        EventId = 1002,
        EventName = "WorkflowsNotRead",
        Level = LogLevel.Warning,
        Message = "{Count} workflows could not be read: {Failure} (status {StatusCode}, code {Code}): {Reason} Such as {WorkflowIds}"
    )]
    private static partial void LogNotRead(
        ILogger logger,
        int count,
        UpstreamFailure failure,
        int? statusCode,
        string? code,
        string reason,
        string workflowIds
    );
}
