namespace Autopilot.Core.Tracking.FanOut;

/// <summary>
/// The work of one occurrence of <c>PollSchedule</c>: polls what is due, or with <c>Polling:FanOut=Queue</c> dispatches it to the queue.
/// The timers of both hosts call this. Failures of a workflow, a shard, the store or upstream are logged.
/// </summary>
/// <exception cref="OperationCanceledException">The process stopped while the tick was being dispatched.</exception>
public delegate Task PollTick(CancellationToken stopping);
