using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>
/// Stores what polls observe. A history holds each observed change once, in the order of observation. Every method throws
/// <see cref="StorageUnavailableException"/> when the store cannot be reached, and nothing else of the store's own.
/// </summary>
public interface IObservationStore
{
    /// <summary>
    /// Writes what polls of a shard observed, in as few transactions as possible, conditional on each row's version. It reconciles
    /// conflicts and unknown outcomes as far as a read shows them. Returns one outcome per write, in their order. The shard status, when
    /// given, goes with the last transaction.
    /// </summary>
    Task<WriteReport> WriteAsync(
        Shard shard,
        IReadOnlyList<WorkflowWrite> writes,
        ShardStatus? status,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Steps 2 and 3 of finishing: insert the run (once), move the row. Safe to repeat; a row that moved meanwhile is fine.
    /// </summary>
    Task FinishAsync(TrackedWorkflow finished, FinishedUpgrade run, CancellationToken cancellationToken);
}
