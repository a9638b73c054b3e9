using Autopilot.Core.Rows;

namespace Autopilot.Core.Notifications;

/// <summary>
/// One webhook's lane: a few requests at a time. A lane whose requests take long becomes congested. Then nothing waits for it, and each
/// workflow that has something for it begins when a request has ended. So a slow webhook delays no other.
/// </summary>
internal sealed class WebhookLane(Func<double> random) : IDisposable
{
    /// <summary>Requests at a time.</summary>
    public const int Width = 2;

    /// <summary>
    /// How long a workflow waits for its request to begin or to end, in the wire's time, before the webhook counts as slow.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>A request that took no longer ends the congestion.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(0.5);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _slots = new(Width);
    private readonly Queue<Shard> _waiting = new();
    private bool _isCongested;

    /// <summary>Whether the webhook rests after failures.</summary>
    public WebhookCircuit Circuit { get; } = new(random);

    /// <summary>Whether nothing can be sent now and nothing is to wait for it.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
            {
                return _isCongested && _slots.CurrentCount == 0;
            }
        }
    }

    /// <summary>Takes a slot if one is free.</summary>
    public bool TryEnter() => _slots.Wait(0, CancellationToken.None);

    /// <summary>Takes a slot; false where the lane is congested. Waits for at most <see cref="Patience"/>.</summary>
    public async Task<bool> EnterAsync(CancellationToken cancellationToken)
    {
        if (TryEnter())
        {
            return true;
        }

        lock (_lock)
        {
            if (_isCongested)
            {
                return false;
            }
        }

        if (await _slots.WaitAsync(Patience, cancellationToken))
        {
            return true;
        }

        lock (_lock)
        {
            _isCongested = true;
        }

        return false;
    }

    /// <summary>Sends within a slot that was taken; null when the webhook rests by now.</summary>
    public async Task<(SendResult Result, WebhookChange? Change)?> SendAsync(Func<Task<SendResult>> send, TimeProvider clock)
    {
        if (Circuit.OpenUntil(clock.GetUtcNow()) is not null)
        {
            return null;
        }

        var began = TimeProvider.System.GetTimestamp();
        try
        {
            var result = await send();
            return (result, Circuit.Record(result, clock.GetUtcNow()));
        }
        finally
        {
            var took = TimeProvider.System.GetElapsedTime(began);
            lock (_lock)
            {
                _isCongested = took >= Patience || (_isCongested && took > Quick);
            }
        }
    }

    /// <summary>Gives a slot back.</summary>
    /// <returns>The shard that has waited longest for it; null where none has.</returns>
    public Shard? Exit()
    {
        _slots.Release();
        lock (_lock)
        {
            return _waiting.TryDequeue(out var shard) ? shard : null;
        }
    }

    /// <summary>A workflow of the shard has something to send, and begins once a slot is free.</summary>
    public void Await(Shard shard)
    {
        lock (_lock)
        {
            if (!_waiting.Contains(shard))
            {
                _waiting.Enqueue(shard);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();
}
