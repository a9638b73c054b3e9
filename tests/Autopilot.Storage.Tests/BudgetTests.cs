using Autopilot.Core.Listing;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Rows;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Storage.Tests;

/// <summary>Storage is paid by the batch: counted at the transport, retries and all.</summary>
public sealed class BudgetTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Fact]
    public async Task A_cycle_over_a_thousand_unchanged_workflows_stays_within_its_budget()
    {
        var seed = NewStore();
        var ids = Enumerable.Range(0, 1000).Select(i => $"wf-{i}").GroupBy(Shard.Of).ToDictionary(g => g.Key, g => g.ToList());
        foreach (var (shard, some) in ids)
        {
            await SeedAsync(seed, shard, some);
        }
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        transport.Forget();

        var written = 0;
        foreach (var shard in Shard.All)
        {
            var contents = await store.ReadShardAsync(shard, Cancel);
            var report = await store.WriteAsync(
                shard,
                [.. contents.Workflows.Select(w => Unchanged(w, Noon.AddHours(1)))],
                Board(Noon),
                Cancel
            );
            written += report.Outcomes.Count(o => o is WriteOutcome.Committed);
        }

        Assert.Equal(1000, written);
        Assert.InRange(transport.Count("read"), 16, 16 + 1);
        Assert.InRange(transport.CountAll - transport.Count("read"), 16, 48 + 1000 / 99);
    }

    [Fact]
    public async Task Two_hundred_mixed_writes_of_a_shard_take_five_transactions()
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        var shard = Shard.All[9];
        var rows = await SeedAsync(store, shard, IdsIn(shard, 200));
        transport.Forget();

        var report = await store.WriteAsync(
            shard,
            [.. rows.Select((r, i) => i % 2 == 0 ? Change(r, "A") : Unchanged(r, Noon.AddHours(1)))],
            Board(Noon),
            Cancel
        );

        Assert.All(report.Outcomes, o => Assert.Equal(WriteOutcome.Committed, o));
        // 100 changes, 49 at most in each; 100 poll times, 99 at most in each; the shard status in the last.
        Assert.Equal((3 + 2, 5), (transport.CountAll, transport.Count("transaction") + transport.Count("write")));
        var contents = await store.ReadShardAsync(shard, Cancel);
        Assert.Equal(Board(Noon), contents.Status! with { ETag = null });
        Assert.Equal(
            (100, 100),
            (contents.Workflows.Count(w => w.Sequence == 1), contents.Workflows.Count(w => w.ObservedAt == Noon.AddHours(1)))
        );
        var versions = contents.Workflows.ToDictionary(w => w.Target.WorkflowId, w => w.ETag);
        Assert.All(rows.Select((r, i) => (r, i)), x => Assert.Equal(versions[x.r.Target.WorkflowId], report.Versions[x.i]));
    }

    [Fact]
    public async Task Finishing_takes_three_writes_and_no_read()
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        var shard = Shard.All[6];
        await RunsTable.CreateIfNotExistsAsync(Cancel);
        var (taken, ids) = (new List<(int, int)>(), IdsIn(shard, 2));
        foreach (var id in ids)
        {
            var write = Ended(await TrackAsync(store, id));
            transport.Forget();
            var report = await store.WriteAsync(shard, [write], null, Cancel);
            await store.FinishAsync(report.Committed(0, write), WorkflowLifecycleTests.RunOf(write.After), Cancel);
            taken.Add((transport.Count("read"), transport.CountAll));
        }

        Assert.Equal([(0, 3), (0, 3)], taken);
    }

    [Fact]
    public async Task Tracking_takes_one_write()
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        await WorkflowsTable.CreateIfNotExistsAsync(Cancel);
        var writes = new List<int>();
        foreach (var id in IdsIn(Shard.All[2], 3))
        {
            transport.Forget();
            await TrackAsync(store, id);
            writes.Add(transport.Count("write"));
        }

        Assert.Equal([1, 1, 1], writes);
    }

    [Fact]
    public async Task A_summary_is_one_read_of_an_active_workflow_and_two_of_another()
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        await TrackAsync(store, "wf-1");
        await TrackAsync(store, "wf-2");
        await store.UntrackAsync("wf-2", Cancel);

        transport.Forget();
        Assert.True((await store.FindAsync("wf-1", Cancel))!.Tracked);
        Assert.Equal(1, transport.CountAll);

        transport.Forget();
        Assert.False((await store.FindAsync("wf-2", Cancel))!.Tracked);
        Assert.Equal(2, transport.CountAll);
    }

    [Fact]
    public async Task A_name_costs_a_range_read_of_each_shard_however_many_workflows_there_are()
    {
        var store = NewStore();
        foreach (var shard in Shard.All)
        {
            await SeedAsync(store, shard, IdsIn(shard, 40));
        }

        await store.TrackAsync(new WorkflowTarget("p-1", "c-named", "wf-named"), "Checkout-1", Noon, onlyIfUnknown: false, Cancel);
        var transport = new FaultyTransport();
        var names = NewServices(transport).GetRequiredService<IClusterNameStore>();
        await names.FindAsync("warm-up", Cancel);
        transport.Forget();

        Assert.Equal("wf-named", Assert.Single(await names.FindAsync("checkout-1", Cancel)).WorkflowId);
        Assert.Equal((16, 16), (transport.Count("read"), transport.CountAll));
    }

    [Theory]
    [InlineData("checkout-prod")]
    [InlineData("CHECKOUT-PROD")]
    [InlineData("cHECKOUT-PROd")]
    [InlineData("Checkout-Prod")]
    public async Task A_name_in_any_case_finds_rows_from_before_names_had_a_key_at_the_same_cost(string asked)
    {
        var store = NewStore();
        var shard = Shard.All[2];
        var ids = IdsIn(shard, 402);
        foreach (var id in ids.Take(2))
        {
            await store.TrackAsync(new WorkflowTarget("p-1", $"c-{id}", id), "Checkout-Prod", Noon, onlyIfUnknown: false, Cancel);
        }

        // Finished rows of the version before: names of the same range, none at all, and the one.
        async Task OldAsync(string id, string? name) =>
            await WorkflowsTable.UpsertEntityAsync(
                new TableEntity(shard.Key, RowKeys.Finished(id))
                {
                    ["ClusterId"] = $"c-{id}",
                    ["ProjectId"] = "p-1",
                    ["ClusterName"] = name,
                    ["EndedAt"] = Noon,
                },
                TableUpdateMode.Replace,
                Cancel
            );
        await OldAsync(ids[2], "CheckOut-prod");
        await OldAsync(ids[3], null);
        foreach (var id in ids.Skip(4))
        {
            await OldAsync(id, $"Checkout-{id}");
        }

        var transport = new FaultyTransport();
        var names = NewServices(transport).GetRequiredService<IClusterNameStore>();
        await names.FindAsync("warm-up", Cancel);
        transport.Forget();

        var found = await names.FindAsync(asked, Cancel);

        Assert.Equal(ids.Take(3).Order(), found.Select(mention => mention.WorkflowId).Order());
        Assert.Equal((16, 16), (transport.Count("read"), transport.CountAll));
    }

    private static WorkflowWrite Ended(TrackedWorkflow before)
    {
        var write = Change(before, "done", phase: "Success");
        return write with { After = write.After with { Outcome = WorkflowOutcome.Succeeded, EndedAt = Noon.AddMinutes(30) } };
    }
}
