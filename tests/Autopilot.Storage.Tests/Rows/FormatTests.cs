using System.Text.Json.Nodes;
using Autopilot.Core.Notifications;
using Autopilot.Core.Reporting;
using Autopilot.Core.Retention;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Workflows;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace Autopilot.Storage.Tests.Rows;

/// <summary>
/// Two versions over the same tables. <c>Format1.json</c> holds the rows of <see cref="EveryRow"/> as the first version with format 1 wrote
/// them; it is never written again.
/// </summary>
public sealed class FormatTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    /// <summary>Columns that have come since: the version before ignores them.</summary>
    private static readonly string[] Added = ["Unreadable", "LastChangedAt", "Time", "ClusterNameKey"];

    /// <summary>
    /// Figures of a run that were computed when it ended and are stored since: the version before left a run out of them that starts after
    /// the observation, and this one counts it, with the insight <c>ClockSkew</c>. A stored figure is read as it is.
    /// </summary>
    private static readonly string[] Recomputed = ["ActiveSeconds", "WaitingSeconds"];

    [Fact]
    public async Task Rows_of_the_version_before_are_read_as_this_version_reads_its_own()
    {
        var logs = new FakeLogCollector();
        await new EveryRow(NewServices()).WriteAsync(Cancel);
        var own = await ContentsAsync(NewServices(logs: logs));
        await ReplaceAllAsync(await Format1.ReadAsync());

        var read = await ContentsAsync(NewServices(logs: logs));

        // What has come since is unknown in older rows, and what was computed then stays.
        own = own with
        {
            Runs = [.. own.Runs.Select(AsBefore)],
        };
        Assert.Equivalent(own, read, strict: true);
        Assert.DoesNotContain(logs.GetSnapshot(), entry => entry.Id.Name!.EndsWith("Unreadable", StringComparison.Ordinal));
        Assert.All(read.Workflows, workflow => Assert.Null(workflow.Unknown));
    }

    [Fact]
    public async Task Rows_of_this_version_hold_all_that_the_version_before_reads()
    {
        await new EveryRow(NewServices()).WriteAsync(Cancel);

        foreach (var (name, before) in await Format1.ReadAsync())
        {
            var now = await StoredRows.ReadAsync(name == Format1.Runs ? RunsTable : WorkflowsTable, Cancel);
            Assert.Equal(
                before.Select(row => (row.PartitionKey, row.RowKey)),
                now.Select(row => (row.PartitionKey, row.RowKey)).Where(key => key.PartitionKey != "ranges")
            );
            foreach (var (row, old) in now.Where(row => row.PartitionKey != "ranges").Zip(before))
            {
                var (said, expected) = (StoredRows.Said(row), StoredRows.Said(old));
                Assert.Empty(said.Keys.Except(expected.Keys).Except(Added));
                foreach (var (column, value) in expected)
                {
                    Assert.True(said.TryGetValue(column, out var here), $"{row.RowKey} has no {column}");
                    Assert.True(
                        Recomputed.Contains(column) ? here!.GetType() == value.GetType() : Says(here!, value),
                        $"{row.RowKey}, {column}: {here} where {value} was"
                    );
                }
            }
        }
    }

    [Fact]
    public async Task Rows_of_the_next_version_are_read_and_what_is_new_in_them_is_ignored()
    {
        await ReplaceAllAsync(await Format1.ReadAsync());
        var own = await ContentsAsync(NewServices());
        var next = (await Format1.ReadAsync()).ToDictionary(
            table => table.Key,
            table => (IReadOnlyList<TableEntity>)[.. table.Value.Select(NextVersion.Of)]
        );
        await ReplaceAllAsync(next);

        var read = await ContentsAsync(NewServices());

        Assert.Equivalent(own with { Workflows = [] }, Known(read) with { Workflows = [] }, strict: true);
        Assert.Equivalent(own.Workflows, Known(read).Workflows, strict: true);
        Assert.All(read.Workflows, workflow => Assert.Equal(NextVersion.Columns, workflow.Unknown!.Columns));
    }

    /// <summary>The run with the figures that the version before computed for it.</summary>
    private static FinishedUpgrade AsBefore(FinishedUpgrade run) =>
        run with
        {
            LastChangedAt = null,
            Time = null,
            ActiveSeconds = 59.8765433,
            WaitingSeconds = 3540.1234567,
            Tasks =
            [
                .. run.Tasks.Select(task =>
                    task.Type == UpgradeTaskType.Cluster ? task with { RunSeconds = null, AllRunSeconds = null } : task
                ),
            ],
        };

    /// <summary>Without what this version only keeps.</summary>
    private static Contents Known(Contents contents) =>
        contents with
        {
            Workflows = [.. contents.Workflows.Select(workflow => workflow with { Unknown = null })],
            Clusters = [.. contents.Clusters.Select(cluster => cluster with { Unknown = null })],
            Projects = [.. contents.Projects.Select(project => project with { Unknown = null })],
            Queues = [.. contents.Queues.Select(queue => queue with { Unknown = null })],
        };

    private async Task ReplaceAllAsync(IReadOnlyDictionary<string, IReadOnlyList<TableEntity>> tables)
    {
        foreach (var (name, rows) in tables)
        {
            var table = name == Format1.Runs ? RunsTable : WorkflowsTable;
            await table.CreateIfNotExistsAsync(Cancel);
            foreach (var old in await StoredRows.ReadAsync(table, Cancel))
            {
                await table.DeleteEntityAsync(old.PartitionKey, old.RowKey, cancellationToken: Cancel);
            }
            foreach (var row in rows)
            {
                await table.AddEntityAsync(row, Cancel);
            }
        }
    }

    /// <summary>Whether a value says at least what another says: JSON may have more members.</summary>
    private static bool Says(object here, object value) =>
        here.GetType() == value.GetType()
        && (
            Equals(here, value)
            || (value is string text && text is ['{' or '[', ..] && Says(JsonNode.Parse((string)here), JsonNode.Parse(text)))
        );

    private static bool Says(JsonNode? here, JsonNode? value) =>
        (here, value) switch
        {
            (JsonObject ours, JsonObject theirs) => theirs.All(member =>
                ours.TryGetPropertyValue(member.Key, out var mine) && Says(mine, member.Value)
            ),
            (JsonArray ours, JsonArray theirs) => ours.Count == theirs.Count && ours.Zip(theirs).All(pair => Says(pair.First, pair.Second)),
            _ => JsonNode.DeepEquals(here, value),
        };

    private static async Task<Contents> ContentsAsync(IServiceProvider services)
    {
        var store = services.GetRequiredService<TableWorkflowStore>();
        var clusters = services.GetRequiredService<IClusterStore>();
        var outbox = services.GetRequiredService<INotificationOutbox>();
        var shards = await Task.WhenAll(Shard.All.Select(shard => store.ReadShardAsync(shard, Cancel)));
        Assert.All(shards, shard => Assert.Equal(0, shard.Unreadable));
        List<TrackedWorkflow> workflows = [];
        List<HistoryEntry> history = [];
        List<string> documents = [];
        foreach (
            var id in (string[])
                [EveryRow.New, EveryRow.Active, EveryRow.Packed, EveryRow.Finished, EveryRow.Untracked, EveryRow.Found, EveryRow.Gone]
        )
        {
            workflows.Add((await store.FindAsync(id, Cancel))! with { ETag = null });
            var page = await store.ReadHistoryAsync(id, null, null, 100, null, Cancel);
            Assert.Equal(0, page.Unreadable);
            history.AddRange(page.Items);
            foreach (var entry in page.Items)
            {
                documents.Add(System.Text.Encoding.UTF8.GetString((await store.ReadStateAsync(id, entry.Sequence, Cancel))!.Document.Span));
            }
        }
        var queues = await Task.WhenAll(Shard.All.Select(shard => outbox.ReadAsync(shard, Cancel)));
        var runs = new List<FinishedUpgrade>();
        await foreach (
            var run in services
                .GetRequiredService<IRunStore>()
                .ReadAsync(new RunQuery(Noon.AddMonths(-1), Noon.AddMonths(1)), new(), Cancel)
        )
        {
            runs.Add(run);
        }
        var baseline = (await services.GetRequiredService<IBaselineStore>().ReadBaselineAsync(Cancel))!;
        return new Contents(
            workflows,
            history,
            documents,
            [
                (await clusters.FindClusterAsync(EveryRow.Cluster, Cancel))! with
                {
                    ETag = null,
                },
                (await clusters.FindClusterAsync(EveryRow.LargeCluster, Cancel))! with
                {
                    ETag = null,
                },
            ],
            [
                (await clusters.FindProjectAsync(EveryRow.Project, Cancel))! with
                {
                    Version = null,
                },
                (await clusters.FindProjectAsync(EveryRow.LargeProject, Cancel))! with
                {
                    Version = null,
                },
            ],
            [
                .. (await services.GetRequiredService<IShardStatusStore>().ReadAllAsync(Cancel)).Select(status =>
                    status is null ? null : status with { ETag = null }
                ),
            ],
            [.. queues.SelectMany(some => some).Select(queue => queue with { Version = null })],
            await outbox.ReadUndeliveredAsync(100, new(), Cancel),
            runs,
            baseline.ComputedAt,
            baseline.Baseline.Entries,
            await services.GetRequiredService<IRetentionStore>().ReadLastAsync(Cancel)
        );
    }

    /// <summary>All that the tables hold, as the ports give it.</summary>
    private sealed record Contents(
        IReadOnlyList<TrackedWorkflow> Workflows,
        IReadOnlyList<HistoryEntry> History,
        IReadOnlyList<string> Documents,
        IReadOnlyList<TrackedCluster> Clusters,
        IReadOnlyList<TrackedProject> Projects,
        IReadOnlyList<ShardStatus?> Boards,
        IReadOnlyList<WaitingNotifications> Queues,
        IReadOnlyList<UndeliveredNotification> Undelivered,
        IReadOnlyList<FinishedUpgrade> Runs,
        DateTimeOffset ComputedAt,
        IReadOnlyList<BaselineEntry> Entries,
        RetentionRecord? Retention
    );
}
