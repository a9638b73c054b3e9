using Autopilot.Core.Tracking;

namespace Autopilot.Storage.Tests;

/// <summary>No change is lost and none is told twice, whatever happens to a write.</summary>
public sealed class LogTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Fact]
    public async Task A_change_is_appended_and_the_row_shows_it()
    {
        var store = NewStore();
        var id = "wf-1";
        var before = await TrackAsync(store, id);
        var write = Change(before, "A");

        var report = await store.WriteAsync(Shard.Of(id), [write], Board(Noon), Cancel);

        Assert.Equal([WriteOutcome.Landed], report.Outcomes);
        var row = await store.FindAsync(id, Cancel);
        Assert.Equal(report.Versions[0], row!.Version);
        Assert.Equivalent(write.After with { Version = row.Version }, row, strict: true);
        var stored = await store.ReadStateAsync(id, 1, Cancel);
        Assert.Equivalent(write.Appended!.Entry, stored!.Entry, strict: true);
        Assert.Equal(write.Appended.Document.ToArray(), stored.Document.ToArray());
        var contents = await store.ReadShardAsync(Shard.Of(id), Cancel);
        Assert.Equal(Board(Noon), contents.Board);
        Assert.Equal(Board(Noon), (await store.ReadBoardsAsync(Cancel))[Shard.Of(id).Index]);
    }

    [Fact]
    public async Task A_state_that_comes_back_is_three_changes()
    {
        var store = NewStore();
        var row = await TrackAsync(store, "wf-1");
        foreach (var content in (string[])["A", "B", "A"])
        {
            await store.WriteAsync(Shard.Of("wf-1"), [Change(row, content)], null, Cancel);
            row = (await store.FindAsync("wf-1", Cancel))!;
        }

        await AssertHistoryAsync(store, "wf-1", "A", "B", "A");
    }

    [Theory]
    [InlineData(Fault.CutBefore, 2)]
    [InlineData(Fault.BusyBefore, 2)]
    [InlineData(Fault.CutAfter, 1)]
    [InlineData(Fault.FailAfter, 1)]
    public async Task A_change_whose_answer_was_lost_is_told_once(Fault fault, int transactions)
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        var before = await TrackAsync(store, "wf-1");
        FailOnce(transport, "transaction", fault);
        transport.Forget();

        var report = await store.WriteAsync(Shard.Of("wf-1"), [Change(before, "A")], Board(Noon), Cancel);

        Assert.Equal([WriteOutcome.Landed], report.Outcomes);
        Assert.Equal(1, report.Ambiguous);
        Assert.Equal(transactions, transport.Count("transaction"));
        await AssertHistoryAsync(store, "wf-1", "A");
        Assert.Equal((await store.FindAsync("wf-1", Cancel))!.Version, report.Versions[0]);
        Assert.NotNull((await store.ReadShardAsync(Shard.Of("wf-1"), Cancel)).Board);
    }

    private static void FailOnce(FaultyTransport transport, string kind, Fault fault)
    {
        var left = 1;
        transport.Next = (k, _) => k == kind && Interlocked.Decrement(ref left) >= 0 ? fault : Fault.None;
    }
}
