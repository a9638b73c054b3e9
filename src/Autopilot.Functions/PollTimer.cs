using Autopilot.Core.Tracking;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Autopilot.Functions;

/// <summary>
/// Works off what is due. The platform holds a lease while it runs, but can lose it: two runs may overlap, and the store settles that.
/// </summary>
internal sealed partial class PollTimer(PollCycle cycle, ILogger<PollTimer> logger)
{
    /// <summary>
    /// What goes wrong with a workflow, a shard or upstream is in the cycle's result. What is thrown all the same is left to the platform, so
    /// that it records a failed execution. A host that stops cancels the cycle, which first writes what it has observed.
    /// </summary>
    [Function(nameof(PollTimer))]
    public async Task RunAsync([TimerTrigger("%PollSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        // One late run stands for all ticks that were missed.
        if (timer.IsPastDue)
            LogLate(timer.ScheduleStatus?.Last);

        var result = await cycle.RunAsync(new CycleRequest(DueOnly: true), cancellationToken);

        if (result.Complete)
            LogComplete(result.Polled, result.Changed, result.Unchanged, result.Failed, result.Skipped, result.DurationSeconds);
        else
            LogIncomplete(result.Polled, result.Changed, result.Unchanged, result.Failed, result.Skipped, result.DurationSeconds, string.Join(" ", result.Errors));
    }

    [LoggerMessage(1, LogLevel.Warning, "The poll timer is late: ticks were missed. The last one that the platform recorded was at {LastTick:O}.", EventName = "PollTimerLate")]
    private partial void LogLate(DateTime? lastTick);

    [LoggerMessage(2, LogLevel.Information, "Poll cycle done: {Polled} polled, {Changed} changed, {Unchanged} unchanged, {Failed} failed, {Skipped} skipped, in {DurationSeconds} s.", EventName = "PollTimerCycleDone")]
    private partial void LogComplete(int polled, int changed, int unchanged, int failed, int skipped, double durationSeconds);

    [LoggerMessage(3, LogLevel.Warning, "Poll cycle not complete: {Polled} polled, {Changed} changed, {Unchanged} unchanged, {Failed} failed, {Skipped} skipped, in {DurationSeconds} s. {Reasons}", EventName = "PollTimerCycleIncomplete")]
    private partial void LogIncomplete(int polled, int changed, int unchanged, int failed, int skipped, double durationSeconds, string reasons);
}
