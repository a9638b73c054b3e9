namespace Autopilot.Core.Notifications;

/// <summary>
/// A workflow's queue that this process has claimed. Each webhook is served on its own: while one is still being served, the others
/// continue with new notifications. Progress is stored, and the claim released, when none is being served any more. Thread-safe.
/// </summary>
/// <param name="claimed">As it was claimed.</param>
/// <param name="cursors">How far each webhook is.</param>
/// <param name="read">The last read of the workflow when it was claimed.</param>
/// <param name="since">Timestamp of the claim.</param>
internal sealed class HeldQueue(
    WaitingNotifications claimed,
    IEnumerable<KeyValuePair<string, DeliveryCursor>> cursors,
    LastObservation read,
    long since
)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DeliveryCursor> _cursors = new(cursors);
    private readonly HashSet<string> _serving = [];
    private readonly List<UndeliveredNotification> _givenUp = [];
    private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WaitingNotifications _queue = claimed;
    private LastObservation _read = read;
    private bool _moreCame;
    private Exception? _failure;

    /// <summary>Timestamp of the claim.</summary>
    public long Since => since;

    /// <summary>Ends when no webhook is served any more; none begins after that.</summary>
    public Task Served => _served.Task;

    /// <summary>The last read of the workflow that is known.</summary>
    public LastObservation Read
    {
        get
        {
            lock (_lock)
            {
                return _read;
            }
        }
        set
        {
            lock (_lock)
            {
                _read = value;
            }
        }
    }

    /// <summary>The queue with what has come since.</summary>
    public WaitingNotifications Queue
    {
        get
        {
            lock (_lock)
            {
                return _queue;
            }
        }
    }

    /// <summary>What was given up.</summary>
    public IReadOnlyList<UndeliveredNotification> GivenUp
    {
        get
        {
            lock (_lock)
            {
                return [.. _givenUp];
            }
        }
    }

    /// <summary>Whether something came that was not taken in: the queue is to be read again at once.</summary>
    public bool MoreCame
    {
        get
        {
            lock (_lock)
            {
                return _moreCame;
            }
        }
    }

    /// <summary>The first defect that serving a webhook has met.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_lock)
            {
                return _failure;
            }
        }
    }

    /// <summary>A webhook's progress.</summary>
    public DeliveryCursor CursorOf(string webhook)
    {
        lock (_lock)
        {
            return _cursors[webhook];
        }
    }

    /// <summary>Whether a webhook is being served.</summary>
    public bool IsServing(string webhook)
    {
        lock (_lock)
        {
            return _serving.Contains(webhook);
        }
    }

    /// <summary>Takes in what was read later; false when it is too late for that, and then <see cref="MoreCame"/>.</summary>
    public bool TryExtend(WaitingNotifications later)
    {
        lock (_lock)
        {
            if (_served.Task.IsCompleted || later.Version != _queue.Version)
            {
                _moreCame = true;
                return false;
            }

            var last = _queue.Notifications[^1].Sequence;
            _queue = _queue with { Notifications = [.. _queue.Notifications, .. later.Notifications.Where(one => one.Sequence > last)] };
            return true;
        }
    }

    /// <summary>Begins to serve a webhook; false when it is too late for that, and then <see cref="MoreCame"/>.</summary>
    public bool TryBegin(string webhook)
    {
        lock (_lock)
        {
            if (_served.Task.IsCompleted)
            {
                _moreCame = true;
                return false;
            }

            return _serving.Add(webhook);
        }
    }

    /// <summary>Stores a webhook's progress while it is served.</summary>
    public void Advance(string webhook, DeliveryCursor cursor, UndeliveredNotification? givenUp = null)
    {
        lock (_lock)
        {
            _cursors[webhook] = cursor;
            if (givenUp is not null)
            {
                _givenUp.Add(givenUp);
            }
        }
    }

    /// <summary>Serving a webhook has failed by a defect; the others go on.</summary>
    public void Fail(Exception exception)
    {
        lock (_lock)
        {
            _failure ??= exception;
        }
    }

    /// <summary>A webhook is served, for now.</summary>
    public void End(string webhook)
    {
        lock (_lock)
        {
            _serving.Remove(webhook);
            if (_serving.Count == 0)
            {
                _served.TrySetResult();
            }
        }
    }
}
