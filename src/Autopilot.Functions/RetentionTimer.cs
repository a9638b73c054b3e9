using Autopilot.Core.Retention;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;

namespace Autopilot.Functions;

/// <summary>
/// Deletes what is past its retention. A run that is late or overlaps another does no harm; the next run continues one that was cut short.
/// </summary>
internal sealed class RetentionTimer(RetentionRun run, IHostApplicationLifetime lifetime)
{
    /// <summary>The run's result has what the store refuses, and the run logs it.</summary>
    [Function(nameof(RetentionTimer))]
    public async Task RunAsync([TimerTrigger("%RetentionSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        await run.RunAsync(ending.Token);
    }
}
