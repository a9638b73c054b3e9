using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Listing;

/// <summary>
/// Reads what lists of workflows are made of. Every method throws <see cref="StorageUnavailableException"/> when the store cannot be
/// reached, and nothing else of the store's own. A workflow that is being purged is in no answer but <see cref="ReadFinishedIdsAsync"/>.
/// </summary>
public interface IWorkflowListStore
{
    /// <summary>
    /// Reads the rows of the active workflows and of the untracked ones that match, all shards at once, in no order.
    /// <see cref="WorkflowQuery.Active"/> chooses only those or these. What finished while it was active may be among them.
    /// </summary>
    /// <param name="query">Its assessment is left to the caller.</param>
    /// <param name="take">Called for every page that was read, by several threads at once, with the number of rows on it that cannot be
    /// read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task ReadAsync(WorkflowQuery query, Action<IReadOnlyList<TrackedWorkflow>, int> take, CancellationToken cancellationToken);

    /// <summary>The finished workflows by their runs, the newest end first, then by id; also those whose row was purged.</summary>
    /// <param name="query">Phase and assessment are applied as far as a run's columns allow.</param>
    /// <param name="after">Begins behind this one; null begins with the newest.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<FinishedEntry> ReadFinishedAsync(WorkflowQuery query, FinishedEntry? after, CancellationToken cancellationToken);

    /// <summary>The row of a finished workflow: one point read.</summary>
    Task<ListedRow> FindFinishedAsync(string workflowId, CancellationToken cancellationToken);

    /// <summary>The ids of all finished workflows whose row is still there: a read per thousand and shard.</summary>
    Task<IReadOnlySet<string>> ReadFinishedIdsAsync(CancellationToken cancellationToken);

    /// <summary>The rows of all finished workflows, in no order; those that cannot be read are left out.</summary>
    IAsyncEnumerable<TrackedWorkflow> ReadFinishedRowsAsync(CancellationToken cancellationToken);
}
