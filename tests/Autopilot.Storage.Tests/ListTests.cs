using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Rows;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Autopilot.Storage.Tests;

/// <summary>Lists and histories, a page at a time.</summary>
public sealed class ListTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Every_workflow_is_listed_once_active_then_untracked_then_finished(int pageSize)
    {
        var store = NewStore();
        var ids = Enumerable.Range(0, 40).Select(i => $"wf-{i}").ToList();
        foreach (var id in ids)
        {
            await TrackAsync(store, id);
        }
        foreach (var id in ids.Take(11))
        {
            await store.UntrackAsync(id, Cancel);
        }
        foreach (var (n, id) in ids.Skip(11).Take(9).Index())
        {
            await FinishAsync(store, id, Noon.AddDays(-20 * n));
        }

        var all = await AllAsync(new WorkflowQuery(), pageSize);

        Assert.Equal(ids.Order(), all.Select(w => w.Target.WorkflowId).Order());
        Assert.Equal(
            Enumerable.Repeat("active", 20).Concat(Enumerable.Repeat("untracked", 11)).Concat(Enumerable.Repeat("finished", 9)),
            all.Select(w =>
                w.Outcome is not null ? "finished"
                : w.Tracked ? "active"
                : "untracked"
            )
        );
        Assert.Equal(ids.Skip(11).Take(9), all.TakeLast(9).Select(w => w.Target.WorkflowId));
        Assert.Equal(20, (await AllAsync(new WorkflowQuery { Active = true }, pageSize)).Count);
        Assert.Equal(20, (await AllAsync(new WorkflowQuery { Active = false }, pageSize)).Count);
    }

    [Fact]
    public async Task Filters_apply_to_every_kind_and_what_users_type_stays_a_value()
    {
        var store = NewStore();
        await store.TrackAsync(Target("wf-1", cluster: "c-1"), "O'Neil's", Noon, false, Cancel);
        await store.TrackAsync(Target("wf-2", cluster: "c-2", project: "p-2"), null, Noon, false, Cancel);
        var odd = "O'Neil' or RowKey ge '";
        await store.WriteAsync(Shard.Of("wf-2"), [Change((await store.FindAsync("wf-2", Cancel))!, "A", phase: odd)], null, Cancel);
        await store.TrackAsync(Target("wf-3", cluster: "c-1"), "O'Neil's", Noon, false, Cancel);
        await FinishAsync(store, "wf-3", Noon);
        await store.TrackAsync(Target("wf-4", cluster: "c-1"), null, Noon, false, Cancel);
        await store.UntrackAsync("wf-4", Cancel);

        Assert.Equal(["wf-1", "wf-4", "wf-3"], await IdsAsync(new WorkflowQuery { ClusterId = "c-1" }));
        Assert.Equal(["wf-1", "wf-4", "wf-3"], await IdsAsync(new WorkflowQuery { Cluster = "C-1" }));
        Assert.Equal(["wf-1", "wf-3"], await IdsAsync(new WorkflowQuery { Cluster = "O'Neil's" }));
        Assert.Empty(await IdsAsync(new WorkflowQuery { Cluster = "x' or ClusterId ne '" }));
        Assert.Equal(["wf-2"], await IdsAsync(new WorkflowQuery { ProjectId = "p-2" }));
        Assert.Equal(["wf-2"], await IdsAsync(new WorkflowQuery { Phase = odd }));
        Assert.Equal(["wf-3"], await IdsAsync(new WorkflowQuery { Phase = "Success" }));
        Assert.Equal(["wf-3"], await IdsAsync(new WorkflowQuery { Assessment = Assessment.Completed }));
        Assert.Empty(await IdsAsync(new WorkflowQuery { Assessment = Assessment.Cancelled }));
        Assert.Empty(await IdsAsync(new WorkflowQuery { Assessment = Assessment.Gone }));
        Assert.Empty(await IdsAsync(new WorkflowQuery { Phase = "x' or Phase ne '" }));
        Assert.Empty(await IdsAsync(new WorkflowQuery { ClusterId = "c-1", ProjectId = "p-2" }));

        async Task<List<string>> IdsAsync(WorkflowQuery query) => [.. (await AllAsync(query, 10)).Select(w => w.Target.WorkflowId)];
    }

    [Fact]
    public async Task A_token_that_is_not_ours_or_of_another_query_is_refused()
    {
        var store = NewStore();
        for (var i = 0; i < 5; i++)
        {
            await TrackAsync(store, $"wf-{i}");
        }
        var lister = await NewListerAsync();
        var good = (await lister.ListAsync(new WorkflowQuery(), default, 1, null, Cancel)).ContinuationToken!;

        foreach (var bad in (string[])["", "x", "%", "Zm9v", new string('A', 5000)])
        {
            await Assert.ThrowsAsync<InvalidContinuationTokenException>(() =>
                lister.ListAsync(new WorkflowQuery(), default, 10, bad, Cancel)
            );
        }
        await Assert.ThrowsAsync<InvalidContinuationTokenException>(() =>
            lister.ListAsync(new WorkflowQuery { Phase = "Running" }, default, 10, good, Cancel)
        );
        await Assert.ThrowsAsync<InvalidContinuationTokenException>(() => store.ReadHistoryAsync("wf-1", null, null, 10, good, Cancel));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(3, 5)]
    [InlineData(200, 40)]
    [InlineData(2500, 40)]
    public async Task A_first_page_makes_32_range_reads_and_one_per_thousand_and_point_reads(int active, int finished)
    {
        await WorkflowsTable.CreateIfNotExistsAsync(Cancel);
        await RunsTable.CreateIfNotExistsAsync(Cancel);
        await SeedActiveAsync(active);
        // Of years ago, so that no month is a likely one.
        await SeedFinishedAsync([.. Enumerable.Range(0, finished).Select(i => ($"done-{i}", Noon.AddDays(-40 * i)))]);
        var store = NewStore();
        foreach (var id in (string[])["gone-1", "gone-2"])
        {
            await TrackAsync(store, id);
            await store.UntrackAsync(id, Cancel);
        }

        foreach (
            var (order, size) in (from order in WorkflowOrder.Names from size in (int[])[1, 100, 1000] select (order, size)).Where(asked =>
                active < 2500 || asked.order is "need" or "cluster desc"
            )
        )
        {
            var transport = new FaultyTransport();
            var lister = await NewListerAsync(transport);
            Assert.True(WorkflowOrder.TryParse(order, out var by));
            var list = await lister.ListAsync(new WorkflowQuery(), by, size, null, Cancel);

            var points = transport.Addresses.Count(address => address.Contains("(PartitionKey=", StringComparison.Ordinal));
            Assert.Equal((Math.Min(size, active + finished + 2), transport.CountAll), (list.Items.Count, transport.Count("read")));
            Assert.Equal(list.Items.Count(item => item.Row.Outcome is not null), points);
            Assert.True(transport.CountAll - points <= 32 + active / 1000, $"{order}, {size}: {transport.CountAll - points} range reads");
            Assert.Equal(active, list.Counts.Values.Sum());
        }
    }

    [Fact]
    public async Task Runs_of_many_years_are_found_in_few_reads_however_they_are_spread()
    {
        // More than a page lie in one month of long ago, few in the years since, and some in the future of a clock that is behind.
        List<(string Id, DateTimeOffset EndedAt)> ended =
        [
            ("future", DateTimeOffset.UtcNow.AddDays(70)),
            .. Enumerable.Range(0, 30).Select(i => ($"since-{i:00}", DateTimeOffset.UtcNow.AddDays(-60 * i))),
            .. Enumerable.Range(0, 2100).Select(i => ($"then-{i:0000}", DateTimeOffset.UtcNow.AddYears(-6).AddSeconds(-i))),
            ("first", DateTimeOffset.UtcNow.AddYears(-9)),
        ];
        await RunsTable.CreateIfNotExistsAsync(Cancel);
        await SeedRunsAsync(ended);

        var transport = new FaultyTransport();
        var store = NewServices(transport).GetRequiredService<IWorkflowListStore>();
        var first = await store.ReadFinishedAsync(new WorkflowQuery(), null, Cancel).Take(100).ToListAsync(Cancel);
        Assert.InRange(transport.CountAll, 1, 16);
        var all = await store.ReadFinishedAsync(new WorkflowQuery(), null, Cancel).ToListAsync(Cancel);

        Assert.Equal(ended.OrderByDescending(run => run.EndedAt).Select(run => run.Id), all.Select(run => run.WorkflowId));
        Assert.Equal(all.Take(100), first);
        Assert.All(
            all.Index().Where(item => item.Index % 300 == 7),
            item =>
                Assert.Equal(
                    all[item.Index + 1],
                    store.ReadFinishedAsync(new WorkflowQuery(), item.Item, Cancel).FirstAsync(Cancel).AsTask().GetAwaiter().GetResult()
                )
        );
    }

    [Fact]
    public async Task Purged_ones_are_passed_over_and_their_runs_stay()
    {
        var store = NewStore();
        foreach (var (n, id) in ((string[])["a", "b", "c"]).Index())
        {
            await TrackAsync(store, id);
            await FinishAsync(store, id, Noon.AddDays(-n));
        }
        await store.PurgeAsync("b", Cancel);

        Assert.Equal(["a", "c"], (await AllAsync(new WorkflowQuery(), 2)).Select(w => w.Target.WorkflowId));
    }

    public static TheoryData<string> Orders => [.. WorkflowOrder.Names];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_damaged_run_hides_no_workflow_in_any_order(string order)
    {
        object[] values = ["word", "", 5, 5L, -1.5, true, Noon, new byte[] { 1, 2 }, Guid.Empty];
        var damages = (
            from column in (string[])["ClusterId", "ClusterName", "CreatedAt", "LastChangedAt", "V"]
            from value in values
            select (column, value)
        ).ToList();
        List<(string Id, DateTimeOffset EndedAt)> ended =
        [
            .. damages.Select((_, n) => ($"wf-{n:00}", Noon.AddDays(-n))),
            ("whole", Noon.AddDays(1)),
        ];
        await WorkflowsTable.CreateIfNotExistsAsync(Cancel);
        await SeedAsync(WorkflowsTable, ended.Select(run => WorkflowRow.Whole(Ended(run.Id, run.EndedAt), RowKeys.Finished(run.Id))));
        await RunsTable.CreateIfNotExistsAsync(Cancel);
        await SeedAsync(
            RunsTable,
            ended.Select(
                (run, n) =>
                {
                    var row = RunRow.Of(FinishedUpgrade.Of(Ended(run.Id, run.EndedAt)));
                    if (n < damages.Count)
                    {
                        row.Entity[damages[n].column] = damages[n].value;
                    }
                    return row;
                }
            )
        );
        // A key without an end is that of no run.
        await RunsTable.AddEntityAsync(
            new TableEntity(RunRow.PartitionOf(new DateOnly(2026, 5, 1)), "0-no-end") { ["ClusterId"] = "c" },
            Cancel
        );
        Assert.True(WorkflowOrder.TryParse(order, out var by));

        var lister = await NewListerAsync();
        var whole = await lister.ListAsync(new WorkflowQuery(), by, 100, null, Cancel);
        List<string> paged = [];
        for (
            var page = await lister.ListAsync(new WorkflowQuery(), by, 10, null, Cancel);
            ;
            page = await lister.ListAsync(new WorkflowQuery(), by, 10, page.ContinuationToken, Cancel)
        )
        {
            paged.AddRange(page.Items.Select(item => item.Row.Target.WorkflowId));
            if (page.ContinuationToken is null)
            {
                break;
            }
        }

        Assert.Equal(
            ended.Select(run => run.Id).Order(StringComparer.Ordinal),
            whole.Items.Select(item => item.Row.Target.WorkflowId).Order(StringComparer.Ordinal)
        );
        Assert.Equal(whole.Items.Select(item => item.Row.Target.WorkflowId), paged);
        // Each workflow's own row is whole.
        Assert.Equal(0, whole.Unreadable);
    }

    [Theory]
    [InlineData("ClusterId", 5)]
    [InlineData("CreatedAt", "yesterday")]
    [InlineData("V", 2)]
    public async Task A_damaged_run_is_reported_when_a_list_meets_it(string column, object value)
    {
        await RunsTable.CreateIfNotExistsAsync(Cancel);
        var row = RunRow.Of(FinishedUpgrade.Of(Ended("wf-1", Noon)));
        row.Entity[column] = value;
        await SeedAsync(RunsTable, [row]);
        var logs = FakeLogCollector.Create(new FakeLogCollectorOptions());

        var entry = Assert.Single(
            await NewServices(logs: logs)
                .GetRequiredService<IWorkflowListStore>()
                .ReadFinishedAsync(new WorkflowQuery(), null, Cancel)
                .ToListAsync(Cancel)
        );

        Assert.Equal(new FinishedEntry("wf-1", Noon) { ClusterId = "" }, entry);
        Assert.Equal("RunUnreadable", Assert.Single(logs.GetSnapshot(), log => log.Level >= LogLevel.Warning).Id.Name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_being_purged_is_in_no_list_and_no_error(bool? active)
    {
        var logs = FakeLogCollector.Create(new FakeLogCollectorOptions());
        var services = NewServices(logs: logs);
        var (store, lists) = (services.GetRequiredService<TableWorkflowStore>(), services.GetRequiredService<IWorkflowListStore>());
        foreach (var id in (string[])["here", "active", "damaged", "untracked", "finished", "kept"])
        {
            await TrackAsync(store, id);
        }
        await store.UntrackAsync("untracked", Cancel);
        await FinishAsync(store, "finished", Noon);
        await FinishAsync(store, "kept", Noon.AddDays(-1));
        foreach (
            var (key, id) in (IEnumerable<(string, string)>)
                [
                    (RowKeys.Active("active"), "active"),
                    (RowKeys.Active("damaged"), "damaged"),
                    (RowKeys.Finished("untracked"), "untracked"),
                    (RowKeys.Finished("finished"), "finished"),
                ]
        )
        {
            var mark = new TableEntity(RowKeys.PartitionOf(id), key) { ["Purging"] = true };
            if (id == "damaged")
            {
                mark["State"] = "{";
            }
            await WorkflowsTable.UpdateEntityAsync(mark, Azure.ETag.All, TableUpdateMode.Merge, Cancel);
        }
        // A history whose row was deleted gets a row with nothing but the mark.
        await WorkflowsTable.AddEntityAsync(
            new TableEntity(RowKeys.PartitionOf("orphan"), RowKeys.Finished("orphan")) { ["Purging"] = true },
            Cancel
        );

        var (found, unreadable) = (new List<string>(), 0);
        await lists.ReadAsync(
            new WorkflowQuery { Active = active },
            (page, bad) =>
            {
                lock (found)
                {
                    found.AddRange(page.Select(row => row.Target.WorkflowId));
                    unreadable += bad;
                }
            },
            Cancel
        );
        var rows = await lists.ReadFinishedRowsAsync(Cancel).Select(row => row.Target.WorkflowId).ToListAsync(Cancel);
        var list = await (await NewListerAsync()).ListAsync(new WorkflowQuery { Active = active }, default, 10, null, Cancel);

        Assert.Equal(active is false ? [] : (string[])["here"], found);
        Assert.Equal(0, unreadable);
        Assert.Equal(["kept"], rows);
        Assert.Equal(
            active switch
            {
                null => ["here", "kept"],
                true => ["here"],
                false => (string[])["kept"],
            },
            list.Items.Select(item => item.Row.Target.WorkflowId)
        );
        Assert.Equal(0, list.Unreadable);
        Assert.Equal(default, await lists.FindFinishedAsync("orphan", Cancel));
        Assert.Equal(default, await lists.FindFinishedAsync("finished", Cancel));
        Assert.DoesNotContain(logs.GetSnapshot(), log => log.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task Runs_are_not_rebuilt_of_what_is_being_purged()
    {
        var services = NewServices();
        var store = services.GetRequiredService<TableWorkflowStore>();
        foreach (var id in (string[])["kept", "purged"])
        {
            await TrackAsync(store, id);
            await FinishAsync(store, id, Noon);
        }
        await WorkflowsTable.UpdateEntityAsync(
            new TableEntity(RowKeys.PartitionOf("purged"), RowKeys.Finished("purged")) { ["Purging"] = true },
            Azure.ETag.All,
            TableUpdateMode.Merge,
            Cancel
        );
        await foreach (var run in RunsTable.QueryAsync<TableEntity>(cancellationToken: Cancel))
        {
            await RunsTable.DeleteEntityAsync(run, Azure.ETag.All, Cancel);
        }

        var written = await new FinishedUpgradeRebuild(
            services.GetRequiredService<IWorkflowListStore>(),
            services.GetRequiredService<IRunStore>()
        ).RunAsync(Cancel);

        Assert.Equal(1, written);
        Assert.Equal("kept", RunRow.IdOf((await RunsTable.QueryAsync<TableEntity>(cancellationToken: Cancel).SingleAsync(Cancel)).RowKey));
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_are_counted_and_hide_no_other()
    {
        var store = NewStore();
        foreach (var id in (string[])["a", "b", "c", "d"])
        {
            await TrackAsync(store, id);
        }
        await FinishAsync(store, "c", Noon);
        await FinishAsync(store, "d", Noon);
        await BreakAsync(RowKeys.Active("b"), "b");
        await BreakAsync(RowKeys.Finished("d"), "d");

        var list = await (await NewListerAsync()).ListAsync(new WorkflowQuery(), default, 10, null, Cancel);

        Assert.Equal(["a", "c"], list.Items.Select(item => item.Row.Target.WorkflowId));
        Assert.Equal(2, list.Unreadable);

        Task BreakAsync(string key, string id) =>
            WorkflowsTable.UpdateEntityAsync(
                new TableEntity(RowKeys.PartitionOf(id), key) { ["State"] = "{" },
                Azure.ETag.All,
                TableUpdateMode.Merge,
                Cancel
            );
    }

    [Fact]
    public async Task Clusters_come_by_name_and_projects_by_id_each_in_sixteen_reads()
    {
        var transport = new FaultyTransport();
        var store = NewServices(transport).GetRequiredService<Core.Tracking.Discovery.IClusterStore>();
        var ids = Shard.All.SelectMany(shard => IdsIn(shard, 2)).ToList();
        await Task.WhenAll(
            ids.Select(id =>
                store.TrackClusterAsync(
                    new()
                    {
                        ProjectId = "p",
                        ClusterId = id,
                        Name = $"n{ids.Count - ids.IndexOf(id):00}",
                        TrackedAt = Noon,
                        NextDiscoveryAt = Noon,
                    },
                    onlyIfUnknown: false,
                    Cancel
                )
            )
        );
        await store.UntrackClusterAsync(ids[3], Cancel);
        await Task.WhenAll(
            ids.Take(5)
                .Select(id =>
                    store.TrackProjectAsync(
                        new()
                        {
                            ProjectId = id,
                            TrackedAt = Noon,
                            NextListAt = Noon,
                        },
                        onlyIfUnknown: false,
                        Cancel
                    )
                )
        );
        transport.Forget();

        var clusters = await store.ListClustersAsync(null, 100, null, Cancel);
        Assert.Equal(ids.Where(id => id != ids[3]).Reverse(), clusters.Items.Select(cluster => cluster.ClusterId));
        Assert.Equal((null, 16), (clusters.ContinuationToken, transport.CountAll));
        transport.Forget();
        var projects = await store.ListProjectsAsync(3, null, Cancel);
        Assert.Equal(ids.Take(5).Order(StringComparer.Ordinal).Take(3), projects.Items.Select(project => project.ProjectId));
        Assert.Equal(16, transport.CountAll);
        Assert.Equal(
            ids.Take(5).Order(StringComparer.Ordinal).Skip(3),
            (await store.ListProjectsAsync(3, projects.ContinuationToken, Cancel)).Items.Select(project => project.ProjectId)
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_app_that_watches_nothing_answers_one_empty_page(bool tablesThere)
    {
        if (tablesThere)
        {
            await WorkflowsTable.CreateAsync(Cancel);
            await NewStore().WriteAsync(Shard.All[0], [], Board(Noon), Cancel);
        }

        var list = await (await NewListerAsync()).ListAsync(new WorkflowQuery(), default, 100, null, Cancel);

        Assert.Equal((0, null), (list.Items.Count, list.ContinuationToken));
    }

    [Fact]
    public async Task A_time_before_the_first_that_the_service_knows_is_asked_for_as_that_first()
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        await store.WriteAsync(Shard.Of("wf-1"), [Change(await TrackAsync(store, "wf-1"), "A")], null, Cancel);
        var asked = "";
        transport.Next = (_, request) =>
        {
            asked = Uri.UnescapeDataString(request.Uri.ToString());
            return Fault.None;
        };

        var all = await store.ReadHistoryAsync("wf-1", DateTimeOffset.MinValue, null, 10, null, Cancel);

        Assert.Single(all.Items);
        Assert.Contains("ObservedAt ge datetime'1601-01-01T00:00:00", asked, StringComparison.Ordinal);
        Assert.Empty(
            (await store.ReadHistoryAsync("wf-1", null, new DateTimeOffset(1600, 12, 31, 23, 0, 0, TimeSpan.Zero), 10, null, Cancel)).Items
        );
        Assert.Contains("ObservedAt lt datetime'1601-01-01T00:00:00", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_is_newest_first_and_cut_by_the_time_of_observation()
    {
        var store = NewStore();
        var row = await TrackAsync(store, "wf-1");
        for (var n = 1; n <= 25; n++)
        {
            // Observed at noon and n minutes.
            var write = Change(row, $"state {n}");
            row = (await store.WriteAsync(Shard.Of("wf-1"), [write], null, Cancel)).Committed(0, write);
        }

        var first = await store.ReadHistoryAsync("wf-1", null, null, 10, null, Cancel);
        Assert.Equal(Enumerable.Range(16, 10).Reverse().Select(n => (long)n), first.Items.Select(h => h.Sequence));
        var second = await store.ReadHistoryAsync("wf-1", null, null, 10, first.ContinuationToken, Cancel);
        var third = await store.ReadHistoryAsync("wf-1", null, null, 10, second.ContinuationToken, Cancel);
        Assert.Equal((10, 5, null), (second.Items.Count, third.Items.Count, third.ContinuationToken));

        var cut = await store.ReadHistoryAsync("wf-1", Noon.AddMinutes(5), Noon.AddMinutes(8), 100, null, Cancel);
        Assert.Equal([7L, 6L, 5L], cut.Items.Select(h => h.Sequence));
        Assert.Equal([new StateChange(UpgradeTaskType.PreCheck, "status", "NotStarted", "Running")], cut.Items[0].Changes);
        await Assert.ThrowsAsync<InvalidContinuationTokenException>(() =>
            store.ReadHistoryAsync("wf-1", Noon, null, 10, first.ContinuationToken, Cancel)
        );
        Assert.Empty((await store.ReadHistoryAsync("wf-unknown", null, null, 10, null, Cancel)).Items);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task A_sequence_that_is_not_there_is_null(long sequence)
    {
        var store = NewStore();
        await store.WriteAsync(Shard.Of("wf-1"), [Change(await TrackAsync(store, "wf-1"), "A")], null, Cancel);

        Assert.Null(await store.ReadStateAsync("wf-1", sequence, Cancel));
        Assert.NotNull(await store.ReadStateAsync("wf-1", 1, Cancel));
    }

    private async Task<List<TrackedWorkflow>> AllAsync(WorkflowQuery query, int pageSize)
    {
        var lister = await NewListerAsync();
        var all = new List<TrackedWorkflow>();
        string? token = null;
        do
        {
            var page = await lister.ListAsync(query, default, pageSize, token, Cancel);
            Assert.True(page.ContinuationToken is null ? page.Items.Count <= pageSize : page.Items.Count == pageSize);
            all.AddRange(page.Items.Select(item => item.Row));
            token = page.ContinuationToken;
        } while (token is not null);
        return all;
    }

    private static async Task FinishAsync(TableWorkflowStore store, string id, DateTimeOffset endedAt)
    {
        var before = (await store.FindAsync(id, Cancel))!;
        var write = Change(before, "end", phase: "Success");
        write = write with { After = write.After with { Outcome = WorkflowOutcome.Succeeded, EndedAt = endedAt } };
        await store.WriteAsync(Shard.Of(id), [write], null, Cancel);
        var stored = (await store.FindAsync(id, Cancel))!;
        await store.FinishAsync(stored, FinishedUpgrade.Of(stored), Cancel);
    }

    private Task SeedActiveAsync(int count) =>
        SeedAsync(
            WorkflowsTable,
            Enumerable
                .Range(0, count)
                .Select(i =>
                    WorkflowRow.Whole(
                        new TrackedWorkflow
                        {
                            Target = Target($"active-{i}"),
                            TrackedAt = Noon,
                            NextPollAt = Noon,
                        },
                        RowKeys.Active($"active-{i}")
                    )
                )
        );

    private async Task SeedFinishedAsync(IReadOnlyList<(string Id, DateTimeOffset EndedAt)> ended)
    {
        await SeedAsync(WorkflowsTable, ended.Select(run => WorkflowRow.Whole(Ended(run.Id, run.EndedAt), RowKeys.Finished(run.Id))));
        await SeedRunsAsync(ended);
    }

    private Task SeedRunsAsync(IEnumerable<(string Id, DateTimeOffset EndedAt)> ended) =>
        SeedAsync(RunsTable, ended.Select(run => RunRow.Of(FinishedUpgrade.Of(Ended(run.Id, run.EndedAt)))));

    private static TrackedWorkflow Ended(string id, DateTimeOffset endedAt) =>
        new()
        {
            Target = Target(id),
            TrackedAt = Noon,
            Outcome = WorkflowOutcome.Gone,
            EndedAt = endedAt,
        };

    private static async Task SeedAsync(TableClient table, IEnumerable<RowBuilder> rows)
    {
        foreach (var some in rows.GroupBy(row => row.Entity.PartitionKey).SelectMany(partition => partition.Chunk(100)))
        {
            await table.SubmitTransactionAsync(
                some.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row.Entity)),
                Cancel
            );
        }
    }
}
