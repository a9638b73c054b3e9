using Autopilot.Core.Rows;
using Autopilot.Storage.Reading;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Tables;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Storage.Tests;

/// <summary>A row is understood once, and never answered for without a read.</summary>
public sealed class RecentRowsTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Fact]
    public async Task A_row_that_is_unchanged_is_read_again_but_not_parsed_again()
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        await TrackAsync(store, "wf-1");
        var first = await store.FindAsync("wf-1", Cancel);
        transport.Forget();

        Assert.Same(first, await store.FindAsync("wf-1", Cancel));
        Assert.Equal(1, transport.CountAll);
    }

    [Fact]
    public async Task What_another_process_wrote_is_seen_by_the_next_question()
    {
        var (mine, others) = (NewStore(), NewStore());
        await TrackAsync(mine, "wf-1");
        var before = (await mine.FindAsync("wf-1", Cancel))!;

        await others.WriteAsync(Shard.Of("wf-1"), [Change((await others.FindAsync("wf-1", Cancel))!, "A")], null, Cancel);

        var after = (await mine.FindAsync("wf-1", Cancel))!;
        Assert.Equal((0, 1), (before.Sequence, after.Sequence));
        Assert.NotEqual(before.ETag, after.ETag);
    }

    [Fact]
    public async Task A_row_that_another_process_replaced_is_not_served_from_the_cache()
    {
        var (mine, others) = (NewStore(), NewStore());
        await TrackAsync(mine, "wf-1");
        Assert.True((await mine.FindAsync("wf-1", Cancel))!.Tracked);

        await others.UntrackAsync("wf-1", Cancel);
        Assert.False((await mine.FindAsync("wf-1", Cancel))!.Tracked);

        await others.PurgeAsync("wf-1", Cancel);
        Assert.Null(await mine.FindAsync("wf-1", Cancel));

        await others.TrackAsync(Target("wf-1", "cluster-2"), null, Noon.AddHours(1), onlyIfUnknown: false, Cancel);
        Assert.Equal(
            ("cluster-2", Noon.AddHours(1)),
            (await mine.FindAsync("wf-1", Cancel)) is { } anew ? (anew.Target.ClusterId, anew.TrackedAt) : default
        );
    }

    [Fact]
    public void However_many_and_large_the_rows_what_is_kept_of_them_has_a_bound()
    {
        using var rows = NewRows();
        var most = 0;
        for (var i = 0; i < 3 * RecentRows.MaxWeight / RowBuilder.MaxString; i++)
        {
            var row = Row($"a|wf-{i}", "1");
            row["ClusterName"] = new string('x', RowBuilder.MaxString);
            rows.ParseAndCache(row);
            most = Math.Max(most, rows.Count);
        }

        Assert.InRange(most, 1, (int)(RecentRows.MaxWeight / RowBuilder.MaxString));
    }

    [Fact]
    public void A_row_that_is_too_large_to_be_kept_is_understood_all_the_same()
    {
        using var rows = NewRows();
        var row = Row("a|wf-1", "1");
        for (var part = 0; part < 10; part++)
        {
            row[$"Other{part}"] = new byte[60_000];
        }

        Assert.Equal(("wf-1", 0), (rows.ParseAndCache(row).Target.WorkflowId, rows.Count));
    }

    private RecentRows NewRows() => new(NewServices().GetRequiredService<StorageTables>().Workflows);

    private static TableEntity Row(string key, string version) =>
        new("0", key)
        {
            ETag = new ETag(version),
            ["ProjectId"] = "p",
            ["ClusterId"] = "c",
            ["TrackedAt"] = Noon,
            ["Sequence"] = 0L,
            ["Tracked"] = true,
        };
}
