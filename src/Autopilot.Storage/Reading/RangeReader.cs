using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>Reads pages over a row of ranges, each a query of its own.</summary>
internal static class RangeReader
{
    /// <summary>Pages of the table beyond one for each range that a single request may read: filters can make pages empty.</summary>
    private const int MaxExtraPages = 5;

    /// <param name="query">All that the list depends on but the size of the page.</param>
    /// <param name="filters">One filter for each range.</param>
    /// <param name="read">Null leaves the row out.</param>
    public static async Task<Core.Tracking.Page<T>> ReadAsync<T>(
        StoredTable table, string query, IReadOnlyList<string> filters, IEnumerable<string>? columns, int pageSize, string? continuationToken, Func<TableEntity, T?> read, CancellationToken cancellationToken) where T : class
    {
        var (range, tableToken) = ContinuationToken.Decode(continuationToken, query, filters.Count);
        var items = new List<T>();
        var extra = 0;
        while (range < filters.Count)
        {
            if (items.Count >= pageSize || extra > MaxExtraPages)
            {
                return new(items, new ContinuationToken(range, tableToken).Encode(query));
            }
            string? next = null;
            await foreach (var page in table.QueryAsync(filters[range], Math.Min(1000, pageSize - items.Count), columns, tableToken, cancellationToken).ConfigureAwait(false))
            {
                items.AddRange(page.Values.Select(read).OfType<T>());
                next = string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken;
                break;
            }
            if (next is null)
            {
                range++;
            }
            else
            {
                extra++;
            }
            tableToken = next;
        }
        return new(items, null);
    }
}
