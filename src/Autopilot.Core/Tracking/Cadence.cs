using Autopilot.Core.Concurrency;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Tracking;

/// <summary>How often a workflow is polled: by its phase, its failures and the schedule's tick.</summary>
public sealed class Cadence(IOptions<PollingOptions> polling, IOptions<ScheduleOptions> schedule, TimeProvider clock)
{
    /// <summary>
    /// The distance between the schedule's next two occurrences; <see cref="PollingOptions.Tick"/> where the process has no schedule.
    /// </summary>
    public TimeSpan Tick => schedule.Value.Poll?.TickAt(clock.GetUtcNow()) ?? polling.Value.Tick;

    /// <summary>The workflow's own poll interval while all goes well; more than three of them without a read make it stale.</summary>
    public TimeSpan IntervalOf(TrackedWorkflow workflow) => IntervalOf(workflow, Tick);

    /// <summary>
    /// When a workflow polled in the cycle that began at <paramref name="cycleStart"/> is due again: half a tick before the intended tick,
    /// so that a cycle that starts slightly early does not skip it. A workflow that is not polled every tick has an offset of its own among
    /// the ticks (<see cref="TickOffset"/>).
    /// </summary>
    internal DateTimeOffset NextPollAt(TrackedWorkflow polled, DateTimeOffset cycleStart, TimeSpan tick)
    {
        var interval =
            BackoffOf(polled, tick)
            ?? TickOffset.Next(cycleStart, tick, IntervalOf(polled, tick), TickOffset.HashOf(polled.Target.WorkflowId));
        return cycleStart + interval - tick / 2;
    }

    /// <summary>Whether a workflow is due in the cycle that began at <paramref name="cycleStart"/>.</summary>
    internal bool IsDue(TrackedWorkflow workflow, DateTimeOffset cycleStart, TimeSpan tick) =>
        Deadline.HasPassed(workflow.NextPollAt, cycleStart, (BackoffOf(workflow, tick) ?? IntervalOf(workflow, tick)) + tick);

    /// <summary>The delay before the next attempt after a failure; null where the ordinary interval applies.</summary>
    private TimeSpan? BackoffOf(TrackedWorkflow workflow, TimeSpan tick) =>
        workflow.GoneSince is null && workflow.Failure is { Kind: not UpstreamFailure.NotFound and not UpstreamFailure.Locked } failure
            ? Backoff(tick, failure.Count)
            : null;

    private TimeSpan IntervalOf(TrackedWorkflow workflow, TimeSpan tick)
    {
        if (workflow.GoneSince is not null)
        {
            return polling.Value.MaxBackoff > tick ? polling.Value.MaxBackoff : tick;
        }

        var waits = workflow.State is { } state && (state.Phase == WorkflowPhase.Init || state.Phase == WorkflowPhase.Pending);
        return tick * (waits ? polling.Value.WaitingEvery : polling.Value.RunningEvery);
    }

    private TimeSpan Backoff(TimeSpan tick, int failures)
    {
        // 2^20 ticks of a second are 12 days: beyond any bound, and far from overflow.
        var backoff = tick * Math.Pow(2, Math.Min(failures, 20));
        var most = polling.Value.MaxBackoff > tick ? polling.Value.MaxBackoff : tick;
        return backoff < most ? backoff : most;
    }
}
