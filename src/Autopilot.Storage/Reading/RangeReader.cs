using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>Reads pages over a row of ranges, each a query of its own.</summary>
internal static class RangeReader
{
    /// <param name="query">All that the list depends on but the size of the page.</param>
    /// <param name="filters">One filter for each range.</param>
    /// <param name="from">Where the page begins.</param>
    /// <param name="maxPages">Pages of the table that a single request may read: filters can make them empty.</param>
    /// <param name="read">A missing one is left out, an unreadable one is counted.</param>
    /// <param name="occupied">Whether a range may hold rows; null where each may.</param>
    /// <param name="empty">Called for a range that was read from end to end and holds nothing.</param>
    public static async Task<Core.Tracking.Page<T>> ReadAsync<T>(
        StoredTable table, string query, IReadOnlyList<string> filters, IEnumerable<string>? columns, int pageSize, ContinuationToken from, int maxPages, Func<TableEntity, RowRead<T>> read,
        Func<int, bool>? occupied, Action<int>? empty, CancellationToken cancellationToken) where T : class
    {
        var (range, tableToken) = from;
        var items = new List<T>();
        var unreadable = 0;
        for (var pages = 0; ; pages++)
        {
            // Past what is known to be empty before the page may end, so that the last page says that it is the last.
            while (range < filters.Count && tableToken is null && occupied?.Invoke(range) is false)
            {
                range++;
            }
            if (range == filters.Count)
            {
                return new(items, null) { Unreadable = unreadable };
            }
            if (items.Count >= pageSize || pages == maxPages)
            {
                return new(items, new ContinuationToken(range, tableToken).Encode(query)) { Unreadable = unreadable };
            }
            if (await ReadPageAsync(table, filters[range], Math.Min(1000, pageSize - items.Count), columns, tableToken, cancellationToken).ConfigureAwait(false) is not { } page)
            {
                // There is no table at all.
                return new(items, null) { Unreadable = unreadable };
            }
            foreach (var row in page.Values.Select(read))
            {
                if (row.Value is { } value)
                {
                    items.Add(value);
                }
                unreadable += row.Unreadable is null ? 0 : 1;
            }
            var next = string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken;
            if (next is null)
            {
                if (tableToken is null && page.Values.Count == 0)
                {
                    empty?.Invoke(range);
                }
                range++;
            }
            tableToken = next;
        }
    }

    private static async Task<Azure.Page<TableEntity>?> ReadPageAsync(StoredTable table, string filter, int pageSize, IEnumerable<string>? columns, string? tableToken, CancellationToken cancellationToken)
    {
        await foreach (var page in table.QueryAsync(filter, pageSize, columns, tableToken, cancellationToken).ConfigureAwait(false))
        {
            return page;
        }
        return null;
    }
}
