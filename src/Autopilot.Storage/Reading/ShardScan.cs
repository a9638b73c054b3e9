using Autopilot.Core.Rows;
using Autopilot.Storage.Tables;
using Azure.Data.Tables;

namespace Autopilot.Storage.Reading;

/// <summary>Reads a range of every shard at once.</summary>
internal static class ShardScan
{
    /// <summary>
    /// Rows of a shard's first page. Three shards that hold more fill the largest page of a list. So a list that needs further reads for
    /// what has finished has at most two shards with a second page. All first pages together fit into memory.
    /// </summary>
    private const int FirstPage = 334;

    private const int LaterPage = 1000;

    /// <summary>Further pages that are held at once.</summary>
    private const int LaterAtOnce = 2;

    /// <param name="table">The table whose partitions are shards.</param>
    /// <param name="filterOf">The filter of one shard.</param>
    /// <param name="columns">Null reads all.</param>
    /// <param name="take">Called for every page, by several threads at once.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="firstPage">Rows of a shard's first page, at most 1,000.</param>
    public static async Task ReadAsync(
        StoredTable table,
        Func<Shard, string> filterOf,
        IEnumerable<string>? columns,
        Action<IReadOnlyList<TableEntity>> take,
        CancellationToken cancellationToken,
        int firstPage = FirstPage
    )
    {
        using var later = new SemaphoreSlim(LaterAtOnce);
        await Parallel.ForEachAsync(
            Shard.All,
            new ParallelOptions { MaxDegreeOfParallelism = Shard.Count, CancellationToken = cancellationToken },
            async (shard, token) =>
            {
                var filter = filterOf(shard);
                for (var next = await PageAsync(filter, firstPage, null, token); next is not null; )
                {
                    await later.WaitAsync(token);
                    try
                    {
                        next = await PageAsync(filter, LaterPage, next, token);
                    }
                    finally
                    {
                        later.Release();
                    }
                }
            }
        );

        // The token of the page after it; null after the last.
        async Task<string?> PageAsync(string filter, int size, string? from, CancellationToken token)
        {
            await foreach (var page in table.QueryAsync(filter, size, columns, from, token))
            {
                take(page.Values);
                return string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken;
            }
            return null;
        }
    }
}
