using Autopilot.Core.Retention;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;

namespace Autopilot.Functions;

/// <summary>
/// Deletes what is past its retention. A run that is late or overlaps another does no harm; one that is cut short is gone on with by the
/// next.
/// </summary>
internal sealed class RetentionTimer(RetentionRun pass, IHostApplicationLifetime lifetime)
{
    /// <summary>What the store refuses is in the pass's result, which the pass logs.</summary>
    [Function(nameof(RetentionTimer))]
    public async Task RunAsync([TimerTrigger("%RetentionSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        await pass.RunAsync(ending.Token);
    }
}
