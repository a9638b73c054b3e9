using System.Globalization;
using System.Runtime.CompilerServices;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Tables;
using Azure.Data.Tables;

namespace Autopilot.Storage.Reading;

/// <summary>
/// Reads the runs' table, the newest end first, over any number of months in few reads. Months are partitions in ascending order, and only
/// within a month is the newest the first. So a span of months is read at once where it fits a page, and by halves where it does not.
/// </summary>
/// <param name="runs">The table.</param>
/// <param name="conditions">What holds besides the months, without a leading <c>and</c>; empty for all.</param>
/// <param name="columns">Null reads all. The keys must be among them.</param>
internal sealed class RunScan(StoredTable runs, string conditions, IEnumerable<string>? columns)
{
    /// <summary>
    /// The bounds of what a table can hold. What lies between them and is no month belongs to others, and is passed over.
    /// </summary>
    public static readonly DateOnly FirstMonth = DateOnly.MinValue,
        LastMonth = new(9999, 12, 1);

    private const int MaxPage = 1000;

    /// <summary>The rows in pages, none of them empty, as they are asked for.</summary>
    /// <param name="first">The oldest month, inclusive; the first of it.</param>
    /// <param name="last">The newest, inclusive.</param>
    /// <param name="current">The month in which the newest runs are likely; another one costs reads and no more.</param>
    /// <param name="pageSize">Rows that are needed at first, 1–1000.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<IReadOnlyList<TableEntity>> ReadAsync(
        DateOnly first,
        DateOnly last,
        DateOnly current,
        int pageSize,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var newest =
            current < first ? first
            : current < last ? current
            : last;
        await foreach (var page in SpanAsync(newest, last, pageSize, isLong: false, cancellationToken))
        {
            yield return page;
        }
        if (newest == first)
        {
            yield break;
        }

        // All that is older: as a rule it fits one page, or something newer in it fills the caller's.
        var (rows, isWhole) = await OnceAsync(first, newest.AddMonths(-1), cancellationToken);
        if (isWhole)
        {
            if (rows.Count > 0)
            {
                yield return rows;
            }
            yield break;
        }
        var oldest = OldestOf(rows, first);
        var months = 1;
        for (var end = newest.AddMonths(-1); end >= oldest; months *= 2)
        {
            var begin = Later(oldest, end, months);
            await foreach (var page in SpanAsync(begin, end, pageSize, isLong: false, cancellationToken))
            {
                yield return page;
            }
            if (begin == oldest)
            {
                yield break;
            }
            end = begin.AddMonths(-1);
        }
    }

    /// <summary>A span of months: at once where it fits a page, else its newer half and then its older one.</summary>
    /// <param name="isLong">Whether it is known not to fit.</param>
    private async IAsyncEnumerable<IReadOnlyList<TableEntity>> SpanAsync(
        DateOnly first,
        DateOnly last,
        int pageSize,
        bool isLong,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (first == last)
        {
            await foreach (var page in runs.QueryAsync(FilterOf(first, last), pageSize, columns, null, cancellationToken))
            {
                if (page.Values.Count > 0)
                {
                    yield return page.Values;
                }
            }
            yield break;
        }
        if (!isLong)
        {
            var (rows, isWhole) = await OnceAsync(first, last, cancellationToken);
            if (isWhole)
            {
                if (rows.Count > 0)
                {
                    yield return rows;
                }
                yield break;
            }
            first = OldestOf(rows, first);
        }

        if (first < last)
        {
            // What lies behind the present month is as good as empty.
            var middle = last == LastMonth ? first.AddMonths(1) : Later(first, last, (MonthsFrom(first, last) + 1) / 2);
            await foreach (var page in SpanAsync(middle, last, pageSize, isLong: false, cancellationToken))
            {
                yield return page;
            }
            last = middle.AddMonths(-1);
        }
        await foreach (var page in SpanAsync(first, last, pageSize, isLong: true, cancellationToken))
        {
            yield return page;
        }
    }

    /// <summary>
    /// The first page of a span, the newest row first, and whether it is all of it. Where it is not, the page holds the oldest row, unless
    /// all rows of the page are in partitions of others.
    /// </summary>
    private async Task<(IReadOnlyList<TableEntity> Rows, bool IsWhole)> OnceAsync(
        DateOnly first,
        DateOnly last,
        CancellationToken cancellationToken
    )
    {
        await foreach (var page in runs.QueryAsync(FilterOf(first, last), MaxPage, columns, null, cancellationToken))
        {
            var isWhole = string.IsNullOrEmpty(page.ContinuationToken);
            if (page.Values.Count > 0 || isWhole)
            {
                // Row keys are the newest first over all months.
                return (
                    [.. page.Values.Where(row => MonthOf(row) is not null).OrderBy(row => row.RowKey, StringComparer.Ordinal)],
                    isWhole
                );
            }
        }
        return ([], true);
    }

    private string FilterOf(DateOnly first, DateOnly last)
    {
        var months =
            first == last
                ? TableClient.CreateQueryFilter($"PartitionKey eq {RunRow.PartitionOf(first)}")
                : TableClient.CreateQueryFilter(
                    $"PartitionKey ge {RunRow.PartitionOf(first)} and PartitionKey le {RunRow.PartitionOf(last)}"
                );
        return conditions.Length == 0 ? months : $"{months} and {conditions}";
    }

    /// <summary>Null where the partition is no month: a foreign row must not hide the runs beside it.</summary>
    private static DateOnly? MonthOf(TableEntity row) =>
        DateOnly.TryParseExact(row.PartitionKey, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
            ? month
            : null;

    private static DateOnly OldestOf(IReadOnlyList<TableEntity> rows, DateOnly first) => rows.Count > 0 ? MonthOf(rows[^1])!.Value : first;

    private static int MonthsFrom(DateOnly first, DateOnly last) => (last.Year - first.Year) * 12 + last.Month - first.Month + 1;

    /// <summary>
    /// The first of so many months that end with <paramref name="last"/>, or <paramref name="first"/> where that is later.
    /// </summary>
    private static DateOnly Later(DateOnly first, DateOnly last, int months) =>
        MonthsFrom(first, last) <= months ? first : last.AddMonths(1 - months);
}
