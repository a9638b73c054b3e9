using Autopilot.Core.Paging;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>
/// Reads the states that a workflow has been in. Every method throws <see cref="StorageUnavailableException"/> when the store cannot be
/// reached, and nothing else of the store's own.
/// </summary>
public interface IHistoryStore
{
    /// <summary>A page of a workflow's history, newest first.</summary>
    /// <param name="from">Inclusive, by observation; null for all.</param>
    /// <param name="to">Exclusive.</param>
    Task<Page<HistoryEntry>> ReadHistoryAsync(
        string workflowId,
        DateTimeOffset? from,
        DateTimeOffset? to,
        int pageSize,
        string? continuationToken,
        CancellationToken cancellationToken
    );

    /// <summary>One state with its document; null when there is no such sequence.</summary>
    Task<HistoryState?> ReadStateAsync(string workflowId, long sequence, CancellationToken cancellationToken);
}
