using Autopilot.Core.Paging;
using Azure.Data.Tables;

namespace Autopilot.Storage.Reading;

/// <summary>Fills a page from a range that is in order already.</summary>
internal static class PageReader
{
    /// <param name="pages">The rows behind the token, in order.</param>
    /// <param name="pageSize">Entries that were asked for.</param>
    /// <param name="read">One that cannot be read is counted.</param>
    /// <param name="tokenAfter">The token of the page that begins behind a row.</param>
    /// <param name="clock">For <see cref="ListLimits.Time"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<Core.Paging.Page<T>> ReadAsync<T>(
        IAsyncEnumerable<IReadOnlyList<TableEntity>> pages,
        int pageSize,
        Func<TableEntity, RowRead<T>> read,
        Func<TableEntity, string> tokenAfter,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
        where T : class
    {
        var (items, unreadable, started) = (new List<T>(), 0, clock.GetTimestamp());
        TableEntity? last = null;
        await foreach (var page in pages.WithCancellation(cancellationToken))
        {
            foreach (var row in page)
            {
                if (items.Count == pageSize)
                {
                    return new(items, tokenAfter(last!)) { Unreadable = unreadable };
                }
                last = row;
                var (value, bad) = read(row);
                unreadable += bad is null ? 0 : 1;
                if (value is not null)
                {
                    items.Add(value);
                }
            }
            if (items.Count < pageSize && last is not null && clock.GetElapsedTime(started) >= ListLimits.Time)
            {
                return new(items, tokenAfter(last)) { Unreadable = unreadable, Partial = PartialReason.Time };
            }
        }
        return new(items, null) { Unreadable = unreadable };
    }
}
