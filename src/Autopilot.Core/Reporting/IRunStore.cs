using Autopilot.Core.Paging;
using Autopilot.Core.Rows;

namespace Autopilot.Core.Reporting;

/// <summary>
/// The finished runs, for reports. Every method throws <see cref="StorageUnavailableException"/> when the store cannot be reached, and
/// nothing else of the store's own.
/// </summary>
public interface IRunStore
{
    /// <summary>
    /// The runs of a query, the newest end first, page by page as they are asked for. It costs a read per thousand and month, and none for
    /// what lies outside.
    /// </summary>
    /// <param name="unreadable">Counts the runs that cannot be read, which are left out.</param>
    IAsyncEnumerable<FinishedUpgrade> ReadAsync(RunQuery query, UnreadableCount unreadable, CancellationToken cancellationToken);

    /// <summary>One page of them: full, the last one, or cut short by <see cref="ListLimits.Time"/>.</summary>
    /// <exception cref="InvalidContinuationTokenException">The token is not of this query.</exception>
    Task<Page<FinishedUpgrade>> ReadPageAsync(RunQuery query, int pageSize, string? continuationToken, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a run in place of the one that is stored under its end and id, if any. Only for rebuilding runs: when a workflow ends, its
    /// run is written once with the end.
    /// </summary>
    Task WriteAsync(FinishedUpgrade run, CancellationToken cancellationToken);
}
