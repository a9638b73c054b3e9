using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Autopilot.Server.Access;

/// <summary>How often each key may ask: <c>Server:RequestsPerMinute</c>, spread over the minute, so that one caller's mistake leaves the others their answers.</summary>
internal sealed class KeyPace : IDisposable
{
    private readonly PartitionedRateLimiter<int> _limiter;

    public KeyPace(IOptions<ServerOptions> options)
    {
        PerMinute = options.Value.RequestsPerMinute;
        _limiter = PartitionedRateLimiter.Create<int, int>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = PerMinute,
            TokensPerPeriod = Math.Max(1, PerMinute / 60),
            ReplenishmentPeriod = PerMinute < 60 ? TimeSpan.FromMinutes(1.0 / PerMinute) : TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));
    }

    /// <summary>Requests that a key may make in a minute, and at once after a quiet one.</summary>
    public int PerMinute { get; }

    /// <summary>Counts a request of a key.</summary>
    /// <returns>Null where it may pass; else when to try again.</returns>
    public TimeSpan? Take(int key)
    {
        using var lease = _limiter.AttemptAcquire(key);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);
    }

    public void Dispose() => _limiter.Dispose();
}
