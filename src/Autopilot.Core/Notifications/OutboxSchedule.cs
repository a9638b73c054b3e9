using Autopilot.Core.Concurrency;
using Autopilot.Core.Rows;

namespace Autopilot.Core.Notifications;

/// <summary>
/// Knows which shards may have notifications waiting, so that an empty outbox is not read every minute. A shard is read when this process
/// has written one there, when something there falls due, and every <see cref="ScanEvery"/> for what another process has left.
/// </summary>
public sealed class OutboxSchedule
{
    /// <summary>Between two reads without a reason: 16 range reads in this time.</summary>
    public static readonly TimeSpan ScanEvery = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly DateTimeOffset[] _due = new DateTimeOffset[Shard.Count];
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>This process has written a notification, or has tried to.</summary>
    public void MarkWritten(Shard shard)
    {
        lock (_lock)
        {
            _due[shard.Index] = default;
            _written.TrySetResult();
        }
    }

    /// <summary>When the next shard is to be read, and a task that ends when it is to be read sooner.</summary>
    internal (DateTimeOffset Due, Task Written) Next()
    {
        lock (_lock)
        {
            if (_written.Task.IsCompleted && _due.Min() > default(DateTimeOffset))
            {
                _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return (_due.Min(), _written.Task);
        }
    }

    internal bool IsDue(Shard shard, DateTimeOffset now)
    {
        lock (_lock)
        {
            return Deadline.HasPassed(_due[shard.Index], now, ScanEvery);
        }
    }

    /// <summary>A read begins: what is written from now on marks the shard again.</summary>
    internal void BeginRead(Shard shard, DateTimeOffset now)
    {
        lock (_lock)
        {
            _due[shard.Index] = now + ScanEvery;
        }
    }

    /// <summary>Something there falls due then, if not sooner.</summary>
    internal void ScheduleAt(Shard shard, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (at < _due[shard.Index])
            {
                _due[shard.Index] = at;
                _written.TrySetResult();
            }
        }
    }
}
