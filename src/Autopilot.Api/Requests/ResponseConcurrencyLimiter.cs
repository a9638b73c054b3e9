using System.Threading.RateLimiting;
using Autopilot.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Requests;

/// <summary>
/// Limits how many expensive responses a process makes at a time, so that their memory is bounded and cheap responses stay fast. A few more
/// wait briefly; the rest get 503 <c>ServiceUnavailable</c> with <c>Retry-After</c>.
/// </summary>
internal sealed class ResponseConcurrencyLimiter(TimeProvider clock) : IDisposable
{
    /// <summary>Answers of a lane that are made at a time, and that wait.</summary>
    public static readonly IReadOnlyDictionary<ConcurrencyGroup, (int AtOnce, int Waiting)> Limits = new Dictionary<
        ConcurrencyGroup,
        (int AtOnce, int Waiting)
    >
    {
        [ConcurrencyGroup.Lists] = (16, 64),
        [ConcurrencyGroup.Reports] = (8, 32),
        // Waiting for another reader's end is no use.
        [ConcurrencyGroup.Streams] = (4, 0),
        // A caller that waits for a place waits anyway, and does so better at its own end.
        [ConcurrencyGroup.Waits] = (100, 0),
    };

    /// <summary>Longest wait for a place: well within <see cref="ResponseDeadline.Default"/>, whose rest is left to the answer.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private readonly Lazy<Dictionary<ConcurrencyGroup, ConcurrencyLimiter>> _limiters = new(() =>
        Limits.ToDictionary(
            limit => limit.Key,
            limit => new ConcurrencyLimiter(
                new ConcurrencyLimiterOptions
                {
                    PermitLimit = limit.Value.AtOnce,
                    QueueLimit = limit.Value.Waiting,
                    QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
                }
            )
        )
    );

    /// <summary>Takes a place in a lane until the request has ended.</summary>
    /// <returns>Null, or why there is none.</returns>
    public async ValueTask<Problem?> EnterAsync(ConcurrencyGroup lane, HttpContext context)
    {
        var limiter = _limiters.Value[lane];
        var lease = limiter.AttemptAcquire();
        if (!lease.IsAcquired)
        {
            lease.Dispose();
            lease = await WaitAsync(limiter, context.RequestAborted);
        }

        if (lease is not { IsAcquired: true })
        {
            lease?.Dispose();
            return ProblemFactory.Busy(lane);
        }

        context.Response.RegisterForDispose(lease);
        return null;
    }

    public void Dispose()
    {
        if (_limiters.IsValueCreated)
        {
            foreach (var limiter in _limiters.Value.Values)
            {
                limiter.Dispose();
            }
        }
    }

    private async ValueTask<RateLimitLease?> WaitAsync(ConcurrencyLimiter limiter, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(LongestWait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await limiter.AcquireAsync(1, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
