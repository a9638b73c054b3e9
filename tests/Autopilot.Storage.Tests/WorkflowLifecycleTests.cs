using System.Globalization;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Rows;
using Azure.Data.Tables;

namespace Autopilot.Storage.Tests;

/// <summary>Beginning, stopping, finishing and purging.</summary>
public sealed class WorkflowLifecycleTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Fact]
    public async Task Tracking_begins_once_and_takes_a_new_cluster_name_over()
    {
        var store = NewStore();

        var created = await store.TrackAsync(Target("wf-1"), null, Noon, false, Cancel);
        var again = await store.TrackAsync(Target("wf-1"), "prod-eu", Noon.AddDays(1), false, Cancel);
        var other = await store.TrackAsync(Target("wf-1", cluster: "cluster-2"), null, Noon, false, Cancel);

        Assert.Equal(
            (TrackStatus.Created, TrackStatus.AlreadyTracked, TrackStatus.OtherCluster),
            (created.Status, again.Status, other.Status)
        );
        var row = (await store.FindAsync("wf-1", Cancel))!;
        Assert.Equivalent(
            new TrackedWorkflow
            {
                Target = Target("wf-1"),
                ClusterName = "prod-eu",
                ClusterNameGiven = true,
                TrackedAt = Noon,
                NextPollAt = Noon,
                ETag = row.ETag,
            },
            row,
            strict: true
        );
        Assert.Equal(row.ETag, again.Workflow.ETag);
        Assert.Equal("cluster-1", other.Workflow.Target.ClusterId);
    }

    [Fact]
    public async Task What_a_person_calls_a_cluster_stays_and_what_upstream_calls_it_follows_upstream()
    {
        var store = NewStore();
        await NameAsync("upstream's", onlyIfUnknown: true);
        Assert.Equal("upstream's new one", (await NameAsync("upstream's new one", onlyIfUnknown: true)).ClusterName);
        Assert.Equal("ours", (await NameAsync("ours", onlyIfUnknown: false)).ClusterName);

        var version = (await store.FindAsync("wf-1", Cancel))!.ETag;
        Assert.Equal(
            ("ours", version),
            ((await NameAsync("upstream's", onlyIfUnknown: true)).ClusterName, (await store.FindAsync("wf-1", Cancel))!.ETag)
        );
        await store.UntrackAsync("wf-1", Cancel);
        await NameAsync(null, onlyIfUnknown: false);
        Assert.Equal("ours", (await NameAsync("upstream's", onlyIfUnknown: true)).ClusterName);
        Assert.Equal("ours of today", (await NameAsync("ours of today", onlyIfUnknown: false)).ClusterName);

        async Task<TrackedWorkflow> NameAsync(string? name, bool onlyIfUnknown)
        {
            await store.TrackAsync(Target("wf-1"), name, Noon, onlyIfUnknown, Cancel);
            return (await store.FindAsync("wf-1", Cancel))!;
        }
    }

    [Fact]
    public async Task A_workflow_tracked_again_continues_its_old_history()
    {
        var store = NewStore();
        await store.WriteAsync(Shard.Of("wf-1"), [Change(await TrackAsync(store, "wf-1"), "A")], null, Cancel);

        Assert.True(await store.UntrackAsync("wf-1", Cancel));
        var untracked = (await store.FindAsync("wf-1", Cancel))!;
        var left = await store.TrackAsync(Target("wf-1"), null, Noon.AddDays(1), onlyIfUnknown: true, Cancel);
        var resumed = await store.TrackAsync(Target("wf-1"), null, Noon.AddDays(1), onlyIfUnknown: false, Cancel);
        await store.WriteAsync(Shard.Of("wf-1"), [Change(resumed.Workflow, "B")], null, Cancel);

        Assert.False(untracked.Tracked);
        Assert.Equal((TrackStatus.LeftUntracked, TrackStatus.Resumed), (left.Status, resumed.Status));
        Assert.Equal((true, Noon, Noon.AddDays(1)), (resumed.Workflow.Tracked, resumed.Workflow.TrackedAt, resumed.Workflow.NextPollAt));
        await AssertHistoryAsync(store, "wf-1", "A", "B");
    }

    [Fact]
    public async Task Untracking_an_unknown_workflow_says_so()
    {
        var store = NewStore();

        Assert.False(await store.UntrackAsync("wf-1", Cancel));
        Assert.False(await store.PurgeAsync("wf-1", Cancel));
    }

    [Theory]
    [InlineData(Fault.CutBefore)]
    [InlineData(Fault.CutAfter)]
    [InlineData(Fault.FailAfter)]
    public async Task Tracking_whose_response_was_lost_still_returns_new(Fault fault)
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        await TrackAsync(store, "wf-other");
        FailOnce(transport, "write", fault);

        var result = await store.TrackAsync(Target("wf-1"), null, Noon, false, Cancel);

        Assert.Equal(TrackStatus.Created, result.Status);
        Assert.Equal(result.Workflow.ETag, (await store.FindAsync("wf-1", Cancel))!.ETag);
    }

    [Fact]
    public async Task Of_many_who_track_at_once_one_creates()
    {
        var stores = Enumerable.Range(0, 6).Select(_ => NewStore()).ToList();
        await TrackAsync(stores[0], "wf-other");

        var results = await Task.WhenAll(stores.Select((s, i) => s.TrackAsync(Target("wf-1"), null, Noon.AddSeconds(i), false, Cancel)));

        Assert.Equal(1, results.Count(r => r.Status is TrackStatus.Created));
        Assert.Equal(5, results.Count(r => r.Status is TrackStatus.AlreadyTracked));
        Assert.Single(results.Select(r => r.Workflow.TrackedAt).Distinct());
    }

    [Fact]
    public async Task Untracking_and_resuming_at_once_never_lose_the_workflow()
    {
        var stores = Enumerable.Range(0, 2).Select(_ => NewStore()).ToList();
        await stores[0].WriteAsync(Shard.Of("wf-1"), [Change(await TrackAsync(stores[0], "wf-1"), "A")], null, Cancel);

        await Task.WhenAll(
            stores.Select(
                async (store, i) =>
                {
                    for (var n = 0; n < 20; n++)
                    {
                        if ((n + i) % 2 == 0)
                        {
                            Assert.True(await store.UntrackAsync("wf-1", Cancel));
                        }
                        else
                        {
                            Assert.NotEqual(
                                TrackStatus.Created,
                                (await store.TrackAsync(Target("wf-1"), null, Noon, false, Cancel)).Status
                            );
                        }
                    }
                }
            )
        );

        await AssertHistoryAsync(stores[0], "wf-1", "A");
        Assert.Single(await OwnRowsAsync("wf-1"));
    }

    [Fact]
    public async Task A_finished_workflow_moves_with_its_run_and_stays_finished()
    {
        var store = NewStore();
        var finished = await EndAsync(store, "wf-1");

        await store.FinishAsync(finished, RunOf(finished), Cancel);

        Assert.Empty((await store.ReadShardAsync(Shard.Of("wf-1"), Cancel)).Workflows);
        var row = (await store.FindAsync("wf-1", Cancel))!;
        Assert.Equivalent(finished with { ETag = row.ETag }, row, strict: true);
        Assert.Equal(TrackStatus.Finished, (await store.TrackAsync(Target("wf-1"), null, Noon, false, Cancel)).Status);
        var run = Assert.Single(await RunsAsync());
        Assert.Equal("2026-05", run.PartitionKey);
        Assert.Equal($"{DateTime.MaxValue.Ticks - finished.EndedAt!.Value.UtcTicks:D19}|wf-1", run.RowKey);
        Assert.Equal(606.149778, run.GetDouble("ActiveSeconds"));
        Assert.Contains("\"type\":\"Cluster\"", run.GetString("Tasks"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finished_workflow_can_be_untracked_and_tracked_again_and_stays_as_it_ended()
    {
        var store = NewStore();
        var finished = await EndAsync(store, "wf-1");
        // Between its end and its move, too.
        Assert.True(await store.UntrackAsync("wf-1", Cancel));
        await store.FinishAsync(finished, RunOf(finished), Cancel);

        var untracked = (await store.FindAsync("wf-1", Cancel))!;
        Assert.Equal((false, finished.Outcome, finished.EndedAt), (untracked.Tracked, untracked.Outcome, untracked.EndedAt));
        Assert.False((await store.TrackAsync(Target("wf-1"), null, Noon, onlyIfUnknown: true, Cancel)).Workflow.Tracked);

        Assert.Equal(TrackStatus.Finished, (await store.TrackAsync(Target("wf-1"), null, Noon, onlyIfUnknown: false, Cancel)).Status);
        Assert.Equal((true, finished.Outcome), (await store.FindAsync("wf-1", Cancel)) is { } row ? (row.Tracked, row.Outcome) : default);
    }

    [Fact]
    public async Task Finishing_again_and_concurrently_stores_one_run()
    {
        var stores = Enumerable.Range(0, 4).Select(_ => NewStore()).ToList();
        var finished = await EndAsync(stores[0], "wf-1");

        await Task.WhenAll(stores.Select(s => s.FinishAsync(finished, RunOf(finished), Cancel)));
        await stores[0].FinishAsync(finished, RunOf(finished), Cancel);

        Assert.Single(await RunsAsync());
        Assert.Equal("f|wf-1", Assert.Single(await OwnRowsAsync("wf-1")));
    }

    [Theory]
    [InlineData("write", Fault.CutAfter)]
    [InlineData("write", Fault.BusyBefore)]
    [InlineData("transaction", Fault.CutAfter)]
    [InlineData("transaction", Fault.CutBefore)]
    public async Task Finishing_survives_a_lost_answer(string kind, Fault fault)
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        var finished = await EndAsync(store, "wf-1");
        await RunsTable.CreateIfNotExistsAsync(Cancel);
        FailOnce(transport, kind, fault);

        await store.FinishAsync(finished, RunOf(finished), Cancel);

        Assert.Single(await RunsAsync());
        Assert.Equal("f|wf-1", Assert.Single(await OwnRowsAsync("wf-1")));
    }

    [Fact]
    public async Task Finishing_with_an_outdated_version_moves_the_row_as_it_is()
    {
        var store = NewStore();
        var finished = await EndAsync(store, "wf-1");
        await store.TrackAsync(Target("wf-1"), null, Noon, false, Cancel);
        await WorkflowsTable.UpdateEntityAsync(
            new TableEntity(Shard.Of("wf-1").Key, "a|wf-1") { ["ClusterName"] = "renamed" },
            Azure.ETag.All,
            TableUpdateMode.Merge,
            Cancel
        );

        await store.FinishAsync(finished, RunOf(finished), Cancel);

        Assert.Equal("renamed", (await store.FindAsync("wf-1", Cancel))!.ClusterName);
        Assert.Equal("f|wf-1", Assert.Single(await OwnRowsAsync("wf-1")));
    }

    [Fact]
    public async Task An_interrupted_purge_continues_and_meanwhile_nothing_is_tracked_or_written()
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        var row = await TrackAsync(store, "wf-1");
        for (var n = 0; n < 130; n++)
        {
            var write = Change(row, $"state {n}");
            row = (await store.WriteAsync(Shard.Of("wf-1"), [write], null, Cancel)).Committed(0, write);
        }
        // The first batch of deletions goes through, then the service is away.
        var transactions = 0;
        transport.Next = (kind, _) => kind is "transaction" && ++transactions > 1 ? Fault.CutBefore : Fault.None;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.PurgeAsync("wf-1", Cancel));
        transport.Next = (_, _) => Fault.None;

        var interrupted = await RowsAsync("wf-1");
        Assert.Equal(32, interrupted.Count);
        Assert.Equal(TrackStatus.Purging, (await store.TrackAsync(Target("wf-1"), null, Noon, false, Cancel)).Status);
        Assert.Equal([WriteOutcome.NotFound], (await store.WriteAsync(Shard.Of("wf-1"), [Change(row, "late")], null, Cancel)).Outcomes);
        Assert.Empty((await store.ReadShardAsync(Shard.Of("wf-1"), Cancel)).Workflows);

        Assert.True(await store.PurgeAsync("wf-1", Cancel));

        Assert.Empty(await RowsAsync("wf-1"));
        Assert.False(await store.PurgeAsync("wf-1", Cancel));
        Assert.Equal(TrackStatus.Created, (await store.TrackAsync(Target("wf-1"), null, Noon, false, Cancel)).Status);
        await AssertHistoryAsync(store, "wf-1");
    }

    [Theory]
    [InlineData("write", 2)]
    [InlineData("transaction", 1)]
    public async Task A_purge_in_conflict_leaves_a_workflow_that_was_tracked_again(string kind, int request)
    {
        var transport = new FaultyTransport();
        var (late, fast) = (NewStore(transport), NewStore());
        await WriteAsync(fast, await TrackAsync(fast, "wf-1"), "old");
        var sent = 0;
        transport.Before = async k =>
        {
            // Held before it deletes the row, or the history; meanwhile the workflow goes and comes again.
            if (k == kind && ++sent == request)
            {
                Assert.True(await fast.PurgeAsync("wf-1", Cancel));
                await WriteAsync(fast, await TrackAsync(fast, "wf-1"), "new");
            }
        };

        Assert.True(await late.PurgeAsync("wf-1", Cancel));

        Assert.Equal(request, sent);
        await AssertHistoryAsync(fast, "wf-1", "new");
    }

    [Fact]
    public async Task A_purge_that_was_overtaken_by_another_is_done()
    {
        var transport = new FaultyTransport();
        var (late, fast) = (NewStore(transport), NewStore());
        await WriteAsync(fast, await TrackAsync(fast, "wf-1"), "A");
        var overtaken = false;
        transport.Before = async kind =>
        {
            if (kind == "transaction" && !overtaken)
            {
                overtaken = await fast.PurgeAsync("wf-1", Cancel);
            }
        };

        Assert.True(await late.PurgeAsync("wf-1", Cancel));

        Assert.True(overtaken);
        Assert.Empty(await RowsAsync("wf-1"));
    }

    [Fact]
    public async Task Purges_of_one_long_history_at_once_all_come_to_an_end()
    {
        var stores = Enumerable.Range(0, 3).Select(_ => NewStore()).ToList();
        await TrackAsync(stores[0], "wf-1");
        foreach (var some in Enumerable.Range(1, 1500).Chunk(100))
        {
            await WorkflowsTable.SubmitTransactionAsync(
                some.Select(n => new TableTransactionAction(
                    TableTransactionActionType.Add,
                    new TableEntity(Shard.Of("wf-1").Key, RowKeys.History("wf-1", n))
                )),
                Cancel
            );
        }

        var answers = await Task.WhenAll(stores.Select(s => s.PurgeAsync("wf-1", Cancel)));

        Assert.Contains(true, answers);
        Assert.Empty(await RowsAsync("wf-1"));
    }

    [Theory]
    [InlineData("write", Fault.CutBefore)]
    [InlineData("write", Fault.CutAfter)]
    [InlineData("write", Fault.FailAfter)]
    [InlineData("transaction", Fault.CutBefore)]
    [InlineData("transaction", Fault.CutAfter)]
    public async Task A_purge_survives_lost_answers(string kind, Fault fault)
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        await WriteAsync(store, await TrackAsync(store, "wf-1"), "A");
        // The first and the last request of its kind.
        var sent = 0;
        transport.Next = (k, _) => k == kind && ++sent is 1 or 3 ? fault : Fault.None;

        Assert.True(await store.PurgeAsync("wf-1", Cancel));

        Assert.Empty(await RowsAsync("wf-1"));
    }

    [Fact]
    public async Task A_purge_leaves_workflows_with_a_longer_id_alone()
    {
        var store = NewStore();
        // Same shard, and one id begins with the other.
        var shorter = "a";
        var longer = Enumerable
            .Range(0, int.MaxValue)
            .Select(i => $"a-{i.ToString(CultureInfo.InvariantCulture)}")
            .First(id => Shard.Of(id) == Shard.Of(shorter));
        foreach (var id in (string[])[shorter, longer])
        {
            await store.WriteAsync(Shard.Of(id), [Change(await TrackAsync(store, id), "A")], null, Cancel);
        }

        await store.PurgeAsync(shorter, Cancel);

        Assert.Null(await store.FindAsync(shorter, Cancel));
        await AssertHistoryAsync(store, longer, "A");
    }

    internal static FinishedUpgrade RunOf(TrackedWorkflow finished) =>
        new()
        {
            Target = finished.Target,
            Outcome = finished.Outcome!.Value,
            EndedAt = finished.EndedAt!.Value,
            FromVersion = "v1.28.6-r0",
            TargetVersion = "v1.30.4-r0",
            ActiveSeconds = 606.149778,
            Attempts = 3,
            Tasks = [new FinishedTask(UpgradeTaskType.Cluster, UpgradeTaskStatus.Success, 545.2, 600, null, 2, 1)],
        };

    internal static void FailOnce(FaultyTransport transport, string kind, Fault fault)
    {
        var left = 1;
        transport.Next = (k, _) => k == kind && Interlocked.Decrement(ref left) >= 0 ? fault : Fault.None;
    }

    private static Task WriteAsync(TableWorkflowStore store, TrackedWorkflow row, string content) =>
        store.WriteAsync(Shard.Of(row.Target.WorkflowId), [Change(row, content)], null, Cancel);

    private static async Task<TrackedWorkflow> EndAsync(TableWorkflowStore store, string id)
    {
        var write = Change(await TrackAsync(store, id), "done", phase: "Success");
        write = write with { After = write.After with { Outcome = WorkflowOutcome.Succeeded, EndedAt = Noon.AddMinutes(30).AddTicks(7) } };
        return (await store.WriteAsync(Shard.Of(id), [write], null, Cancel)).Committed(0, write);
    }

    /// <summary>Every row of a workflow: its own and its history.</summary>
    private async Task<List<TableEntity>> RowsAsync(string id)
    {
        var rows = await WorkflowsTable.QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel);
        return
        [
            .. rows.Where(r => r.RowKey == "a|" + id || r.RowKey == "f|" + id || r.RowKey.StartsWith($"h|{id}|", StringComparison.Ordinal)),
        ];
    }

    private async Task<List<string>> OwnRowsAsync(string id) => [.. (await RowsAsync(id)).Select(r => r.RowKey).Where(k => k[0] != 'h')];

    private async Task<List<TableEntity>> RunsAsync() =>
        await RunsTable.QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel);
}
