using Autopilot.Core.Reporting;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Tables;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>The baseline and its runs in Azure Table Storage.</summary>
internal sealed class TableBaselineStore(StorageTables tables) : IBaselineStore
{
    private const int MaxPage = 1000;

    /// <summary>Pages without a match after which the result is true: computing the baseline again costs no more than reading on.</summary>
    private const int MaxEmptyPages = 5;

    private readonly StoredTable _runs = tables.Runs;

    /// <summary>The row as it was read last, so that writing a new baseline needs no further read; null where there was none.</summary>
    private volatile TableEntity? _known;

    public async Task<StoredBaseline?> ReadBaselineAsync(CancellationToken cancellationToken)
    {
        var row = await _runs.GetAsync(BaselineRow.PartitionKey, BaselineRow.RowKey, cancellationToken);
        _known = row;
        return _runs.Read(BaselineRow.Format, row).Value;
    }

    public Task WriteBaselineAsync(StoredBaseline baseline, CancellationToken cancellationToken) =>
        _runs.PutAsync(BaselineRow.Format, BaselineRow.Of(baseline), _known, hasRead: true, cancellationToken);

    public async Task<bool> AnyRunStoredAsync(DateOnly month, DateTimeOffset storedSince, CancellationToken cancellationToken)
    {
        // The service stamps every row: a run is found however far back its end lies.
        var filter =
            TableClient.CreateQueryFilter($"PartitionKey ge {RunRow.PartitionOf(month)} and PartitionKey lt {BaselineRow.PartitionKey}")
            + TableClient.CreateQueryFilter($" and Timestamp ge {storedSince.ToUniversalTime()}");
        var pages = 0;
        await foreach (var page in _runs.QueryAsync(filter, 1, ["PartitionKey"], null, cancellationToken))
        {
            if (page.Values.Count > 0 || ++pages == MaxEmptyPages)
            {
                return true;
            }
        }
        return false;
    }

    public async Task<IReadOnlyList<FinishedUpgrade>> ReadRunsAsync(DateOnly month, int atMost, CancellationToken cancellationToken)
    {
        var runs = new List<FinishedUpgrade>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {RunRow.PartitionOf(month)}");
        await foreach (var page in _runs.QueryAsync(filter, Math.Min(atMost, MaxPage), null, null, cancellationToken))
        {
            runs.AddRange(page.Values.Select(row => _runs.Read(RunRow.Format, row).Value).OfType<FinishedUpgrade>());
            if (runs.Count >= atMost)
            {
                break;
            }
        }
        return runs.Count > atMost ? runs[..atMost] : runs;
    }
}
