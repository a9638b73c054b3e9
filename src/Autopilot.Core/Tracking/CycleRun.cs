using System.Runtime.CompilerServices;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Tracking;

/// <summary>
/// One run over some shards. It opens them a few at a time, and reads what is due with bounded concurrency, oldest first among the open
/// ones. It writes and releases each shard as soon as its last read is done. So opening, reading and writing overlap, and memory does not
/// grow with the fleet.
/// </summary>
/// <param name="order">The shards in the order of the rotation, and how large they may be.</param>
internal sealed partial class CycleRun(
    ShardOrder order,
    CycleContext cycle,
    CycleBudget reading,
    IShardReader shards,
    PollingServices services,
    FleetDiscovery? fleet,
    ShardLeases leases,
    CancellationToken stopping
)
{
    /// <summary>Shards that are opened at once before it is known how much is in one.</summary>
    private const int MaxUnknown = 3;

    /// <summary>Workflows in open shards, at most, once it is known how much is in one; but for a single shard that holds more.</summary>
    private const int MaxHeld = 2_000;

    /// <summary>Shards that take longer to open keep no other waiting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How long a shard's write waits for the reads of other shards, where it has progress to ask for.</summary>
    private static readonly TimeSpan LongestWaitForReads = TimeSpan.FromSeconds(10);

    private readonly Queue<Shard> _waiting = new(order.Shards);
    private readonly Dictionary<Shard, int> _positions = order.Shards.Index().ToDictionary(one => one.Item, one => one.Index);
    private readonly List<Task<OpenedShard>> _opening = [];
    private readonly HashSet<ShardReads> _reading = [];
    private readonly List<Task> _writing = [];
    private readonly List<ShardResult> _results = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _letGo = NewSignal();

    /// <summary>True once every read is out; false where shards must be written before others open, or reads ended early.</summary>
    private readonly TaskCompletionSource<bool> _readsOut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _held,
        _unread,
        _stuck,
        _largest = order.Largest;
    private UpstreamException? _stop;
    private string? _fault;

    /// <summary>Works all shards off, each to its end, whatever happens to the others.</summary>
    /// <returns>The result of each shard, in their order; what ended the reads: a rejection of upstream, or a bug; null where nothing
    /// did.</returns>
    public async Task<(IReadOnlyList<ShardResult> Shards, UpstreamException? Stop, string? Fault)> RunAsync()
    {
        try
        {
            var options = new ParallelOptions
            {
                MaxDegreeOfParallelism = services.Options.MaxConcurrency,
                CancellationToken = reading.Token,
            };
            await Parallel.ForEachAsync(
                DueAsync(reading.Token),
                options,
                async (item, token) =>
                {
                    if (Volatile.Read(ref _stop) is not null)
                    {
                        return;
                    }

                    if (await item.RunAsync(token) is { } rejection)
                    {
                        Interlocked.CompareExchange(ref _stop, rejection, null);
                        await reading.Source.CancelAsync();
                    }
                    else if (item.Shard.IsLast())
                    {
                        Write(item.Shard, complete: true);
                    }
                }
            );
        }
        catch (OperationCanceledException) when (reading.Token.IsCancellationRequested)
        {
            // Budget, shutdown or rejection: what was observed is still written below.
        }
        catch (Exception exception)
        {
            // A bug. What was observed is written nevertheless.
            LogRunFailed(services.Logger, exception);
            _fault = "The cycle was cut short by something unforeseen; the log says more.";
            await reading.Source.CancelAsync();
        }

        _readsOut.TrySetResult(false);
        // A shard that was not opened yet is opened without reads: its status shows that, and its ended workflows are finished.
        do
        {
            foreach (var opened in await Task.WhenAll(_opening))
            {
                Open(opened);
            }

            _opening.Clear();
            _stuck = 0;
            foreach (var shard in _reading.ToList())
            {
                Write(shard, complete: !shard.Poller.HasReads);
            }

            await Task.WhenAll(_writing);
            OpenMore(all: false);
        } while (_opening.Count > 0);

        return ([.. _results.OrderBy(shardResult => shardResult.Shard.Index)], _stop, _fault);
    }

    /// <summary>The due reads of the open shards, in order; a shard that is slow to open does not delay the others.</summary>
    private async IAsyncEnumerable<DueRead> DueAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Where not everything may be read, what comes first counts more than when it begins, and than what is held.
        var throttled = services.Upstream.Status.Throttle is not null;
        if (throttled)
        {
            OpenMore(all: true);
            await Task.WhenAll(_opening).WaitAsync(cancellationToken);
        }

        var due = new PriorityQueue<DueRead, (int Rank, DateTimeOffset DueAt, int Position, int Place)>();
        while (true)
        {
            var letGo = Volatile.Read(ref _letGo).Task;
            // What opens at once is known before anything is read, so that the oldest of all comes first.
            do
            {
                OpenMore(all: false);
                foreach (var opened in await TakeOpenedAsync())
                {
                    if (Open(opened) is not { } shard)
                    {
                        continue;
                    }

                    if (!shard.Poller.HasReads)
                    {
                        Write(shard, complete: true);
                    }

                    foreach (var (place, read) in DueReads(shard, throttled).Index())
                    {
                        due.Enqueue(read, (read.Rank, read.DueAt, shard.Position, place));
                    }
                }
            } while (_waiting.Count > 0 && HasRoom());

            if (due.TryDequeue(out var next, out _))
            {
                yield return next;
            }
            else if (_opening.Count + _waiting.Count == 0)
            {
                _readsOut.TrySetResult(true);
                yield break;
            }
            else
            {
                if (_opening.Count == _stuck && !HasRoom())
                {
                    _readsOut.TrySetResult(false);
                }

                await HappensAsync(letGo, cancellationToken);
            }
        }
    }

    /// <summary>Of the shards that are being opened, those that are open by now.</summary>
    private async ValueTask<IReadOnlyList<OpenedShard>> TakeOpenedAsync()
    {
        List<OpenedShard>? opened = null;
        for (var i = _opening.Count - 1; i >= 0; i--)
        {
            if (!_opening[i].IsCompleted)
            {
                continue;
            }

            (opened ??= []).Add(await _opening[i]);
            _opening.RemoveAt(i);
        }

        _stuck = Math.Min(_stuck, _opening.Count);
        return opened ?? (IReadOnlyList<OpenedShard>)[];
    }

    /// <summary>Waits for a shard to be open or let go of; what is being opened for too long is not counted on any more.</summary>
    private async Task HappensAsync(Task letGo, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var patience = _opening.Count > _stuck && _waiting.Count > 0 ? Task.Delay(Patience, services.Clock, waiting.Token) : letGo;
        if (await Task.WhenAny([letGo, patience, .. _opening]).WaitAsync(cancellationToken) == patience && patience != letGo)
        {
            _stuck = _opening.Count;
        }

        await waiting.CancelAsync();
    }

    private void OpenMore(bool all)
    {
        while (_waiting.Count > 0 && (all || HasRoom()))
        {
            _opening.Add(OpenAsync(_waiting.Dequeue()));
        }
    }

    /// <summary>
    /// A shard that is being opened is taken for as large as the largest that has been. While that is not known a few are opened, and one
    /// more for each that could not be read. So none waits for another's failure.
    /// </summary>
    private bool HasRoom()
    {
        var (held, opening) = (Volatile.Read(ref _held), _opening.Count - _stuck);
        return _largest == 0 ? opening < MaxUnknown + _unread : held + opening == 0 || held + (opening + 1) * _largest <= MaxHeld;
    }

    private async Task<OpenedShard> OpenAsync(Shard shard)
    {
        try
        {
            var contents = await shards.ReadShardAsync(shard, stopping);
            services.Names.Learn(contents.Clusters);
            if (cycle.Clusters is { } clusters)
            {
                return new OpenedShard(new ShardPoller(shard, contents.Of(clusters), services, fleet, cycle), null);
            }

            if (cycle.IsDoneBy(contents.Status))
            {
                return new OpenedShard(null, new ShardResult(shard) { DoneBefore = true });
            }

            var leased = new ShardResult(shard)
            {
                IsLeased = true,
                Left = contents.Workflows.Count(w => !w.IsFinished),
                Unreadable = contents.Unreadable,
            };
            if (leases.OfAnother(contents.Status) is not null)
            {
                return new OpenedShard(null, leased);
            }

            var poller = new ShardPoller(shard, contents, services, fleet, cycle);
            // Without reads no other poller has to be kept out: one read and one write of the status are all that an idle shard costs.
            if (!leases.AreKept || !poller.HasWork || reading.Token.IsCancellationRequested)
            {
                return new OpenedShard(poller, null);
            }
            // The lease is taken on condition that the status is unchanged since the read, so what was read is as fresh as the lease. A
            // process that stops here continues to the write that ends the lease.
            poller.LeasedStatus = await leases.TakeAsync(shard, contents.Status, reading.Budget, CancellationToken.None);
            return poller.LeasedStatus is null ? new OpenedShard(null, leased) : new OpenedShard(poller, null);
        }
        catch (StorageUnavailableException exception)
        {
            return new OpenedShard(null, new ShardResult(shard) { Error = exception.Message });
        }
        catch (RowUnreadableException exception)
        {
            // A newer version writes the shard status, and polls the shard.
            return new OpenedShard(
                null,
                new ShardResult(shard)
                {
                    Error = exception.Message,
                    IsFromNewerVersion = true,
                    Unreadable = 1,
                }
            );
        }
        catch (OperationCanceledException)
        {
            return new OpenedShard(null, new ShardResult(shard) { Error = "The process is stopping.", IsStopped = true });
        }
        catch (Exception exception)
        {
            // The others are being polled already, and have a right to be written.
            LogShardNotOpened(services.Logger, exception, shard.Key);
            return new OpenedShard(null, new ShardResult(shard) { Error = "The log says more." });
        }
    }

    /// <summary>Adds the shard to the run; null where another process polls it, or it could not be read.</summary>
    private ShardReads? Open(OpenedShard opened)
    {
        lock (_lock)
        {
            if (opened.Poller is not { } poller)
            {
                _results.Add(opened.NotOurs!);
                _unread += opened.NotOurs!.Error is null ? 0 : 1;
                return null;
            }

            var shard = new ShardReads(poller, _positions[poller.Shard]);
            _reading.Add(shard);
            _held += poller.Held;
            _largest = Math.Max(_largest, poller.Held);
            return shard;
        }
    }

    private void Write(ShardReads shard, bool complete)
    {
        lock (_lock)
        {
            _reading.Remove(shard);
        }

        var writing = WriteAsync(shard.Poller, complete);
        lock (_lock)
        {
            _writing.Add(writing);
        }
    }

    private async Task WriteAsync(ShardPoller poller, bool complete)
    {
        var shardResult = await ResultOfAsync(poller, complete);
        lock (_lock)
        {
            _results.Add(shardResult);
            _held -= poller.Held;
        }

        Interlocked.Exchange(ref _letGo, NewSignal()).SetResult();
    }

    private async Task<ShardResult> ResultOfAsync(ShardPoller poller, bool complete)
    {
        try
        {
            if (complete && poller.WantsProgress && await AreReadsOutAsync())
            {
                await poller.ReadProgressAsync(reading.Token);
            }

            var result = await poller.WriteAsync(complete, _stop?.Message ?? _fault, reading.Token);
            return new ShardResult(poller.Shard)
            {
                Result = result,
                WasWhole = complete && result.Throttled + result.ClustersThrottled == 0,
                Workflows = poller.Workflows.Count(),
                Unreadable = poller.Unreadable,
                Failures = poller.Failures,
                Assessments = poller.Assess(),
            };
        }
        catch (Exception exception)
        {
            LogShardNotReported(services.Logger, exception, poller.Shard.Key);
            return new ShardResult(poller.Shard) { Error = "The log says more." };
        }
    }

    /// <summary>Whether no read of a workflow is left that progress could delay; a write waits a short time for it.</summary>
    private async Task<bool> AreReadsOutAsync()
    {
        try
        {
            return await _readsOut.Task.WaitAsync(LongestWaitForReads, services.Clock, reading.Token);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>While upstream throttles, what runs comes first, then what may have begun, then what waits for people.</summary>
    private static IEnumerable<DueRead> DueReads(ShardReads shard, bool throttled) =>
        shard
            .Poller.Due.Select(workflow => new DueRead(
                shard,
                throttled && workflow.State is { } known && known.Phase != WorkflowPhase.Running ? 2 : 0,
                workflow.NextPollAt,
                token => shard.Poller.ReadAsync(workflow, token)
            ))
            .Concat(shard.Poller.Discovery.Due.Select(scan => new DueRead(shard, throttled ? 1 : 0, scan.DueAt, scan.RunAsync)));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A shard that has been read from the store, or why it is not polled.</summary>
    private sealed record OpenedShard(ShardPoller? Poller, ShardResult? NotOurs);

    /// <summary>A shard whose reads are under way.</summary>
    private sealed class ShardReads(ShardPoller poller, int position)
    {
        private int _left = poller.Due.Count + poller.Discovery.Due.Count;

        public ShardPoller Poller => poller;

        /// <summary>Its place in the order of the rotation.</summary>
        public int Position => position;

        /// <summary>One of its reads is done: whether it was the last.</summary>
        public bool IsLast() => Interlocked.Decrement(ref _left) == 0;
    }

    /// <summary>One thing to ask upstream.</summary>
    /// <param name="Rank">Lower ones come first.</param>
    /// <param name="RunAsync">Answers the failure that must stop the whole cycle, or null.</param>
    private sealed record DueRead(
        ShardReads Shard,
        int Rank,
        DateTimeOffset DueAt,
        Func<CancellationToken, Task<UpstreamException?>> RunAsync
    );

    [LoggerMessage(EventId = 1004, EventName = "CycleBroke", Level = LogLevel.Error, Message = "The cycle was cut short")]
    private static partial void LogRunFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 1005,
        EventName = "ShardNotTold",
        Level = LogLevel.Error,
        Message = "Shard {Shard} was polled, but its result cannot be reported"
    )]
    private static partial void LogShardNotReported(ILogger logger, Exception exception, string shard);

    [LoggerMessage(EventId = 1003, EventName = "ShardNotOpened", Level = LogLevel.Error, Message = "Shard {Shard} could not be read")]
    private static partial void LogShardNotOpened(ILogger logger, Exception exception, string shard);
}
