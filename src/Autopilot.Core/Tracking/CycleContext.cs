using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>The instants and limits that all decisions of a cycle, or of a poll of one workflow, share.</summary>
internal sealed record CycleContext(DateTimeOffset StartedAt, TimeSpan Tick, bool DueOnly, Baseline Baseline)
{
    /// <summary>
    /// Ids of the only clusters that it polls; null for all. Such a cycle takes no lease and writes no shard status. As in the poll of one
    /// workflow, each write is conditional on the row that was read.
    /// </summary>
    public IReadOnlySet<string>? Clusters { get; init; }

    /// <summary>Whether it was dispatched, so that it may come twice or out of order.</summary>
    public bool Dispatched { get; init; }

    /// <summary>
    /// Whether a shard status shows this cycle, or a later one, as completed. Both times are the dispatcher's: its clock is compared with
    /// itself. A message lives for a tick: a cycle that seems to be later by more than that was dispatched before the clock was set back.
    /// </summary>
    public bool IsDoneBy(ShardStatus? status) =>
        Dispatched
        && status is { StartedAt: { } started, CompletedAt: { } completed }
        && started >= StartedAt
        && started - StartedAt <= Tick
        && completed >= started;
}
