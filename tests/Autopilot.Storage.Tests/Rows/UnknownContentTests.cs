using System.Text.Json.Nodes;
using Autopilot.Core.Listing;
using Autopilot.Core.Notifications;
using Autopilot.Core.Reporting;
using Autopilot.Core.Retention;
using Autopilot.Core.Rows;
using Autopilot.Core.Serialization;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Reading;
using Autopilot.Storage.Rows;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Storage.Tests.Rows;

/// <summary>What a next version has put into a row is still there after every write of this one.</summary>
public sealed class UnknownContentTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    private static readonly WorkflowTarget Upgrade = new(EveryRow.Project, EveryRow.Cluster, EveryRow.Active);

    [Fact]
    public async Task Every_write_of_a_workflow_keeps_it()
    {
        var store = (await SeededAsync()).GetRequiredService<TableWorkflowStore>();
        var row = (await store.FindAsync(EveryRow.Active, Cancel))!;

        row = await WriteAsync(
            store,
            Unchanged(row, Noon.AddHours(1)) with
            {
                After = row with
                {
                    ObservedAt = Noon.AddHours(1),
                    NextPollAt = Noon.AddHours(2),
                    Failure = row.Failure! with { Count = 9 },
                },
            }
        );
        await AssertKeptAsync($"a|{EveryRow.Active}", "State", "Runs", "TaskFailures", "Failure", "Standing");

        var change = Change(row, "next", Noon.AddHours(3));
        change = change with
        {
            After = change.After with
            {
                State = row.State! with { Phase = WorkflowPhase.Running },
                Runs = [.. row.Runs, .. change.After.Runs],
                TaskFailures = [.. row.TaskFailures],
                LastNotified = row.LastNotified! with { Notified = 5 },
            },
        };
        row = await WriteAsync(store, change);
        await AssertKeptAsync($"a|{EveryRow.Active}", "State", "Runs", "TaskFailures", "Standing");

        await store.TrackAsync(Upgrade, "renamed", Noon, onlyIfUnknown: false, Cancel);
        await AssertKeptAsync($"a|{EveryRow.Active}", "State", "Runs");
        await store.UntrackAsync(EveryRow.Active, Cancel);
        await AssertKeptAsync($"f|{EveryRow.Active}", "State", "Runs", "TaskFailures", "Standing");
        await store.TrackAsync(Upgrade, null, Noon, onlyIfUnknown: false, Cancel);
        await AssertKeptAsync($"a|{EveryRow.Active}", "State", "Runs", "TaskFailures", "Standing");

        row = (await store.FindAsync(EveryRow.Active, Cancel))!;
        var end = Change(row, "end", Noon.AddHours(4), phase: "Success");
        end = end with
        {
            After = end.After with
            {
                State = row.State! with { Phase = WorkflowPhase.Success },
                Runs = row.Runs,
                TaskFailures = row.TaskFailures,
                Outcome = WorkflowOutcome.Succeeded,
                EndedAt = Noon.AddHours(4),
            },
        };
        row = await WriteAsync(store, end);
        await store.FinishAsync(row, FinishedUpgrade.Of(row), Cancel);
        await AssertKeptAsync($"f|{EveryRow.Active}", "State", "Runs", "TaskFailures", "Standing");
        await store.UntrackAsync(EveryRow.Active, Cancel);
        await store.TrackAsync(Upgrade, null, Noon, onlyIfUnknown: false, Cancel);
        await AssertKeptAsync($"f|{EveryRow.Active}", "State", "Runs", "TaskFailures", "Standing");
    }

    [Fact]
    public async Task A_packed_text_keeps_it_too()
    {
        var store = (await SeededAsync()).GetRequiredService<TableWorkflowStore>();
        await store.UntrackAsync(EveryRow.Finished, Cancel);
        await store.UntrackAsync(EveryRow.New, Cancel);

        await AssertKeptAsync($"f|{EveryRow.Finished}", "State");
        await AssertKeptAsync($"f|{EveryRow.New}");
    }

    [Fact]
    public void A_changed_list_gives_it_back_to_the_item_that_it_was_of()
    {
        var type = StoredJsonContext.Default.IReadOnlyListTaskAttempt;
        var json =
            """[{"type":"PreCheck","taskId":"1","status":"Success","statusSince":"2026-05-04T12:00:00+00:00","lastSeenAt":"2026-05-04T12:00:00+00:00","next":1},{"type":"Cluster","taskId":"2","status":"Running","statusSince":"2026-05-04T12:00:00+00:00","lastSeenAt":"2026-05-04T12:00:00+00:00","next":2}]"""u8.ToArray();
        var runs = UnknownMembers.Read(json, type, out var unknown)!;
        var kept = new UnknownContent(new Dictionary<string, object>(), new Dictionary<string, JsonNode> { ["Runs"] = unknown! });

        var next = JsonNode
            .Parse(
                RowBuilder.TextOf(
                    "Runs",
                    (IReadOnlyList<TaskAttempt>)
                        [runs[1] with { Status = UpgradeTaskStatus.Success }, runs[0], runs[1] with { TaskId = "3" }],
                    type,
                    kept
                )
            )!
            .AsArray();

        Assert.Equal([2, 1, null], next.Select(run => (int?)run!["next"]));
        Assert.Equal(["2", "1", "3"], next.Select(run => (string)run!["taskId"]!));
    }

    [Fact]
    public async Task Every_write_of_a_cluster_and_a_project_keeps_it()
    {
        var store = (await SeededAsync()).GetRequiredService<IClusterStore>();
        var (cluster, project) = (
            (await store.FindClusterAsync(EveryRow.Cluster, Cancel))!,
            (await store.FindProjectAsync(EveryRow.Project, Cancel))!
        );

        await store.WriteAsync(
            Shard.Of(EveryRow.Cluster),
            [cluster with { Listed = 9, Failure = cluster.Failure! with { Count = 7 } }],
            [],
            Cancel
        );
        await store.WriteAsync(
            Shard.Of(EveryRow.Project),
            [],
            [project with { ListedAt = Noon, Failure = project.Failure! with { Count = 7 } }],
            Cancel
        );
        await AssertKeptAsync($"c|{EveryRow.Cluster}", "Failure");
        await AssertKeptAsync($"cp|{EveryRow.Project}", "Failure");

        await store.UntrackClusterAsync(EveryRow.Cluster, Cancel);
        await store.UntrackProjectAsync(EveryRow.Project, Cancel);
        await AssertKeptAsync($"c|{EveryRow.Cluster}");
        await AssertKeptAsync($"cp|{EveryRow.Project}");
    }

    [Fact]
    public async Task Replacing_a_damaged_cluster_or_project_keeps_further_columns()
    {
        var store = (await SeededAsync()).GetRequiredService<IClusterStore>();
        foreach (var key in (string[])[RowKeys.Cluster(EveryRow.Cluster), RowKeys.Project(EveryRow.Project)])
        {
            var row = new TableEntity(RowKeys.PartitionOf(key[(key.LastIndexOf('|') + 1)..]), key) { ["Origin"] = "Novel" };
            await WorkflowsTable.UpdateEntityAsync(row, Azure.ETag.All, TableUpdateMode.Merge, Cancel);
        }

        var cluster = await store.TrackClusterAsync(
            new()
            {
                ProjectId = EveryRow.Project,
                ClusterId = EveryRow.Cluster,
                TrackedAt = Noon,
                NextDiscoveryAt = Noon,
            },
            onlyIfUnknown: false,
            Cancel
        );
        var project = await store.TrackProjectAsync(
            new()
            {
                ProjectId = EveryRow.Project,
                TrackedAt = Noon,
                NextListAt = Noon,
            },
            onlyIfUnknown: false,
            Cancel
        );
        await AssertKeptAsync($"c|{EveryRow.Cluster}");
        await AssertKeptAsync($"cp|{EveryRow.Project}");

        // What the answer holds is written again as it is.
        await store.WriteAsync(Shard.Of(EveryRow.Cluster), [cluster.Row with { Listed = 9 }], [], Cancel);
        await store.WriteAsync(Shard.Of(EveryRow.Project), [], [project.Row with { ListedAt = Noon.AddHours(1) }], Cancel);
        await AssertKeptAsync($"c|{EveryRow.Cluster}");
        await AssertKeptAsync($"cp|{EveryRow.Project}");
    }

    [Fact]
    public async Task Every_write_of_a_shard_status_keeps_it()
    {
        var services = await SeededAsync();
        var (store, shard) = (services.GetRequiredService<TableWorkflowStore>(), Shard.Of(EveryRow.Active));
        await store.WriteAsync(shard, [], Board(Noon), Cancel);
        await AssertKeptAsync("b|");

        var leased = await services
            .GetRequiredService<IShardStatusStore>()
            .TakeLeaseAsync(shard, (await store.ReadShardAsync(shard, Cancel)).Status, new ShardLease("me", Noon), Cancel);
        await store.WriteAsync(shard, [], Board(Noon.AddHours(1)) with { Lease = leased!.Lease, ETag = leased.ETag }, Cancel);
        await AssertKeptAsync("b|");
        Assert.Null((await store.ReadShardAsync(shard, Cancel)).Status!.Lease);
    }

    [Fact]
    public async Task Progress_of_a_queue_keeps_it()
    {
        var outbox = (await SeededAsync()).GetRequiredService<INotificationOutbox>();
        var queue = Assert.Single(await outbox.ReadAsync(Shard.Of(EveryRow.Active), Cancel));

        var claimed = (await outbox.ClaimAsync(queue, Noon, Cancel))!;
        Assert.True(await outbox.CommitProgressAsync(claimed, 0, claimed.Cursors, [], Cancel));

        await AssertKeptAsync($"n|{EveryRow.Active}|0000000002");
        var cursors = JsonNode.Parse((string)(await StoredAsync($"n|{EveryRow.Active}|0000000002"))["Cursors"])!.AsObject();
        Assert.All(cursors, cursor => Assert.True(JsonNode.DeepEquals(NextVersion.Value, cursor.Value![NextVersion.Member])));
    }

    [Fact]
    public async Task Rows_that_are_created_again_keep_further_columns()
    {
        var services = await SeededAsync();
        var runs = services.GetRequiredService<IRunStore>();
        Assert.True(await new FinishedUpgradeRebuild(services.GetRequiredService<IWorkflowListStore>(), runs).RunAsync(Cancel) > 0);
        await services.GetRequiredService<IBaselineStore>().ReadBaselineAsync(Cancel);
        await services.GetRequiredService<IBaselineStore>().WriteBaselineAsync(EveryRow.Baseline, Cancel);
        await services.GetRequiredService<IRetentionStore>().WriteLastAsync(EveryRow.Retention, Cancel);

        foreach (var row in await StoredRows.ReadAsync(RunsTable, Cancel))
        {
            Assert.All(NextVersion.Columns, column => Assert.Equal(column.Value, row[column.Key]));
        }
    }

    private static async Task<TrackedWorkflow> WriteAsync(TableWorkflowStore store, WorkflowWrite write)
    {
        var report = await store.WriteAsync(Shard.Of(write.After.Target.WorkflowId), [write], null, Cancel);
        Assert.Equal([WriteOutcome.Committed], report.Outcomes);
        return (await store.FindAsync(write.After.Target.WorkflowId, Cancel))!;
    }

    /// <summary>Whether a row has all further columns, and its JSON the further members.</summary>
    private async Task AssertKeptAsync(string key, params string[] columns)
    {
        var row = await StoredAsync(key);
        Assert.All(NextVersion.Columns, column => Assert.Equal(column.Value, row[column.Key]));
        foreach (var column in columns)
        {
            var json = JsonNode.Parse((string)row[column])!;
            var holder = json is JsonArray items ? items[0]! : json;
            Assert.True(JsonNode.DeepEquals(NextVersion.Value, holder[NextVersion.Member]), $"{key}, {column}: {json.ToJsonString()}");
        }
    }

    private async Task<TableEntity> StoredAsync(string key) =>
        (await StoredRows.ReadAsync(WorkflowsTable, Cancel)).Single(row =>
            row.RowKey == key && (key != "b|" || row.PartitionKey == Shard.Of(EveryRow.Active).Key)
        );

    private async Task<ServiceProvider> SeededAsync()
    {
        foreach (var (name, rows) in await Format1.ReadAsync())
        {
            var table = name == Format1.Runs ? RunsTable : WorkflowsTable;
            await table.CreateIfNotExistsAsync(Cancel);
            foreach (var row in rows)
            {
                await table.AddEntityAsync(NextVersion.Of(row), Cancel);
            }
        }
        return NewServices();
    }
}
