using System.Runtime.CompilerServices;
using Autopilot.Core.Reporting;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;

namespace Autopilot.Storage;

/// <summary>The finished runs in Azure Table Storage, a partition per month.</summary>
internal sealed class TableRunStore(StorageTables tables, ILogger<TableRunStore> logger) : IRunStore
{
    private readonly StoredTable _runs = tables.Runs;

    public async IAsyncEnumerable<FinishedRun> ReadAsync(RunQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var filter in RunRow.FiltersOf(query))
        {
            await foreach (var page in _runs.QueryAsync(filter, null, null, null, cancellationToken).ConfigureAwait(false))
            {
                foreach (var row in page.Values)
                {
                    if (ReadableRow.TryRead(row, RunRow.Read, logger) is { } run)
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
        return RangeReader.ReadAsync(_runs, string.Join('\n', filters), filters, null, pageSize, continuationToken, row => ReadableRow.TryRead(row, RunRow.Read, logger), cancellationToken);
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
