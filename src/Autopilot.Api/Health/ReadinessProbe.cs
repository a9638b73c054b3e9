using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;

namespace Autopilot.Api.Health;

/// <summary>
/// Reads the shard statuses at most once in ten seconds and once at a time, however many requests come. So health checks cost no storage.
/// </summary>
internal sealed class ReadinessProbe(
    IShardStatusStore statuses,
    IUpgradeWorkflowSource source,
    WebhookBacklog webhooks,
    Cadence cadence,
    TimeProvider clock
)
{
    /// <summary>How long an answer is good.</summary>
    public static readonly TimeSpan CacheFor = TimeSpan.FromSeconds(10);

    /// <summary>A storage that takes longer counts as unavailable: a health check does not wait longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();
    private readonly Lock _lock = new();
    private Task<Readiness>? _probe;
    private long _probedAt;

    public Task<Readiness> ProbeAsync(CancellationToken cancellationToken)
    {
        Task<Readiness> running;
        lock (_lock)
        {
            if (_probe is null || (_probe.IsCompleted && clock.GetElapsedTime(_probedAt) >= CacheFor))
            {
                // Not the caller's token: others wait for the same probe.
                _probe = Task.Run(ProbeNowAsync, CancellationToken.None);
                _probedAt = clock.GetTimestamp();
            }

            running = _probe;
        }

        return running.WaitAsync(cancellationToken);
    }

    private async Task<Readiness> ProbeNowAsync()
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            var read = await statuses.ReadAllAsync(patience.Token);
            var readiness = Readiness.Of(read, source.Status, cadence.Tick, _startedAt, clock.GetUtcNow());
            return readiness with { Warnings = [.. readiness.Warnings, .. Readiness.Failing(webhooks.Failing())] };
        }
        catch (Exception exception) when (exception is StorageUnavailableException or OperationCanceledException)
        {
            return Readiness.StorageUnavailable;
        }
    }
}
