using System.Collections.Concurrent;
using Autopilot.Core.Rows;

namespace Autopilot.Core.Notifications;

/// <summary>One run of the delivery: what it has done, and what is under way.</summary>
/// <param name="ending">Begins nothing more.</param>
/// <param name="stopping">Cuts what has begun: the process stops.</param>
internal sealed class DeliveryRun(CancellationToken ending, CancellationToken stopping) : IDisposable
{
    /// <summary>Workflows whose queues are claimed and served at a time, without those that wait for a slow webhook.</summary>
    private const int WorkflowsAtOnce = 16;

    private readonly ConcurrentDictionary<Shard, bool> _unavailable = new();
    private readonly Lock _lock = new();
    private readonly List<Task> _slow = [];
    private int _delivered,
        _failed,
        _givenUp;

    public CancellationToken Ending => ending;

    public CancellationToken Stopping => stopping;

    /// <summary>Bounds what is done at a time.</summary>
    public SemaphoreSlim Workflows { get; } = new(WorkflowsAtOnce);

    public DeliveryResult Result => new(_delivered, _failed, _givenUp);

    /// <summary>Queue runs that wait for a slow webhook; nothing else waits for them.</summary>
    public IReadOnlyList<Task> Slow
    {
        get
        {
            lock (_lock)
            {
                _slow.RemoveAll(run => run.IsCompleted);
                return [.. _slow];
            }
        }
    }

    public void AddSlow(Task run)
    {
        lock (_lock)
        {
            _slow.Add(run);
        }
    }

    /// <summary>Whether this is the shard's first failure of the store in this run, which is worth a log entry.</summary>
    public bool IsFirstFailure(Shard shard) => _unavailable.TryAdd(shard, true);

    public void Delivered() => Interlocked.Increment(ref _delivered);

    public void Failed() => Interlocked.Increment(ref _failed);

    public void GivenUp() => Interlocked.Increment(ref _givenUp);

    /// <inheritdoc/>
    public void Dispose() => Workflows.Dispose();
}
