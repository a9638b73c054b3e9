using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Storage.Tests;

/// <summary>A list request reads at most five pages of the table, none of them in vain for long, and leaves no row out.</summary>
public sealed class ListBudgetTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    private const int MaxReads = 5;

    [Fact]
    public async Task A_few_upgrades_fit_on_one_page_of_five_reads_wherever_they_are()
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        foreach (var shard in (int[])[1, 7, 15])
        {
            await TrackAsync(store, IdsIn(Shard.All[shard], 1)[0]);
        }
        await store.UntrackAsync(IdsIn(Shard.All[7], 1)[0], Cancel);
        await TrackAsync(store, IdsIn(Shard.All[7], 2)[1]);
        transport.Forget();

        var page = await store.ListAsync(new WorkflowQuery(), 100, null, Cancel);

        Assert.Equal((4, null), (page.Items.Count, page.ContinuationToken));
        Assert.Equal([true, true, true, false], page.Items.Select(w => w.Tracked));
        Assert.Equal(MaxReads, transport.CountAll);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task A_fleet_in_every_shard_is_listed_in_pages_of_five_reads_and_none_is_empty(int pageSize)
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        var ids = Shard.All.SelectMany(shard => IdsIn(shard, 2)).ToList();
        await Task.WhenAll(ids.Select(id => TrackAsync(store, id)));
        // One of two in nine shards.
        await Task.WhenAll(ids.Chunk(2).Take(9).Select(two => store.UntrackAsync(two[0], Cancel)));

        var all = await PagesAsync(transport, token => store.ListAsync(new WorkflowQuery(), pageSize, token, Cancel));

        Assert.Equal(ids.Order(), all.Select(w => w.Target.WorkflowId).Order());
        Assert.Equal(all.OrderByDescending(w => w.Tracked).Select(w => w.Tracked), all.Select(w => w.Tracked));
    }

    [Fact]
    public async Task Clusters_and_projects_are_listed_in_pages_of_five_reads_and_none_is_empty()
    {
        var transport = new FaultyTransport();
        var store = NewServices(transport).GetRequiredService<IClusterStore>();
        var ids = Shard.All.SelectMany(shard => IdsIn(shard, 2)).ToList();
        await Task.WhenAll(ids.Select(id => store.TrackClusterAsync(new TrackedCluster { ProjectId = "p", ClusterId = id, TrackedAt = Noon, NextDiscoveryAt = Noon }, onlyIfUnknown: false, Cancel)));
        await store.UntrackClusterAsync(ids[3], Cancel);
        await Task.WhenAll(ids.Take(5).Select(id => store.TrackProjectAsync(new TrackedProject { ProjectId = id, TrackedAt = Noon, NextListAt = Noon }, onlyIfUnknown: false, Cancel)));

        Assert.Equal(ids.Where(id => id != ids[3]).Order(), (await PagesAsync(transport, token => store.ListClustersAsync(null, 100, token, Cancel))).Select(c => c.ClusterId).Order());
        Assert.Equal(ids.Take(5).Order(), (await PagesAsync(transport, token => store.ListProjectsAsync(100, token, Cancel))).Select(p => p.ProjectId).Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_app_that_watches_nothing_answers_one_empty_page(bool tablesThere)
    {
        if (tablesThere)
        {
            // As the template makes them; a cycle has been.
            await WorkflowsTable.CreateAsync(Cancel);
            await NewStore().WriteAsync(Shard.All[0], [], Board(Noon), Cancel);
        }
        var store = NewStore();

        var page = await store.ListAsync(new WorkflowQuery(), 100, null, Cancel);

        Assert.Equal((0, null), (page.Items.Count, page.ContinuationToken));
    }

    [Fact]
    public async Task Rows_that_are_older_than_the_marks_are_found_and_the_next_cycle_marks_them()
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        var ids = ((int[])[0, 5, 13]).SelectMany(shard => IdsIn(Shard.All[shard], 2)).ToList();
        foreach (var id in ids)
        {
            await SeedAsync(store, Shard.Of(id), [id]);
        }

        Assert.Equal(ids.Order(), (await PagesAsync(transport, token => NewStore(transport).ListAsync(new WorkflowQuery(), 100, token, Cancel), mayBeEmpty: true)).Select(w => w.Target.WorkflowId).Order());
        await WorkflowsTable.DeleteEntityAsync(OccupiedRanges.PartitionKey, OccupiedRanges.RowKey, cancellationToken: Cancel);
        await store.WriteAsync(Shard.All[9], [], Board(Noon), Cancel);
        transport.Forget();

        var page = await store.ListAsync(new WorkflowQuery(), 100, null, Cancel);

        Assert.Equal((6, null), (page.Items.Count, page.ContinuationToken));
        Assert.Equal(1 + 3, transport.CountAll);
    }

    [Fact]
    public async Task What_has_become_empty_is_read_once_more_and_then_no_more()
    {
        var transport = new FaultyTransport();
        var services = Impatient(transport);
        var store = services.GetRequiredService<IWorkflowStore>();
        var ids = Shard.All.Select(shard => IdsIn(shard, 1)[0]).ToList();
        await Task.WhenAll(ids.Select(id => TrackAsync(store, id)));
        await Task.WhenAll(ids.Skip(1).Select(id => store.PurgeAsync(id, Cancel)));
        var active = new WorkflowQuery { Active = true };
        await PagesAsync(transport, token => store.ListAsync(active, 100, token, Cancel), mayBeEmpty: true);
        transport.Forget();

        var page = await store.ListAsync(active, 100, null, Cancel);

        Assert.Equal(ids[0], Assert.Single(page.Items).Target.WorkflowId);
        Assert.Equal((null, 2), (page.ContinuationToken, transport.CountAll));
    }

    [Fact]
    public async Task A_mark_is_not_taken_back_while_its_row_may_still_be_under_way()
    {
        var transport = new FaultyTransport();
        var (slow, store) = (NewStore(transport), NewStore());
        await TrackAsync(store, "wf-1");
        var late = IdsIn(Shard.All.First(shard => shard != Shard.Of("wf-1")), 1)[0];
        var listed = false;
        // The list comes between the mark and the row that it was made for.
        transport.Before = async kind =>
        {
            if (kind == "write" && !listed && transport.Count("write") == 2)
            {
                listed = true;
                Assert.Single((await store.ListAsync(new WorkflowQuery(), 100, null, Cancel)).Items);
            }
        };

        await TrackAsync(slow, late);

        Assert.True(listed);
        Assert.Equal(["wf-1", late], (await store.ListAsync(new WorkflowQuery(), 100, null, Cancel)).Items.Select(w => w.Target.WorkflowId).OrderByDescending(id => id == "wf-1"));
    }

    [Fact]
    public async Task Who_marks_while_a_list_finds_the_range_empty_keeps_the_mark()
    {
        var transport = new FaultyTransport();
        var store = Impatient(transport).GetRequiredService<IWorkflowStore>();
        await TrackAsync(store, "wf-1");
        await store.PurgeAsync("wf-1", Cancel);
        var tracked = false;
        transport.Before = async kind =>
        {
            // About to take the mark back.
            if (kind == "write" && !tracked)
            {
                tracked = true;
                await TrackAsync(NewStore(), "wf-1");
            }
        };

        Assert.Empty((await store.ListAsync(new WorkflowQuery(), 100, null, Cancel)).Items);

        Assert.True(tracked);
        Assert.Single((await NewStore().ListAsync(new WorkflowQuery(), 100, null, Cancel)).Items);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_comes_and_goes_the_list_shows_all_that_is_there(int seed)
    {
        var random = new Random(seed);
        var stores = Enumerable.Range(0, 2).Select(_ => Impatient(null).GetRequiredService<IWorkflowStore>()).ToList();
        var ids = ((int[])[2, 3, 4]).SelectMany(shard => IdsIn(Shard.All[shard], 2)).ToList();
        for (var step = 0; step < 60; step++)
        {
            var (store, id) = (stores[random.Next(2)], ids[random.Next(ids.Count)]);
            await (random.Next(4) switch
            {
                0 or 1 => TrackAsync(store, id),
                2 => store.UntrackAsync(id, Cancel),
                _ => (Task)store.PurgeAsync(id, Cancel),
            });
            var known = new List<string>();
            foreach (var each in ids)
            {
                if (await store.FindAsync(each, Cancel) is not null)
                {
                    known.Add(each);
                }
            }
            Assert.Equal(known.Order(), (await PagesAsync(null, token => store.ListAsync(new WorkflowQuery(), 100, token, Cancel), mayBeEmpty: true)).Select(w => w.Target.WorkflowId).Order());
        }
    }

    [Fact]
    public async Task A_history_is_read_in_pages_of_the_table_and_no_more_than_three_at_once()
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        var row = await TrackAsync(store, "wf-1");
        var write = Change(row, "A");
        await store.WriteAsync(Shard.Of("wf-1"), [write], null, Cancel);
        transport.Forget();

        Assert.Single((await store.ReadHistoryAsync("wf-1", null, null, 100, null, Cancel)).Items);

        Assert.InRange(transport.CountAll, 1, 3);
    }

    /// <summary>A process that takes marks back at once, and so trusts none that it has made before. The service's clock tells whole seconds.</summary>
    private ServiceProvider Impatient(FaultyTransport? transport)
    {
        var services = NewServices(transport);
        services.GetRequiredService<StorageTables>().Occupied.Quiet = TimeSpan.FromSeconds(-2);
        return services;
    }

    private static async Task<List<T>> PagesAsync<T>(FaultyTransport? transport, Func<string?, Task<Page<T>>> list, bool mayBeEmpty = false)
    {
        var all = new List<T>();
        for (string? token = null; ;)
        {
            transport?.Forget();
            var page = await list(token);
            Assert.InRange(transport?.Count("read") ?? 0, 0, MaxReads);
            Assert.True(mayBeEmpty || page.Items.Count > 0, "An empty page.");
            all.AddRange(page.Items);
            if ((token = page.ContinuationToken) is null)
            {
                return all;
            }
        }
    }
}
