using System.Runtime.CompilerServices;
using Autopilot.Core.Reporting;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>The finished runs in Azure Table Storage, a partition per month.</summary>
internal sealed class TableRunStore(StorageTables tables) : IRunStore
{
    /// <summary>Pages of the table that a request for a page reads: one for each month, and those that filters leave short.</summary>
    private const int MaxPages = 5;

    private readonly StoredTable _runs = tables.Runs;

    public async IAsyncEnumerable<FinishedRun> ReadAsync(RunQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var filter in RunRow.FiltersOf(query))
        {
            await foreach (var page in _runs.QueryAsync(filter, null, null, null, cancellationToken).ConfigureAwait(false))
            {
                foreach (var row in page.Values)
                {
                    if (_runs.Read(RunRow.Format, row).Value is { } run)
                    {
                        yield return run;
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

    public async Task WriteAsync(FinishedRun run, CancellationToken cancellationToken)
    {
        try
        {
            await _runs.SendAsync([new(TableTransactionActionType.UpsertReplace, RunRow.Of(run).Entity)], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (StorageFailure.IsOne(e, cancellationToken))
        {
            throw StorageFailure.Unavailable(e);
        }
    }
}
