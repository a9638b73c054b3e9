using System.Runtime.CompilerServices;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;

namespace Autopilot.Storage;

/// <summary>The finished runs in Azure Table Storage, a partition per month.</summary>
internal sealed class TableRunStore(StorageTables tables) : IRunStore
{
    /// <summary>Pages of the table that a request for a page reads: one for each month, and those that filters leave short.</summary>
    private const int MaxPages = 5;

    private readonly StoredTable _runs = tables.Runs;

    public async IAsyncEnumerable<FinishedRun> ReadAsync(RunQuery query, UnreadableCount unreadable, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var filter in RunRow.FiltersOf(query))
        {
            await foreach (var page in _runs.QueryAsync(filter, null, null, null, cancellationToken).ConfigureAwait(false))
            {
                foreach (var row in page.Values)
                {
                    var read = _runs.Read(RunRow.Format, row);
                    if (read.Value is { } run)
                    {
                        yield return run;
                    }
                    else
                    {
                        unreadable.Add();
                    }
                }
            }
        }
    }

    public Task<Core.Tracking.Page<FinishedRun>> ReadPageAsync(RunQuery query, int pageSize, string? continuationToken, CancellationToken cancellationToken)
    {
        var filters = RunRow.FiltersOf(query);
        var text = string.Join('\n', filters);
        return RangeReader.ReadAsync(
            _runs, text, filters, null, pageSize, ContinuationToken.Decode(continuationToken, text, filters.Count), MaxPages, row => _runs.Read(RunRow.Format, row), null, null, cancellationToken);
    }

    public Task WriteAsync(FinishedRun run, CancellationToken cancellationToken) => _runs.PutAsync(RunRow.Format, RunRow.Of(run), null, hasRead: false, cancellationToken);
}
