using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;

namespace Autopilot.Testing;

/// <summary>The outbox's port in memory: versions and conditions are kept, nothing else.</summary>
internal sealed class MemoryOutbox : INotificationOutbox
{
    private int _reads;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue> _queues = [];
    private readonly Dictionary<(Shard Shard, string Webhook), DateTimeOffset> _delivered = [];
    private int _version;

    /// <summary>Called before progress is stored: the place for a crash or another process.</summary>
    public Action? BeforeCommit { get; set; }

    public bool Down { get; set; }

    public List<UndeliveredNotification> Undelivered { get; } = [];

    public int Reads => _reads;

    public int Writes { get; private set; }

    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _queues.Values.Sum(queue => queue.Notifications.Count);
            }
        }
    }

    public void Add(params IEnumerable<Notification> notifications)
    {
        lock (_lock)
        {
            foreach (var notification in notifications)
            {
                if (!_queues.TryGetValue(notification.WorkflowId, out var queue))
                {
                    _queues[notification.WorkflowId] = queue = new Queue();
                }

                queue.Notifications.Add(notification);
            }
        }
    }

    public Task<IReadOnlyList<WaitingNotifications>> ReadAsync(Shard shard, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        Reach();
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<WaitingNotifications>>([
                .. _queues
                    .Where(q => q.Value.Notifications.Count > 0 && Shard.Of(q.Key) == shard)
                    .Select(q => new WaitingNotifications(
                        q.Key,
                        [.. q.Value.Notifications],
                        q.Value.Cursors,
                        q.Value.ClaimedUntil,
                        q.Value.Version
                    )),
            ]);
        }
    }

    public async Task<OutboxStatus> ReadStatusAsync(Shard shard, CancellationToken cancellationToken)
    {
        var waiting = await ReadAsync(shard, cancellationToken);
        lock (_lock)
        {
            return new OutboxStatus(
                waiting,
                _delivered.Where(one => one.Key.Shard == shard).ToDictionary(one => one.Key.Webhook, one => one.Value)
            );
        }
    }

    public Task<WaitingNotifications?> ClaimAsync(WaitingNotifications waiting, DateTimeOffset until, CancellationToken cancellationToken)
    {
        Reach();
        lock (_lock)
        {
            Writes++;
            var queue = _queues[waiting.WorkflowId];
            if (queue.Version != waiting.Version)
            {
                return Task.FromResult<WaitingNotifications?>(null);
            }

            (queue.ClaimedUntil, queue.Version) = (until, $"v{++_version}");
            return Task.FromResult<WaitingNotifications?>(waiting with { ClaimedUntil = until, Version = queue.Version });
        }
    }

    public Task<bool> CommitProgressAsync(
        WaitingNotifications claimed,
        int done,
        IReadOnlyDictionary<string, DeliveryCursor> cursors,
        IReadOnlyList<UndeliveredNotification> givenUp,
        CancellationToken cancellationToken
    )
    {
        BeforeCommit?.Invoke();
        Reach();
        lock (_lock)
        {
            Writes++;
            var queue = _queues[claimed.WorkflowId];
            if (queue.Version != claimed.Version)
            {
                return Task.FromResult(false);
            }

            queue.Notifications.RemoveRange(0, done);
            (queue.Cursors, queue.ClaimedUntil, queue.Version) = (
                queue.Notifications.Count == 0 ? new Dictionary<string, DeliveryCursor>() : cursors,
                null,
                $"v{++_version}"
            );
            Undelivered.AddRange(givenUp);
            foreach (var (webhook, cursor) in cursors.Where(one => one.Value.DeliveredAt is not null))
            {
                _delivered[(Shard.Of(claimed.WorkflowId), webhook)] = cursor.DeliveredAt!.Value;
            }

            return Task.FromResult(true);
        }
    }

    public Task ForgetUndeliveredAsync(Shard shard, DateTimeOffset before, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Undelivered.RemoveAll(record => Shard.Of(record.WorkflowId) == shard && record.GivenUpAt < before);
        }

        return Task.CompletedTask;
    }

    /// <summary>Notes that a webhook took a notification of a shard's workflows.</summary>
    public void Note(Shard shard, string webhook, DateTimeOffset at)
    {
        lock (_lock)
        {
            _delivered[(shard, webhook)] = at;
        }
    }

    public Task ForgetDeliveredAsync(Shard shard, IReadOnlyCollection<string> webhooks, CancellationToken cancellationToken)
    {
        Reach();
        lock (_lock)
        {
            foreach (var webhook in webhooks)
            {
                _delivered.Remove((shard, webhook));
            }
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<UndeliveredNotification>> ReadUndeliveredAsync(
        int atMost,
        UnreadableCount unreadable,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<UndeliveredNotification>>(Undelivered);

    private void Reach()
    {
        if (Down)
        {
            throw new StorageUnavailableException("The table service cannot be reached.");
        }
    }

    private sealed class Queue
    {
        public List<Notification> Notifications { get; } = [];

        public IReadOnlyDictionary<string, DeliveryCursor> Cursors { get; set; } = new Dictionary<string, DeliveryCursor>();

        public DateTimeOffset? ClaimedUntil { get; set; }

        public string? Version { get; set; }
    }
}
