namespace Autopilot.Core.Tracking;

/// <summary>What an occurrence of <c>PollSchedule</c> does: works off what is due, or puts it on the queue for whoever does. Both heads' timers call this.</summary>
public sealed class PollTick
{
    private readonly PollCycle _cycle;
    private readonly Func<ShardDispatch> _dispatch;
    private readonly PollingOptions _options;

    internal PollTick(PollCycle cycle, Func<ShardDispatch> dispatch, PollingOptions options)
    {
        _cycle = cycle;
        _dispatch = dispatch;
        _options = options;
    }

    /// <summary>Runs one tick. What goes wrong with a workflow, a shard, the store or upstream is logged.</summary>
    /// <exception cref="OperationCanceledException">The process stopped while the tick was being dispatched.</exception>
    public Task RunAsync(CancellationToken cancellationToken) =>
        _options.FanOut is FanOut.Queue ? _dispatch().RunAsync(cancellationToken) : _cycle.RunAsync(new CycleRequest(DueOnly: true), cancellationToken);
}
