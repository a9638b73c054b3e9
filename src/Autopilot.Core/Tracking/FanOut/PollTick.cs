using Microsoft.Extensions.Options;

namespace Autopilot.Core.Tracking;

/// <summary>What an occurrence of <c>PollSchedule</c> does: works off what is due, or puts it on the queue for whoever does. Both heads' timers call this.</summary>
public sealed class PollTick(PollCycle cycle, ShardDispatch dispatch, IOptions<PollingOptions> options)
{
    /// <summary>Runs one tick. What goes wrong with a workflow, a shard, the store or upstream is logged.</summary>
    /// <exception cref="OperationCanceledException">The process stopped while the tick was being dispatched.</exception>
    public Task RunAsync(CancellationToken cancellationToken) =>
        options.Value.FanOut is FanOut.Queue ? dispatch.RunAsync(cancellationToken) : cycle.RunAsync(new CycleRequest(DueOnly: true), cancellationToken);
}
