namespace Autopilot.Core.Tracking.FanOut;

/// <summary>
/// What an occurrence of <c>PollSchedule</c> does: polls what is due, or with <c>Polling:FanOut=Queue</c> dispatches it to the queue. The
/// timers of both heads call this. What goes wrong with a workflow, a shard, the store or upstream is logged.
/// </summary>
/// <exception cref="OperationCanceledException">The process stopped while the tick was being dispatched.</exception>
public delegate Task PollTick(CancellationToken stopping);
