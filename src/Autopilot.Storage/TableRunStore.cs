using System.Runtime.CompilerServices;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Storage.Reading;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Tables;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>The finished runs in Azure Table Storage, a partition per month.</summary>
internal sealed class TableRunStore(StorageTables tables, TimeProvider? clock = null) : IRunStore
{
    private readonly StoredTable _runs = tables.Runs;

    public async IAsyncEnumerable<FinishedUpgrade> ReadAsync(
        RunQuery query,
        UnreadableCount unreadable,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var filter in RunRow.FiltersOf(query))
        {
            await foreach (var page in _runs.QueryAsync(filter, null, null, null, cancellationToken))
            {
                foreach (var row in page.Values)
                {
                    var read = _runs.Read(RunRow.Format, row);
                    if (read.Value is { } run)
                    {
                        if (query.IsOfClusters(run.Target.ClusterId, run.ClusterName))
                        {
                            yield return run;
                        }
                    }
                    else
                    {
                        unreadable.Add();
                    }
                }
            }
        }
    }

    public Task<Core.Paging.Page<FinishedUpgrade>> ReadPageAsync(
        RunQuery query,
        int pageSize,
        string? continuationToken,
        CancellationToken cancellationToken
    )
    {
        var range = FormattableString.Invariant($"runs {query.From.UtcTicks} {query.To.UtcTicks}");
        var text = $"{range} {query.ClusterId} {query.ClusterName} {query.ProjectId} {query.Outcome} {query.TargetVersion}";
        var after = ContinuationToken.Decode(continuationToken, text);
        if (query.From >= query.To)
        {
            return Task.FromResult<Core.Paging.Page<FinishedUpgrade>>(new([], null));
        }
        // The newest that counts is a tick before the end.
        var newest = query.To.AddTicks(-1);
        var conditions = RunRow.RangeOf(query) + RunRow.ConditionsOf(query);
        if (after is { } last)
        {
            newest =
                last.Number >= DateTimeOffset.MinValue.UtcTicks && last.Number <= newest.UtcTicks
                    ? new DateTimeOffset(last.Number, TimeSpan.Zero)
                    : throw new InvalidContinuationTokenException("The continuation token lies outside of its query.");
            conditions += TableClient.CreateQueryFilter($" and RowKey gt {RunRow.KeyOf(newest, last.Id)}");
        }
        var month = RunRow.MonthOf(newest);
        return PageReader.ReadAsync(
            OfClustersAsync(
                new RunScan(_runs, conditions, null).ReadAsync(
                    RunRow.MonthOf(query.From),
                    month,
                    month,
                    Math.Min(1000, pageSize + 1),
                    cancellationToken
                )
            ),
            pageSize,
            row => _runs.Read(RunRow.Format, row),
            row => ContinuationToken.Encode(text, new SortKey(0, "", RunRow.EndOf(row.RowKey)!.Value.UtcTicks, RunRow.IdOf(row.RowKey))),
            clock ?? TimeProvider.System,
            cancellationToken
        );

        // A row without a cluster cannot be read, and is counted where it is met.
        async IAsyncEnumerable<IReadOnlyList<TableEntity>> OfClustersAsync(IAsyncEnumerable<IReadOnlyList<TableEntity>> pages)
        {
            await foreach (var page in pages)
            {
                yield return query is { ClusterId: null, ClusterName: null }
                    ? page
                    :
                    [
                        .. page.Where(row =>
                            row.Raw(WorkflowRow.ClusterId) is not string id
                            || query.IsOfClusters(id, row.Raw(WorkflowRow.ClusterName) as string)
                        ),
                    ];
            }
        }
    }

    public Task WriteAsync(FinishedUpgrade run, CancellationToken cancellationToken) =>
        _runs.PutAsync(RunRow.Format, RunRow.Of(run), null, hasRead: false, cancellationToken);
}
