using System.Runtime.CompilerServices;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Tracking;

/// <summary>
/// One pass over every shard: the work of the poll timer and of <c>POST /api/poll</c>. Concurrent full passes of one process share one run.
/// </summary>
public sealed partial class PollCycle
{
    private readonly PollingServices _services;
    private readonly SettingsTargets _targets;
    private readonly TrackingMetrics _metrics;
    private readonly ShardLeases _leases;
    private readonly SharedRuns<bool, CycleResult> _fullPasses = new();

    internal PollCycle(PollingServices services, SettingsTargets targets, ShardLeases leases, TrackingMetrics metrics)
    {
        _services = services;
        _leases = leases;
        _targets = targets;
        _metrics = metrics;
    }

    /// <summary>
    /// Runs a cycle and never throws for a workflow, a shard, the store or upstream: the result tells. A cancelled cycle reads no further, writes
    /// what it has observed, and answers with <c>Complete</c> false.
    /// </summary>
    public Task<CycleResult> RunAsync(CycleRequest request, CancellationToken cancellationToken) =>
        request.DueOnly
            ? RunCycleAsync(request, cancellationToken)
            : _fullPasses.RunAsync(true, ending => RunCycleAsync(request, ending), cancellationToken);

    private async Task<CycleResult> RunCycleAsync(CycleRequest request, CancellationToken cancellationToken)
    {
        using var activity = TrackingActivity.Source.StartActivity("poll cycle");
        var cycle = new CycleMoment(_services.Clock.GetUtcNow(), _services.Cadence.Tick, request.DueOnly, await BaselineAsync(cancellationToken));
        using var reading = new CycleBudget(request.Budget ?? _services.Options.CycleBudget, _services.Clock, cancellationToken);

        var errors = new List<string>();
        if (await _targets.TrackAsync(cycle.StartedAt, reading.Token) is { } refused)
            errors.Add(refused);

        var pass = await WorkOffAsync(Shard.All, cycle, reading, errors, cancellationToken);
        if (pass.Result.StoreReached)
            await _services.Baselines.KeepAsync(cancellationToken);

        // What the whole cycle took, with all that it did besides.
        var result = pass.Result with { DurationSeconds = reading.Seconds };
        activity?.SetTag("autopilot.polled", result.Polled).SetTag("autopilot.changed", result.Changed).SetTag("autopilot.failed", result.Failed).SetTag("autopilot.complete", result.Complete);
        LogFailures(pass.Pollers);
        _metrics.CycleDone(result, pass.Pollers, cycle.Baseline, FreshTicks * cycle.Tick);
        LogCycle(_services.Logger, result.Complete ? LogLevel.Information : LogLevel.Warning, result.Polled, result.Changed, result.Unchanged, result.Failed, result.Skipped,
            result.Finished, result.Conflicts, result.Ambiguous, result.Complete, result.DurationSeconds, string.Join(" ", result.Errors));
        return result;
    }

    /// <summary>
    /// Works shards off: opens each, reads what is due in all of them together, and writes each. It is the same for all shards in one process and for one shard from
    /// the queue.
    /// </summary>
    /// <param name="errors">What the caller has met already.</param>
    private async Task<(CycleResult Result, IReadOnlyList<ShardPoller> Pollers)> WorkOffAsync(
        IReadOnlyList<Shard> all, CycleMoment cycle, CycleBudget reading, List<string> errors, CancellationToken cancellationToken)
    {
        var opening = all.Select(shard => OpenAsync(shard, cycle, reading, cancellationToken)).ToList();
        var (results, stop) = await PollAsync(opening, reading.Source);
        var shards = await Task.WhenAll(opening);
        errors.AddRange(Unread(shards));
        var leased = Leased(shards).ToList();
        errors.AddRange(leased);
        var pollers = shards.Select(s => s.Poller).OfType<ShardPoller>().ToList();

        if (stop is not null)
            errors.Insert(0, stop.Message);
        else if (cancellationToken.IsCancellationRequested)
            errors.Add("The process is stopping; the rest is due at once in the next cycle.");
        else if (reading.IsSpent)
            errors.Add("The cycle's budget is spent; the rest is due at once in the next cycle.");
        errors.AddRange(results.SelectMany(r => r.Errors));
        var throttled = results.Sum(r => r.Throttled);
        if (throttled > 0)
            errors.Add($"{throttled} workflow{(throttled == 1 ? " waits" : "s wait")} for the next cycle: {Limit(_services.Upstream.Standing.Throttle)}.");
        var clustersThrottled = results.Sum(r => r.ClustersThrottled);
        if (clustersThrottled > 0)
            errors.Add($"Discovery of {clustersThrottled} cluster{(clustersThrottled == 1 ? "" : "s")} waits for the next cycle: {Limit(_services.Upstream.Standing.Throttle)}.");

        return (new CycleResult
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
            LeasedOnly = errors.Count == leased.Count && leased.Count > 0 && results.All(r => r.Complete),
            StoreReached = shards.Any(s => s.Error is null),
            Throttle = _services.Upstream.Standing.Throttle,
            Errors = errors,
        }, pollers);
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

    private async Task<OpenedShard> OpenAsync(Shard shard, CycleMoment cycle, CycleBudget reading, CancellationToken cancellationToken)
    {
        try
        {
            var contents = await _services.Store.ReadShardAsync(shard, cancellationToken);
            if (cycle.IsDoneBy(contents.Board))
                return new OpenedShard(shard) { DoneBefore = true };
            var left = contents.Workflows.Count(w => !w.IsFinished);
            if (_leases.OfAnother(contents.Board) is not null)
                return new OpenedShard(shard) { IsLeased = true, Left = left };

            var poller = new ShardPoller(shard, contents, _services, cycle);
            // With nothing to do there is nobody to keep out: the read and the board's write are all that an idle shard costs.
            if (!_leases.AreKept || !poller.HasWork)
                return new OpenedShard(shard) { Poller = poller };
            // Between the read and the lease nobody has written the board, or the lease were not ours: what was read is as fresh as the lease.
            // A process that stops in this moment goes on to the write that ends the lease.
            poller.Held = await _leases.TakeAsync(shard, contents.Board, reading.Budget, CancellationToken.None);
            return poller.Held is null ? new OpenedShard(shard) { IsLeased = true, Left = left } : new OpenedShard(shard) { Poller = poller };
        }
        catch (StorageUnavailableException exception)
        {
            return new OpenedShard(shard) { Error = exception.Message };
        }
        catch (OperationCanceledException)
        {
            return new OpenedShard(shard) { Error = "The process is stopping." };
        }
        catch (Exception exception)
        {
            // The others are being polled already, and have a right to be written.
            LogShardNotOpened(_services.Logger, exception, shard.Key);
            return new OpenedShard(shard) { Error = "The log says more." };
        }
    }

    /// <summary>What fails alike is one line: an outage of upstream fails a thousand reads for one reason.</summary>
    private void LogFailures(IEnumerable<ShardPoller> pollers)
    {
        foreach (var alike in pollers.SelectMany(p => p.Failures).GroupBy(f => (f.Exception.Failure, f.Exception.StatusCode, f.Exception.Code)))
        {
            var (failure, status, code) = alike.Key;
            LogNotRead(_services.Logger, alike.Count(), failure, status, code, alike.First().Exception.Message, string.Join(", ", alike.Take(3).Select(f => f.WorkflowId)));
        }
    }

    private static string Limit(ThrottleWindow? window) =>
        window is null ? "the limit of upstream requests (Cce:RequestsPerMinute, or upstream's own) is used up"
        : $"upstream allows {window.Limit} requests in {window.Window:c} and they are used up";

    /// <summary>An outage is one sentence and not sixteen: shards that failed alike are told together.</summary>
    private static IEnumerable<string> Unread(IEnumerable<OpenedShard> shards) =>
        from shard in shards
        where shard.Error is not null
        group shard.Shard.Key by shard.Error into alike
        select alike.Count() == Shard.Count ? $"No shard could be read: {alike.Key}" : $"Shard {string.Join(", ", alike)} could not be read: {alike.Key}";

    private static IEnumerable<string> Leased(IEnumerable<OpenedShard> shards)
    {
        var leased = shards.Where(s => s.IsLeased).Select(s => s.Shard.Key).ToList();
        return leased.Count == 0 ? [] : [$"Shard {string.Join(", ", leased)} {(leased.Count == 1 ? "is" : "are")} being polled by another process, and left to it."];
    }

    /// <summary>
    /// Reads everything due with bounded concurrency, oldest first, and writes each shard as soon as its last read is done, so that writing one
    /// shard overlaps reading the next; and begins with what is due in the shards that are open, while the others are being opened.
    /// </summary>
    private async Task<(IReadOnlyList<CycleResult> Results, UpstreamException? Stop)> PollAsync(IReadOnlyList<Task<OpenedShard>> opening, CancellationTokenSource reading)
    {
        UpstreamException? stop = null;
        var unread = new int[opening.Count];
        var writes = new Task<CycleResult>?[opening.Count];
        void Write(int shard, ShardPoller poller, bool complete) => writes[shard] ??= poller.WriteAsync(complete, stop?.Message, reading.Token);

        void Opened(int shard, ShardPoller poller, int reads)
        {
            unread[shard] = reads;
            if (reads == 0)
                Write(shard, poller, complete: true);
        }

        try
        {
            await Parallel.ForEachAsync(DueAsync(opening, Opened, reading.Token), new ParallelOptions { MaxDegreeOfParallelism = _services.Options.MaxConcurrency, CancellationToken = reading.Token }, async (item, token) =>
            {
                if (Volatile.Read(ref stop) is not null)
                    return;
                if (await item.RunAsync(token) is { } refusal)
                {
                    Interlocked.CompareExchange(ref stop, refusal, null);
                    await reading.CancelAsync();
                }
                else if (Interlocked.Decrement(ref unread[item.Shard]) == 0)
                {
                    Write(item.Shard, item.Poller, complete: true);
                }
            });
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            // Budget, shutdown or refusal: what was observed is still written below.
        }

        var shards = await Task.WhenAll(opening);
        for (var shard = 0; shard < shards.Length; shard++)
        {
            if (shards[shard].Poller is { } poller)
                Write(shard, poller, complete: !poller.HasReads);
        }

        return (await Task.WhenAll(writes.OfType<Task<CycleResult>>()), stop);
    }

    /// <summary>What is due, in order, as far as it is known: a shard that is slow to open keeps nobody waiting.</summary>
    /// <param name="seen">Hears of each shard as it opens, and how many reads it needs.</param>
    private async IAsyncEnumerable<DueRead> DueAsync(IReadOnlyList<Task<OpenedShard>> opening, Action<int, ShardPoller, int> seen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var throttled = _services.Upstream.Standing.Throttle is not null;
        // Where not everything may be read, what comes first counts more than when it begins.
        if (throttled)
            await Task.WhenAll(opening).WaitAsync(cancellationToken);

        var closed = opening.Index().ToList();
        var due = new PriorityQueue<DueRead, (int Rank, DateTimeOffset DueAt, int Shard, int Place)>();
        while (true)
        {
            foreach (var (shard, opened) in closed.FindAll(one => one.Item.IsCompleted))
            {
                closed.Remove((shard, opened));
                if ((await opened).Poller is { } poller)
                {
                    var reads = DueReads(shard, poller, throttled).ToList();
                    seen(shard, poller, reads.Count);
                    foreach (var (place, read) in reads.Index())
                        due.Enqueue(read, (read.Rank, read.DueAt, shard, place));
                }
            }

            if (due.TryDequeue(out var next, out _))
                yield return next;
            else if (closed.Count > 0)
                await Task.WhenAny(closed.Select(one => one.Item)).WaitAsync(cancellationToken);
            else
                yield break;
        }
    }

    /// <summary>While upstream throttles, what runs comes first, then what may have begun, then what waits for people.</summary>
    private static IEnumerable<DueRead> DueReads(int shard, ShardPoller poller, bool throttled) => poller.Due
        .Select(workflow => new DueRead(shard, poller, throttled && workflow.State is { } known && known.Phase != WorkflowPhase.Running ? 2 : 0, workflow.NextPollAt, token => poller.ReadAsync(workflow, token)))
        .Concat(poller.Discovery.Due.Select(look => new DueRead(shard, poller, throttled ? 1 : 0, look.DueAt, look.RunAsync)));

    [LoggerMessage(EventId = 1001, EventName = "CycleDone", Message = "Cycle: polled {Polled}, changed {Changed}, unchanged {Unchanged}, failed {Failed}, skipped {Skipped}, finished {Finished}, conflicts {Conflicts}, ambiguous {Ambiguous}, complete {Complete}, {DurationSeconds} s. {Errors}")]
    private static partial void LogCycle(ILogger logger, LogLevel level, int polled, int changed, int unchanged, int failed, int skipped, int finished, int conflicts, int ambiguous, bool complete, double durationSeconds, string errors);

    [LoggerMessage(EventId = 1003, EventName = "ShardNotOpened", Level = LogLevel.Error, Message = "Shard {Shard} could not be read")]
    private static partial void LogShardNotOpened(ILogger logger, Exception exception, string shard);

    [LoggerMessage(EventId = 1002, EventName = "WorkflowsNotRead", Level = LogLevel.Warning, Message = "{Count} workflows could not be read: {Failure} (status {StatusCode}, code {Code}): {Reason} Such as {WorkflowIds}")]
    private static partial void LogNotRead(ILogger logger, int count, UpstreamFailure failure, int? statusCode, string? code, string reason, string workflowIds);
}

/// <summary>One thing to ask upstream in a cycle.</summary>
/// <param name="Shard">Where its shard stands among the cycle's.</param>
/// <param name="Poller">Works the shard off.</param>
/// <param name="Rank">Lower ones come first.</param>
/// <param name="RunAsync">Answers the failure that must stop the whole cycle, or null.</param>
internal sealed record DueRead(int Shard, ShardPoller Poller, int Rank, DateTimeOffset DueAt, Func<CancellationToken, Task<UpstreamException?>> RunAsync);

/// <param name="DueOnly">False polls every active workflow now, due or not.</param>
/// <param name="Budget">Longest duration; null for <c>Polling:CycleBudget</c>.</param>
public sealed record CycleRequest(bool DueOnly, TimeSpan? Budget = null);
