using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Rows;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Storage.Tests;

/// <summary>Guarantee 3: a report reads its own range only, however much is stored outside.</summary>
public sealed class RunBudgetTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    private static readonly DateTimeOffset March = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    // From the middle of a month to the middle of another: the months at both ends are covered in part.
    private static readonly RunQuery Asked = new(March.AddDays(14), March.AddMonths(2).AddDays(9));

    [Fact]
    public async Task A_report_reads_only_the_months_it_covers()
    {
        await WriteAsync(March, 20, TimeSpan.FromDays(4));

        var (ids, reads) = await ReadAsync(Asked);

        Assert.Equal(14, ids.Count);
        Assert.Equal(["2026-05", "2026-04", "2026-03"], reads.Select(MonthOf));
    }

    [Fact]
    public async Task Thousands_of_runs_outside_the_range_change_no_read()
    {
        // April takes two pages.
        await WriteAsync(March.AddMonths(1), 1500, TimeSpan.FromMinutes(20));
        await WriteAsync(March.AddDays(20), 30, TimeSpan.FromHours(1));
        var before = await ReadAsync(Asked);

        await WriteAsync(March.AddYears(-3), 1500, TimeSpan.FromMinutes(1), "years before");
        await WriteAsync(March.AddMonths(-1), 500, TimeSpan.FromMinutes(1), "the month before");
        await WriteAsync(March.AddMonths(3), 500, TimeSpan.FromMinutes(1), "the month after");
        // More than a page on either side within the months at the ends.
        await WriteAsync(March, 1200, TimeSpan.FromMinutes(1), "same month, before");
        await WriteAsync(Asked.To, 1200, TimeSpan.FromMinutes(1), "same month, after");
        var after = await ReadAsync(Asked);

        Assert.Equal((1530, 4), (before.Ids.Count, before.Reads.Count));
        Assert.Equal(before.Ids, after.Ids);
        Assert.Equal(before.Reads, after.Reads);
    }

    [Fact]
    public async Task An_outlook_reads_the_months_of_its_year_and_only_the_newest_runs_it_uses()
    {
        // A row of the month after and years of others beside: none of them is read.
        await WriteAsync(March.AddMonths(14), 1, TimeSpan.FromDays(1), "later");
        await WriteAsync(March.AddYears(-3), 1500, TimeSpan.FromMinutes(1), "years before");
        await WriteAsync(March, 12, TimeSpan.FromDays(30));
        var query = new OutlookQuery(March.AddDays(14), March.AddMonths(12).AddDays(14)) { ClusterId = "c" };

        var (ids, reads) = await ReadAsync(query.Runs);

        Assert.Equal(11, ids.Count);
        Assert.Equal(Enumerable.Range(0, 13).Select(back => $"{March.AddMonths(12 - back):yyyy-MM}"), reads.Select(MonthOf));
    }

    [Fact]
    public async Task An_outlook_stops_reading_where_it_has_enough()
    {
        await WriteAsync(March.AddMonths(2), OutlookBuilder.MaxRuns + 1, TimeSpan.FromMinutes(1));
        await WriteAsync(March, 10, TimeSpan.FromDays(1), "older");
        var transport = new FaultyTransport();
        var outlook = new OutlookBuilder(new OutlookQuery(March, March.AddMonths(12)) { ClusterId = "c" });

        await foreach (
            var run in NewServices(transport)
                .GetRequiredService<IRunStore>()
                .ReadAsync(new RunQuery(March, March.AddMonths(12)), new(), Cancel)
        )
        {
            if (!outlook.Add(run))
            {
                break;
            }
        }

        Assert.Equal((true, OutlookBuilder.MaxRuns), (outlook.Build().Cut, outlook.Build().Runs));
        // Nine empty months, and a page per thousand of the tenth; the two before it are left alone.
        Assert.Equal(9 + 11, transport.CountAll);
    }

    /// <summary>The runs, and the addresses that were read for them, with their filters and the keys of further pages.</summary>
    private async Task<(List<string> Ids, List<string> Reads)> ReadAsync(RunQuery query)
    {
        var transport = new FaultyTransport();
        var ids = await NewServices(transport)
            .GetRequiredService<IRunStore>()
            .ReadAsync(query, new(), Cancel)
            .Select(run => run.Target.WorkflowId)
            .ToListAsync(Cancel);
        Assert.Equal(transport.CountAll, transport.Count("read"));
        return (ids, [.. transport.Addresses.Select(Uri.UnescapeDataString)]);
    }

    private static string MonthOf(string address)
    {
        const string Key = "PartitionKey eq '";
        return address.Substring(address.IndexOf(Key, StringComparison.Ordinal) + Key.Length, "2026-05".Length);
    }

    private async Task WriteAsync(DateTimeOffset first, int count, TimeSpan apart, string name = "run")
    {
        await RunsTable.CreateIfNotExistsAsync(Cancel);
        var rows = Enumerable
            .Range(0, count)
            .Select(i =>
                RunRow
                    .Of(
                        new FinishedUpgrade
                        {
                            Target = new WorkflowTarget("p", "c", $"{name} {i}"),
                            Outcome = WorkflowOutcome.Succeeded,
                            EndedAt = first + i * apart,
                            ActiveSeconds = 60,
                        }
                    )
                    .Entity
            );
        foreach (var batch in rows.GroupBy(row => row.PartitionKey).SelectMany(month => month.Chunk(100)))
        {
            await RunsTable.SubmitTransactionAsync(
                batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)),
                Cancel
            );
        }
    }
}
