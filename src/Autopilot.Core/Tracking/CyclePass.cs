using System.Runtime.CompilerServices;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Tracking;

/// <summary>
/// One pass over some shards: opens them a few at a time, reads what is due with bounded concurrency, oldest first among those that are open, writes each shard as soon as its last
/// read is done, and lets go of it. So opening, reading and writing overlap, and what a pass holds does not grow with the fleet.
/// </summary>
/// <param name="shards">In the order in which they get their turn.</param>
internal sealed partial class CyclePass(IReadOnlyList<Shard> shards, CycleMoment cycle, CycleBudget reading, PollingServices services, ShardLeases leases, CancellationToken stopping)
{
    /// <summary>Shards that are opened at once before it is known how much is in one.</summary>
    private const int MaxUnknown = 3;

    /// <summary>Workflows in open shards, at most, but for a single shard that holds more.</summary>
    private const int MaxHeld = 2_000;

    private readonly Queue<Shard> _waiting = new(shards);
    private readonly List<Task<OpenedShard>> _opening = [];
    private readonly HashSet<ShardReads> _reading = [];
    private readonly List<Task> _writing = [];
    private readonly List<WorkedShard> _worked = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _letGo = NewSignal();
    private int _held, _largest;
    private bool _outage;
    private UpstreamException? _stop;

    /// <summary>Works all shards off, each to its end, whatever happens to the others.</summary>
    /// <returns>What became of each, in their order, and the refusal of upstream that has ended the reading, or null.</returns>
    public async Task<(IReadOnlyList<WorkedShard> Shards, UpstreamException? Stop)> RunAsync()
    {
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = services.Options.MaxConcurrency, CancellationToken = reading.Token };
            await Parallel.ForEachAsync(DueAsync(reading.Token), options, async (item, token) =>
            {
                if (Volatile.Read(ref _stop) is not null)
                    return;
                if (await item.RunAsync(token) is { } refusal)
                {
                    Interlocked.CompareExchange(ref _stop, refusal, null);
                    await reading.Source.CancelAsync();
                }
                else if (item.Shard.IsLast())
                {
                    Write(item.Shard, complete: true);
                }
            });
        }
        catch (OperationCanceledException) when (reading.Token.IsCancellationRequested)
        {
            // Budget, shutdown or refusal: what was observed is still written below.
        }

        foreach (var opened in await Task.WhenAll(_opening))
            Open(opened);
        foreach (var shard in _reading.ToList())
            Write(shard, complete: !shard.Poller.HasReads);
        await Task.WhenAll(_writing);
        // Of a shard that had no turn nothing is asked: its board tells so, and what had ended in it is finished.
        foreach (var some in _waiting.Chunk(MaxUnknown))
        {
            foreach (var opened in await Task.WhenAll(some.Select(OpenAsync)))
            {
                if (Open(opened) is { } shard)
                    Write(shard, complete: !shard.Poller.HasReads);
            }

            await Task.WhenAll(_writing);
        }

        return ([.. _worked.OrderBy(worked => worked.Shard.Index)], _stop);
    }

    /// <summary>What is due, in order, as far as it is known: a shard that is slow to open keeps nobody waiting.</summary>
    private async IAsyncEnumerable<DueRead> DueAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Where not everything may be read, what comes first counts more than when it begins, and than what is held.
        var throttled = services.Upstream.Standing.Throttle is not null;
        if (throttled)
        {
            OpenMore(all: true);
            await Task.WhenAll(_opening).WaitAsync(cancellationToken);
        }

        var due = new PriorityQueue<DueRead, (int Rank, DateTimeOffset DueAt, int Shard, int Place)>();
        while (true)
        {
            var letGo = Volatile.Read(ref _letGo).Task;
            OpenMore(all: false);
            for (var i = _opening.Count - 1; i >= 0; i--)
            {
                if (!_opening[i].IsCompleted)
                    continue;
                var opened = await _opening[i];
                _opening.RemoveAt(i);
                if (Open(opened) is not { } shard)
                    continue;
                if (!shard.Poller.HasReads)
                    Write(shard, complete: true);
                foreach (var (place, read) in DueReads(shard, throttled).Index())
                    due.Enqueue(read, (read.Rank, read.DueAt, shard.Poller.Shard.Index, place));
            }

            if (due.TryDequeue(out var next, out _))
                yield return next;
            else if (_waiting.Count > 0 && HasRoom())
                continue;
            else if (_opening.Count + _waiting.Count > 0)
                await Task.WhenAny([letGo, .. _opening]).WaitAsync(cancellationToken);
            else
                yield break;
        }
    }

    private void OpenMore(bool all)
    {
        while (_waiting.Count > 0 && (all || HasRoom()))
            _opening.Add(OpenAsync(_waiting.Dequeue()));
    }

    /// <summary>
    /// A shard that is being opened is taken for as large as the largest that has been. While that is not known a few are opened, unless one could not be read: then the others are
    /// not made to wait for each other's failures.
    /// </summary>
    private bool HasRoom()
    {
        var held = Volatile.Read(ref _held);
        return _largest == 0 ? _outage || _opening.Count < MaxUnknown : held + _opening.Count == 0 || held + (_opening.Count + 1) * _largest <= MaxHeld;
    }

    private async Task<OpenedShard> OpenAsync(Shard shard)
    {
        try
        {
            var contents = await services.Store.ReadShardAsync(shard, stopping);
            if (cycle.IsDoneBy(contents.Board))
                return new OpenedShard(null, new WorkedShard(shard) { DoneBefore = true });
            var leased = new WorkedShard(shard) { IsLeased = true, Left = contents.Workflows.Count(w => !w.IsFinished) };
            if (leases.OfAnother(contents.Board) is not null)
                return new OpenedShard(null, leased);

            var poller = new ShardPoller(shard, contents, services, cycle);
            // With nothing to do there is nobody to keep out: the read and the board's write are all that an idle shard costs.
            if (!leases.AreKept || !poller.HasWork)
                return new OpenedShard(poller, null);
            // Between the read and the lease nobody has written the board, or the lease were not ours: what was read is as fresh as the lease.
            // A process that stops in this moment goes on to the write that ends the lease.
            poller.Held = await leases.TakeAsync(shard, contents.Board, reading.Budget, CancellationToken.None);
            return poller.Held is null ? new OpenedShard(null, leased) : new OpenedShard(poller, null);
        }
        catch (StorageUnavailableException exception)
        {
            return new OpenedShard(null, new WorkedShard(shard) { Error = exception.Message });
        }
        catch (OperationCanceledException)
        {
            return new OpenedShard(null, new WorkedShard(shard) { Error = "The process is stopping.", IsStopped = true });
        }
        catch (Exception exception)
        {
            // The others are being polled already, and have a right to be written.
            LogShardNotOpened(services.Logger, exception, shard.Key);
            return new OpenedShard(null, new WorkedShard(shard) { Error = "The log says more." });
        }
    }

    /// <summary>Takes the shard in; null where it is not ours to work off.</summary>
    private ShardReads? Open(OpenedShard opened)
    {
        lock (_lock)
        {
            if (opened.Poller is not { } poller)
            {
                _worked.Add(opened.NotOurs!);
                _outage |= opened.NotOurs!.Error is not null;
                return null;
            }

            var shard = new ShardReads(poller);
            _reading.Add(shard);
            _held += poller.Workflows.Count;
            _largest = Math.Max(_largest, poller.Workflows.Count);
            return shard;
        }
    }

    private void Write(ShardReads shard, bool complete)
    {
        lock (_lock)
        {
            _reading.Remove(shard);
            _writing.Add(WriteAsync(shard.Poller, complete));
        }
    }

    private async Task WriteAsync(ShardPoller poller, bool complete)
    {
        await Task.Yield();
        var held = poller.Workflows.Count;
        var result = await poller.WriteAsync(complete, _stop?.Message, reading.Token);
        var worked = new WorkedShard(poller.Shard) { Result = result, ReadWhole = complete, Failures = poller.Failures, Assessments = poller.Assess() };
        lock (_lock)
        {
            _worked.Add(worked);
            _held -= held;
        }

        Interlocked.Exchange(ref _letGo, NewSignal()).SetResult();
    }

    /// <summary>While upstream throttles, what runs comes first, then what may have begun, then what waits for people.</summary>
    private static IEnumerable<DueRead> DueReads(ShardReads shard, bool throttled) => shard.Poller.Due
        .Select(workflow => new DueRead(shard, throttled && workflow.State is { } known && known.Phase != WorkflowPhase.Running ? 2 : 0, workflow.NextPollAt, token => shard.Poller.ReadAsync(workflow, token)))
        .Concat(shard.Poller.Discovery.Due.Select(look => new DueRead(shard, throttled ? 1 : 0, look.DueAt, look.RunAsync)));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A shard that has been read from the store, or why it is not worked off.</summary>
    private sealed record OpenedShard(ShardPoller? Poller, WorkedShard? NotOurs);

    /// <summary>A shard whose reads are under way.</summary>
    private sealed class ShardReads(ShardPoller poller)
    {
        private int _left = poller.Due.Count + poller.Discovery.Due.Count;

        public ShardPoller Poller => poller;

        /// <summary>One of its reads is done: whether it was the last.</summary>
        public bool IsLast() => Interlocked.Decrement(ref _left) == 0;
    }

    /// <summary>One thing to ask upstream.</summary>
    /// <param name="Rank">Lower ones come first.</param>
    /// <param name="RunAsync">Answers the failure that must stop the whole cycle, or null.</param>
    private sealed record DueRead(ShardReads Shard, int Rank, DateTimeOffset DueAt, Func<CancellationToken, Task<UpstreamException?>> RunAsync);

    [LoggerMessage(EventId = 1003, EventName = "ShardNotOpened", Level = LogLevel.Error, Message = "Shard {Shard} could not be read")]
    private static partial void LogShardNotOpened(ILogger logger, Exception exception, string shard);
}

/// <summary>What became of one shard in a pass.</summary>
internal sealed record WorkedShard(Shard Shard)
{
    /// <summary>Null where it was not worked off.</summary>
    public CycleResult? Result { get; init; }

    /// <summary>Whether all that was due in it has been asked for.</summary>
    public bool ReadWhole { get; init; }

    /// <summary>Reads that failed; told together by whoever drives the pass, since an outage fails them all alike.</summary>
    public IReadOnlyList<ReadFailure> Failures { get; init; } = [];

    /// <summary>Its active workflows, as they stand after the pass.</summary>
    public IReadOnlyDictionary<Assessment, int> Assessments { get; init; } = new Dictionary<Assessment, int>();

    /// <summary>Why it could not be read.</summary>
    public string? Error { get; init; }

    /// <summary>It could not be read since the process stops.</summary>
    public bool IsStopped { get; init; }

    /// <summary>Another poller holds it.</summary>
    public bool IsLeased { get; init; }

    /// <summary>The cycle has been done already.</summary>
    public bool DoneBefore { get; init; }

    /// <summary>Active workflows that are left to another poller.</summary>
    public int Left { get; init; }
}
