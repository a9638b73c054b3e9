using Autopilot.Core.Notifications;
using Autopilot.Core.Reporting;
using Autopilot.Core.Retention;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Reading;
using Autopilot.Storage.Rows;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace Autopilot.Storage.Tests.Rows;

/// <summary>A row that cannot be read is counted and harms no other; it can be removed, and replaced where it is damaged.</summary>
public sealed class UnreadableRowTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    private static readonly byte[] NoGzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3];

    /// <summary>A row of each kind, a column of it, what is put there (null takes it away), and what the reason must name.</summary>
    public static TheoryData<string, string, object?, string> Damages { get; } =
        new()
        {
            { $"a|{EveryRow.Active}", "ProjectId", null, "ProjectId" },
            { $"a|{EveryRow.Active}", "ClusterId", "", "ClusterId" },
            { $"a|{EveryRow.Active}", "TrackedAt", null, "TrackedAt" },
            { $"a|{EveryRow.Active}", "Sequence", null, "Sequence" },
            { $"a|{EveryRow.Active}", "Sequence", "many", "Sequence" },
            { $"a|{EveryRow.Active}", "Sequence", 1.5, "Sequence" },
            { $"a|{EveryRow.Active}", "Tracked", "yes", "Tracked" },
            { $"a|{EveryRow.Active}", "Tracked", null, "Tracked" },
            { $"c|{EveryRow.Cluster}", "Tracked", null, "Tracked" },
            { $"a|{EveryRow.Active}", "State", "{\"tasks\":[", "State" },
            { $"a|{EveryRow.Active}", "State", "[]", "State" },
            { $"a|{EveryRow.Active}", "State", "{\"tasks\":[null]}", "State" },
            { $"a|{EveryRow.Active}", "State", null, "State" },
            { $"a|{EveryRow.Active}", "Hash", null, "Hash" },
            { $"a|{EveryRow.Active}", "Runs", "[null]", "Runs" },
            { $"a|{EveryRow.Active}", "TaskFailures", "[{}]", "TaskFailures" },
            { $"a|{EveryRow.Active}", "Standing", "{\"notified\":1}", "Standing" },
            { $"a|{EveryRow.Active}", "Standing", "{\"latest\":{\"assessment\":\"Novel\"},\"notified\":1}", "Standing" },
            { $"a|{EveryRow.Active}", "Failure", "{\"kind\":\"Novel\"}", "Failure" },
            { $"a|{EveryRow.Active}", "GoneSince", "yesterday", "GoneSince" },
            { $"a|{EveryRow.Active}", "ObservedAt", "2026-05-04", "ObservedAt" },
            { $"a|{EveryRow.Packed}", "State0", NoGzip, "State" },
            { $"a|{EveryRow.Packed}", "Runs0", "text", "Runs" },
            { $"f|{EveryRow.Finished}", "Outcome", "Novel", "Outcome" },
            { $"f|{EveryRow.Finished}", "Outcome", "1", "Outcome" },
            { $"f|{EveryRow.Finished}", "EndedAt", null, "EndedAt" },
            { $"h|{EveryRow.Active}|9999999997", "Assessment", "Novel", "Assessment" },
            { $"h|{EveryRow.Active}|9999999997", "ObservedAt", null, "ObservedAt" },
            { $"h|{EveryRow.Active}|9999999997", "Hash", null, "Hash" },
            { $"h|{EveryRow.Active}|9999999997", "Changes", "[{", "Changes" },
            { $"h|{EveryRow.Packed}|9999999998", "Changes0", NoGzip, "Changes" },
            { $"c|{EveryRow.Cluster}", "ProjectId", null, "ProjectId" },
            { $"c|{EveryRow.Cluster}", "Origin", "Novel", "Origin" },
            { $"c|{EveryRow.Cluster}", "Failure", "{", "Failure" },
            { $"c|{EveryRow.Cluster}", "Listed", long.MaxValue, "Listed" },
            { $"c|{EveryRow.LargeCluster}", "Settled0", NoGzip, "Settled" },
            { $"cp|{EveryRow.Project}", "Origin", null, "Origin" },
            { $"cp|{EveryRow.Project}", "Clusters", "no-name", "Clusters" },
            { $"cp|{EveryRow.LargeProject}", "Clusters0", NoGzip, "Clusters" },
            { "b|", "CompletedAt", "soon", "CompletedAt" },
            { "b|", "Active", true, "Active" },
            { $"n|{EveryRow.Active}|0000000002", "Notification", "[{", "Notification" },
            { $"n|{EveryRow.Active}|0000000002", "Notification", "{}", "Notification" },
            { "n||", "Undelivered", "{", "Undelivered" },
            { "run", "Outcome", null, "Outcome" },
            { "run", "EndedAt", null, "EndedAt" },
            { "run", "WorkflowId", null, "WorkflowId" },
            { "run", "ElapsedSeconds", double.NaN, "ElapsedSeconds" },
            { "run", "Tasks", "[{}", "Tasks" },
            { "current", "Entries", "[null]", "Entries" },
            { "current", "ComputedAt", null, "ComputedAt" },
            { "last", "Result", "{\"errors\":1}", "Result" },
            { "last", "StartedAt", "now", "StartedAt" },
        };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_damaged_row_of_any_kind_is_unreadable_and_the_reason_names_the_column(
        string key,
        string column,
        object? value,
        string named
    )
    {
        var row = await RowAsync(key);
        Assert.Null(Read(row));

        Put(row, column, value);

        var unreadable = Read(row);
        Assert.NotNull(unreadable);
        Assert.False(unreadable.IsFromNewerVersion);
        Assert.Contains(named, unreadable.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7L)]
    [InlineData(2.0)]
    public async Task A_row_of_any_kind_with_a_higher_format_version_is_newer(object version)
    {
        foreach (var row in (await Format1.ReadAsync()).SelectMany(table => table.Value))
        {
            row[RowFormat<TrackedWorkflow>.VersionColumn] = 1L;
            Assert.Null(Read(row));
            row[RowFormat<TrackedWorkflow>.VersionColumn] = version;
            foreach (var column in row.Keys.Where(name => name is not ("PartitionKey" or "RowKey" or "V")).ToList())
            {
                row.Remove(column);
            }

            Assert.True(Read(row) is { IsFromNewerVersion: true }, row.RowKey);
        }
    }

    [Fact]
    public async Task Whatever_a_column_holds_reading_gives_a_value_or_a_reason()
    {
        object[] values =
        [
            "",
            "x",
            "{}",
            "[]",
            "[null]",
            "{\"a\":",
            "null",
            0,
            -1,
            5L,
            long.MinValue,
            0.5,
            double.NaN,
            double.PositiveInfinity,
            true,
            Noon,
            Array.Empty<byte>(),
            NoGzip,
            Guid.Empty,
        ];
        foreach (var row in (await Format1.ReadAsync()).SelectMany(table => table.Value))
        {
            foreach (var column in row.Keys.Where(name => name is not ("PartitionKey" or "RowKey")).ToList())
            {
                var kept = row[column];
                foreach (var value in values)
                {
                    row[column] = value;
                    Assert.DoesNotContain("no version has written", Read(row)?.Reason ?? "", StringComparison.Ordinal);
                }
                row[column] = kept;
            }
        }
    }

    [Fact]
    public async Task A_cycle_gets_the_other_rows_of_the_shard_and_the_number_of_the_unreadable()
    {
        var services = await SeededAsync();
        foreach (var key in (string[])[$"a|{EveryRow.Active}", $"c|{EveryRow.Cluster}", $"cp|{EveryRow.Project}"])
        {
            await DamageAsync(key, "V", 2);
        }
        await DamageAsync("b|", "CompletedAt", "soon");

        var shards = await Task.WhenAll(
            Shard.All.Select(shard => services.GetRequiredService<TableWorkflowStore>().ReadShardAsync(shard, Cancel))
        );

        Assert.Equal(4, shards.Sum(shard => shard.Unreadable));
        Assert.Equal(
            [EveryRow.New, EveryRow.Packed],
            shards.SelectMany(shard => shard.Workflows).Select(workflow => workflow.Target.WorkflowId).Order()
        );
        Assert.Equal(EveryRow.LargeCluster, Assert.Single(shards.SelectMany(shard => shard.Clusters)).ClusterId);
        Assert.Equal(EveryRow.LargeProject, Assert.Single(shards.SelectMany(shard => shard.Projects)).ProjectId);
    }

    [Fact]
    public async Task A_damaged_shard_status_is_rewritten_and_a_newer_one_stops_polling_its_shard()
    {
        var services = await SeededAsync();
        var (store, shard) = (services.GetRequiredService<TableWorkflowStore>(), Shard.Of(EveryRow.Active));
        await DamageAsync("b|", "CompletedAt", "soon");
        Assert.Equal(1, (await services.GetRequiredService<IShardStatusStore>().ReadAllAsync(Cancel))[shard.Index]!.Unreadable);
        var status = (await store.ReadShardAsync(shard, Cancel)).Status;

        var leased = await services
            .GetRequiredService<IShardStatusStore>()
            .TakeLeaseAsync(shard, status, new ShardLease("me", Noon), Cancel);
        await store.WriteAsync(shard, [], Board(Noon) with { Lease = leased!.Lease, ETag = leased.ETag }, Cancel);

        var mended = (await store.ReadShardAsync(shard, Cancel)).Status!;
        Assert.Equal((Noon.AddSeconds(3), (ShardLease?)null), (mended.CompletedAt, mended.Lease));

        await DamageAsync("b|", "V", 2);
        Assert.True((await Assert.ThrowsAsync<RowUnreadableException>(() => store.ReadShardAsync(shard, Cancel))).Row.IsFromNewerVersion);
        Assert.Equal(1, (await services.GetRequiredService<IShardStatusStore>().ReadAllAsync(Cancel))[shard.Index]!.Unreadable);
    }

    [Fact]
    public async Task The_log_has_one_line_for_each_row_in_each_process()
    {
        await SeededAsync();
        await DamageAsync($"a|{EveryRow.Active}", "State", "{");
        await DamageAsync("run", "Outcome", "Novel");
        var logs = new FakeLogCollector();
        for (var process = 0; process < 2; process++)
        {
            var services = NewServices(logs: logs);
            for (var request = 0; request < 3; request++)
            {
                await services.GetRequiredService<TableWorkflowStore>().ReadShardAsync(Shard.Of(EveryRow.Active), Cancel);
                await Assert.ThrowsAsync<RowUnreadableException>(() =>
                    services.GetRequiredService<TableWorkflowStore>().FindAsync(EveryRow.Active, Cancel)
                );
                Assert.Equal((2, 1), await RunsAsync(services));
            }
        }

        Assert.Equal(
            ["RowUnreadable", "RunUnreadable", "RowUnreadable", "RunUnreadable"],
            logs.GetSnapshot()
                .Where(entry => entry.Id.Name!.EndsWith("Unreadable", StringComparison.Ordinal))
                .Select(entry => entry.Id.Name!)
        );
        Assert.DoesNotContain(logs.GetSnapshot(), entry => entry.Message.Contains("Novel", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a|", EveryRow.Active, 2)]
    [InlineData("f|", EveryRow.Untracked, 1)]
    public async Task A_damaged_workflow_is_replaced_by_a_fresh_one_behind_its_history(string prefix, string id, long newest)
    {
        var store = (await SeededAsync()).GetRequiredService<TableWorkflowStore>();
        await DamageAsync(prefix + id, "State", "{");
        await Assert.ThrowsAsync<RowUnreadableException>(() => store.FindAsync(id, Cancel));
        var target = new WorkflowTarget(EveryRow.Project, EveryRow.Cluster, id);
        Assert.Equal(TrackStatus.LeftUnreadable, (await store.TrackAsync(target, null, Noon, onlyIfUnknown: true, Cancel)).Status);
        Assert.Equal(
            TrackStatus.OtherCluster,
            (await store.TrackAsync(target with { ClusterId = "other" }, null, Noon, onlyIfUnknown: false, Cancel)).Status
        );

        var result = await store.TrackAsync(target, "named", Noon.AddDays(1), onlyIfUnknown: false, Cancel);

        Assert.Equal(
            (TrackStatus.Resumed, newest, (UpgradeWorkflow?)null),
            (result.Status, result.Workflow.Sequence, result.Workflow.State)
        );
        Assert.Equivalent(result.Workflow, await store.FindAsync(id, Cancel), strict: true);
        var write = Change(result.Workflow, "next", Noon.AddDays(2));
        Assert.Equal([WriteOutcome.Committed], (await store.WriteAsync(Shard.Of(id), [write], null, Cancel)).Outcomes);
        Assert.Equal(
            Enumerable.Range(1, (int)newest + 1).Select(sequence => (long)sequence),
            (await HistoryAsync(store, id)).Select(entry => entry.Sequence)
        );
    }

    /// <summary>
    /// What is damaged of the row (its end decides how the run is found), of the run and of the history, and whether the row is deleted
    /// before it is asked for again.
    /// </summary>
    [Theory]
    [InlineData("State", "{", false, false, false)]
    [InlineData("EndedAt", null, false, false, false)]
    [InlineData("EndedAt", "long ago", false, false, false)]
    [InlineData("Outcome", "Novel", false, false, false)]
    [InlineData("State", "{", true, false, false)]
    [InlineData("State", "{", false, true, false)]
    [InlineData("State", "{", true, true, false)]
    [InlineData("State", "{", false, false, true)]
    public async Task A_damaged_finished_workflow_comes_back_finished_with_its_one_run(
        string column,
        string? value,
        bool run,
        bool history,
        bool deleted
    )
    {
        var services = await SeededAsync();
        var store = services.GetRequiredService<TableWorkflowStore>();
        var before = (await store.FindAsync(EveryRow.Finished, Cancel))!;
        await DamageAsync($"f|{EveryRow.Finished}", column, value);
        if (run)
        {
            await DamageAsync("run", "Tasks", "[{");
        }
        if (history)
        {
            await DamageAsync(RowKeys.History(EveryRow.Finished, 1), "Changes", "[{");
        }
        if (deleted)
        {
            await store.UntrackAsync(EveryRow.Finished, Cancel);
        }
        var runs = await RunsTable.QueryAsync<TableEntity>(cancellationToken: Cancel).CountAsync(Cancel);

        var result = await store.TrackAsync(before.Target, null, Noon.AddDays(1), onlyIfUnknown: false, Cancel);

        var row = (await store.FindAsync(EveryRow.Finished, Cancel))!;
        Assert.Equivalent(result.Workflow, row, strict: true);
        Assert.Equal(TrackStatus.Finished, result.Status);
        Assert.Equal((before.EndedAt, before.Sequence, true), (row.EndedAt, row.Sequence, row.Tracked));
        Assert.Equal(before.Outcome, row.Outcome);
        Assert.Equal((history, history), (row.State is null, row.Hash is null));
        await store.FinishAsync(row, FinishedUpgrade.Of(row), Cancel);
        Assert.Equal(runs, await RunsTable.QueryAsync<TableEntity>(cancellationToken: Cancel).CountAsync(Cancel));
        Assert.Equal(
            TrackStatus.Finished,
            (await store.TrackAsync(before.Target, null, Noon.AddDays(2), onlyIfUnknown: false, Cancel)).Status
        );
    }

    [Fact]
    public async Task Ended_workflow_is_recorded_once_though_its_row_was_deleted_and_its_end_changed()
    {
        var services = await SeededAsync();
        var store = services.GetRequiredService<TableWorkflowStore>();
        var before = (await store.FindAsync(EveryRow.Finished, Cancel))!;
        await DamageAsync($"f|{EveryRow.Finished}", "State", "{");
        await store.UntrackAsync(EveryRow.Finished, Cancel);
        var runs = await RunsTable.QueryAsync<TableEntity>(cancellationToken: Cancel).CountAsync(Cancel);
        var found = Change(
            new TrackedWorkflow
            {
                Target = before.Target,
                TrackedAt = Noon,
                SeenLive = false,
            },
            "again",
            Noon,
            phase: "Success"
        );
        found = found with
        {
            After = found.After with { Outcome = WorkflowOutcome.Unclear, EndedAt = before.EndedAt!.Value.AddMinutes(7) },
        };

        var row = (await services.GetRequiredService<IClusterStore>().RecordAsync(found, Cancel))!;
        await store.FinishAsync(row, FinishedUpgrade.Of(row), Cancel);

        Assert.Equal((before.EndedAt, before.Outcome), (row.EndedAt, row.Outcome));
        Assert.Equal(runs, await RunsTable.QueryAsync<TableEntity>(cancellationToken: Cancel).CountAsync(Cancel));
        Assert.Equal(2, (await store.FindAsync(EveryRow.Finished, Cancel))!.Sequence);
    }

    [Theory]
    [InlineData("a|", EveryRow.Active)]
    [InlineData("f|", EveryRow.Finished)]
    public async Task A_workflow_of_a_newer_version_is_never_replaced(string prefix, string id)
    {
        var store = (await SeededAsync()).GetRequiredService<TableWorkflowStore>();
        await DamageAsync(prefix + id, "V", 2);
        var before = await StoredAsync(prefix + id);
        var target = new WorkflowTarget(EveryRow.Project, EveryRow.Cluster, id);

        Assert.True(
            (await Assert.ThrowsAsync<RowUnreadableException>(() => store.TrackAsync(target, "named", Noon, onlyIfUnknown: false, Cancel)))
                .Row
                .IsFromNewerVersion
        );
        Assert.Equal(TrackStatus.LeftUnreadable, (await store.TrackAsync(target, null, Noon, onlyIfUnknown: true, Cancel)).Status);
        Assert.Equal(before.ETag, (await StoredAsync(prefix + id)).ETag);
    }

    [Theory]
    [InlineData("State", "{")]
    [InlineData("V", 2)]
    public async Task An_unreadable_workflow_is_removed_and_its_history_stays_until_it_is_purged(string column, object value)
    {
        var store = (await SeededAsync()).GetRequiredService<TableWorkflowStore>();
        await DamageAsync($"a|{EveryRow.Active}", column, value);

        Assert.True(await store.UntrackAsync(EveryRow.Active, Cancel));
        Assert.Null(await store.FindAsync(EveryRow.Active, Cancel));
        Assert.False(await store.UntrackAsync(EveryRow.Active, Cancel));
        Assert.Equal(2, (await HistoryAsync(store, EveryRow.Active)).Count);

        var again = await store.TrackAsync(
            new WorkflowTarget(EveryRow.Project, EveryRow.Cluster, EveryRow.Active),
            null,
            Noon,
            onlyIfUnknown: false,
            Cancel
        );
        Assert.Equal((TrackStatus.Created, 2L), (again.Status, again.Workflow.Sequence));
        await DamageAsync($"a|{EveryRow.Active}", column, value);
        Assert.True(await store.UntrackAsync(EveryRow.Active, Cancel));
        Assert.True(await store.PurgeAsync(EveryRow.Active, Cancel));
        Assert.Empty(await HistoryAsync(store, EveryRow.Active));
        Assert.Null(await store.FindAsync(EveryRow.Active, Cancel));
        Assert.False(await store.PurgeAsync(EveryRow.Active, Cancel));
    }

    [Fact]
    public async Task A_row_behind_its_history_continues_after_it()
    {
        var store = (await SeededAsync()).GetRequiredService<TableWorkflowStore>();
        await DamageAsync($"a|{EveryRow.Active}", "State", "{");
        await store.UntrackAsync(EveryRow.Active, Cancel);
        // As earlier versions began it.
        await WorkflowsTable.AddEntityAsync(
            WorkflowRow
                .Whole(
                    new TrackedWorkflow
                    {
                        Target = new WorkflowTarget(EveryRow.Project, EveryRow.Cluster, EveryRow.Active),
                        TrackedAt = Noon,
                        NextPollAt = Noon,
                    },
                    RowKeys.Active(EveryRow.Active)
                )
                .Entity,
            Cancel
        );
        var row = (await store.FindAsync(EveryRow.Active, Cancel))!;

        var report = await store.WriteAsync(Shard.Of(EveryRow.Active), [Change(row, "next", Noon.AddDays(1))], null, Cancel);
        Assert.Equal([WriteOutcome.Conflict], report.Outcomes);
        Assert.Equal(
            [WriteOutcome.Committed],
            (await store.WriteAsync(Shard.Of(EveryRow.Active), [Change(report.Current[0], "next", Noon.AddDays(1))], null, Cancel)).Outcomes
        );

        Assert.Equal([1L, 2L, 3L], (await HistoryAsync(store, EveryRow.Active)).Select(entry => entry.Sequence));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_workflow_without_a_row_begins_behind_its_newest_state(bool onlyIfUnknown)
    {
        var store = NewStore();
        await TrimmedHistoryAsync(store);

        var created = await store.TrackAsync(Target("wf-1"), null, Noon, onlyIfUnknown, Cancel);
        Assert.Equal((TrackStatus.Created, 5L), (created.Status, created.Workflow.Sequence));
        Assert.Equal(
            [WriteOutcome.Committed],
            (await store.WriteAsync(Shard.Of("wf-1"), [Change(created.Workflow, "next", Noon.AddDays(1))], null, Cancel)).Outcomes
        );

        Assert.Equal([4L, 5L, 6L], (await HistoryAsync(store, "wf-1")).Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task What_had_ended_is_recorded_behind_the_newest_state_of_a_trimmed_history()
    {
        var services = NewServices();
        var store = services.GetRequiredService<TableWorkflowStore>();
        await TrimmedHistoryAsync(store);
        var found = Change(
            new TrackedWorkflow
            {
                Target = Target("wf-1"),
                TrackedAt = Noon,
                SeenLive = false,
            },
            "end",
            Noon.AddDays(1),
            phase: "Success"
        );
        found = found with { After = found.After with { Outcome = WorkflowOutcome.Succeeded, EndedAt = Noon } };

        var row = await services.GetRequiredService<IClusterStore>().RecordAsync(found, Cancel);

        Assert.Equal(6, row!.Sequence);
        Assert.Equal([4L, 5L, 6L], (await HistoryAsync(store, "wf-1")).Select(entry => entry.Sequence));
    }

    /// <summary>The states 4 and 5 of a workflow, as retention leaves them, without its row.</summary>
    private async Task TrimmedHistoryAsync(TableWorkflowStore store)
    {
        var row = await TrackAsync(store, "wf-1");
        for (var n = 1; n <= 5; n++)
        {
            var write = Change(row, $"state {n}");
            row = (await store.WriteAsync(Shard.Of("wf-1"), [write], null, Cancel)).Committed(0, write);
        }
        foreach (
            var key in (string[])
                [RowKeys.Active("wf-1"), RowKeys.History("wf-1", 1), RowKeys.History("wf-1", 2), RowKeys.History("wf-1", 3)]
        )
        {
            await WorkflowsTable.DeleteEntityAsync(RowKeys.PartitionOf("wf-1"), key, Azure.ETag.All, Cancel);
        }
    }

    [Theory]
    [InlineData("State", "{")]
    [InlineData("V", 2)]
    public async Task A_purge_takes_an_unreadable_workflow_with_its_history(string column, object value)
    {
        var store = (await SeededAsync()).GetRequiredService<TableWorkflowStore>();
        await DamageAsync($"f|{EveryRow.Finished}", column, value);

        Assert.True(await store.PurgeAsync(EveryRow.Finished, Cancel));

        Assert.Null(await store.FindAsync(EveryRow.Finished, Cancel));
        Assert.Empty(await HistoryAsync(store, EveryRow.Finished));
    }

    [Fact]
    public async Task What_had_ended_is_recorded_behind_a_history_that_has_lost_its_row()
    {
        var services = await SeededAsync();
        var store = services.GetRequiredService<TableWorkflowStore>();
        await DamageAsync($"f|{EveryRow.Finished}", "State", "{");
        await store.UntrackAsync(EveryRow.Finished, Cancel);
        var found = Change(
            new TrackedWorkflow
            {
                Target = new WorkflowTarget(EveryRow.Project, EveryRow.Cluster, EveryRow.Finished),
                TrackedAt = Noon,
                SeenLive = false,
            },
            "again",
            Noon,
            phase: "Success"
        );
        found = found with { After = found.After with { Outcome = WorkflowOutcome.Succeeded, EndedAt = Noon } };

        var row = await services.GetRequiredService<IClusterStore>().RecordAsync(found, Cancel);

        Assert.Equal(2, row!.Sequence);
        Assert.Equal([1L, 2L], (await HistoryAsync(store, EveryRow.Finished)).Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task Unreadable_clusters_and_projects_are_removed_and_only_damaged_ones_replaced()
    {
        var services = await SeededAsync();
        var clusters = services.GetRequiredService<IClusterStore>();
        var (cluster, project) = (
            new TrackedCluster
            {
                ProjectId = EveryRow.Project,
                ClusterId = EveryRow.Cluster,
                TrackedAt = Noon,
                NextDiscoveryAt = Noon,
            },
            new TrackedProject
            {
                ProjectId = EveryRow.Project,
                TrackedAt = Noon,
                NextListAt = Noon,
            }
        );
        foreach (var (column, value) in ((string, object)[])[("Origin", "Novel"), ("V", 2)])
        {
            await DamageAsync($"c|{EveryRow.Cluster}", column, value);
            await DamageAsync($"cp|{EveryRow.Project}", column, value);
            await Assert.ThrowsAsync<RowUnreadableException>(() => clusters.FindClusterAsync(EveryRow.Cluster, Cancel));
            await Assert.ThrowsAsync<RowUnreadableException>(() => clusters.FindProjectAsync(EveryRow.Project, Cancel));
            Assert.Equal(
                DiscoveryTrackStatus.LeftUnreadable,
                (await clusters.TrackClusterAsync(cluster, onlyIfUnknown: true, Cancel)).Status
            );
            Assert.Equal(
                DiscoveryTrackStatus.LeftUnreadable,
                (await clusters.TrackProjectAsync(project, onlyIfUnknown: true, Cancel)).Status
            );
            if (column == "V")
            {
                await Assert.ThrowsAsync<RowUnreadableException>(() => clusters.TrackClusterAsync(cluster, onlyIfUnknown: false, Cancel));
                await Assert.ThrowsAsync<RowUnreadableException>(() => clusters.TrackProjectAsync(project, onlyIfUnknown: false, Cancel));
                continue;
            }
            Assert.Equal(
                DiscoveryTrackStatus.AlreadyTracked,
                (await clusters.TrackClusterAsync(cluster, onlyIfUnknown: false, Cancel)).Status
            );
            Assert.Equal(
                DiscoveryTrackStatus.AlreadyTracked,
                (await clusters.TrackProjectAsync(project, onlyIfUnknown: false, Cancel)).Status
            );
            Assert.NotNull(await clusters.FindClusterAsync(EveryRow.Cluster, Cancel));
            Assert.NotNull(await clusters.FindProjectAsync(EveryRow.Project, Cancel));
        }

        Assert.True(await clusters.UntrackClusterAsync(EveryRow.Cluster, Cancel));
        Assert.True(await clusters.UntrackProjectAsync(EveryRow.Project, Cancel));
        Assert.Null(await clusters.FindClusterAsync(EveryRow.Cluster, Cancel));
        Assert.Null(await clusters.FindProjectAsync(EveryRow.Project, Cancel));
    }

    [Fact]
    public async Task Reports_count_runs_that_cannot_be_read_and_the_baseline_leaves_them_out()
    {
        var services = await SeededAsync();
        await DamageAsync("run", "Tasks", "[{");

        Assert.Equal((2, 1), await RunsAsync(services));
        var page = await services
            .GetRequiredService<IRunStore>()
            .ReadPageAsync(new RunQuery(Noon.AddMonths(-1), Noon.AddMonths(1)), 100, null, Cancel);
        Assert.Equal((2, 1), (page.Items.Count, page.Unreadable));
        Assert.Equal(2, (await services.GetRequiredService<IBaselineStore>().ReadRunsAsync(new DateOnly(2026, 5, 1), 100, Cancel)).Count);
    }

    [Fact]
    public async Task A_run_with_a_whole_number_where_a_fraction_is_meant_is_read()
    {
        var services = await SeededAsync();
        await DamageAsync("run", "ElapsedSeconds", 3600);
        await DamageAsync("run", "ActiveSeconds", 60L);

        Assert.Equal((3, 0), await RunsAsync(services));
    }

    [Fact]
    public async Task Newer_baseline_and_retention_records_stay_and_damaged_ones_are_rewritten()
    {
        var services = await SeededAsync();
        var (baselines, retention) = (services.GetRequiredService<IBaselineStore>(), services.GetRequiredService<IRetentionStore>());
        foreach (var (key, column) in ((string, string)[])[("current", "Entries"), ("last", "Result")])
        {
            await DamageAsync(key, "V", 2);
            await DamageAsync(key, column, "{");
        }
        var before = (await StoredAsync("current")).ETag;
        Assert.Null(await baselines.ReadBaselineAsync(Cancel));
        Assert.Null(await retention.ReadLastAsync(Cancel));
        await baselines.WriteBaselineAsync(EveryRow.Baseline, Cancel);
        await retention.WriteLastAsync(EveryRow.Retention, Cancel);
        Assert.Equal((before, "{"), ((await StoredAsync("current")).ETag, (await StoredAsync("last"))["Result"]));

        await DamageAsync("current", "V", null);
        await DamageAsync("last", "V", null);
        Assert.Null(await baselines.ReadBaselineAsync(Cancel));
        await baselines.WriteBaselineAsync(EveryRow.Baseline, Cancel);
        await retention.WriteLastAsync(EveryRow.Retention, Cancel);
        Assert.Equal(EveryRow.Baseline.Baseline.Entries, (await baselines.ReadBaselineAsync(Cancel))!.Baseline.Entries);
        Assert.Equivalent(EveryRow.Retention, await retention.ReadLastAsync(Cancel));
        await NewServices()
            .GetRequiredService<IBaselineStore>()
            .WriteBaselineAsync(EveryRow.Baseline with { ComputedAt = Noon.AddDays(9) }, Cancel);
        Assert.Equal(Noon.AddDays(9), (await baselines.ReadBaselineAsync(Cancel))!.ComputedAt);
    }

    [Theory]
    [InlineData("EndedAt", "long ago")]
    [InlineData("V", 2)]
    public async Task Retention_deletes_nothing_that_it_cannot_read(string column, object value)
    {
        var retention = (await SeededAsync()).GetRequiredService<IRetentionStore>();
        await DamageAsync($"f|{EveryRow.Finished}", column, value);

        var expired = new List<string>();
        var unreadable = new UnreadableCount();
        foreach (var shard in Shard.All)
        {
            await foreach (var one in retention.FindExpiredAsync(shard, new RetentionLimits(Noon.AddYears(1), 1, null), unreadable, Cancel))
            {
                expired.Add(one.WorkflowId);
            }
        }

        Assert.Contains(EveryRow.Gone, expired);
        Assert.DoesNotContain(EveryRow.Finished, expired);
        Assert.Equal(1, unreadable.Rows);
    }

    [Fact]
    public async Task An_outbox_with_unreadable_progress_delivers_and_counts_unreadable_records()
    {
        var services = await SeededAsync();
        var outbox = services.GetRequiredService<INotificationOutbox>();
        await DamageAsync($"n|{EveryRow.Active}|0000000002", "Cursors", "{");
        await DamageAsync("n||", "Undelivered", "{");

        var queue = Assert.Single(await outbox.ReadAsync(Shard.Of(EveryRow.Active), Cancel));
        Assert.Empty(queue.Cursors);
        var unreadable = new UnreadableCount();
        Assert.Empty(await outbox.ReadUndeliveredAsync(10, unreadable, Cancel));
        Assert.Equal(1, unreadable.Rows);
    }

    /// <summary>The rows of the version before, in tables of their own.</summary>
    private async Task<ServiceProvider> SeededAsync()
    {
        foreach (var (name, rows) in await Format1.ReadAsync())
        {
            var table = name == Format1.Runs ? RunsTable : WorkflowsTable;
            await table.CreateIfNotExistsAsync(Cancel);
            foreach (var row in rows)
            {
                await table.AddEntityAsync(row, Cancel);
            }
        }
        return NewServices();
    }

    private async Task DamageAsync(string key, string column, object? value)
    {
        var row = await StoredAsync(key);
        Put(row, column, value);
        await TableOf(row).UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Cancel);
    }

    private static void Put(TableEntity row, string column, object? value)
    {
        if (value is null)
        {
            row.Remove(column);
        }
        else
        {
            row[column] = value;
        }
    }

    private TableClient TableOf(TableEntity row) =>
        row.RowKey is "current" or "last" || row.PartitionKey.Length > 1 ? RunsTable : WorkflowsTable;

    private async Task<TableEntity> StoredAsync(string key)
    {
        var row = await RowAsync(key);
        return
            await TableOf(row).GetEntityAsync<TableEntity>(row.PartitionKey, row.RowKey, cancellationToken: Cancel) is { Value: { } stored }
            ? stored
            : row;
    }

    private static async Task<TableEntity> RowAsync(string key) =>
        (await Format1.ReadAsync())
            .SelectMany(table => table.Value)
            .First(row =>
                row.RowKey == key
                || (key == "n||" && row.RowKey.StartsWith(key, StringComparison.Ordinal))
                || (key == "run" && row.RowKey.EndsWith($"|{EveryRow.Finished}", StringComparison.Ordinal) && row.PartitionKey.Length > 1)
            );

    private static UnreadableRow? Read(TableEntity row) =>
        row.RowKey switch
        {
            _ when row.PartitionKey is "baseline" => BaselineRow.Format.Read(row, "t").Unreadable,
            _ when row.PartitionKey is "retention" => RetentionRow.Format.Read(row, "t").Unreadable,
            _ when row.PartitionKey.Length > 1 => RunRow.Format.Read(row, "t").Unreadable,
            ['a' or 'f', '|', ..] => WorkflowRow.Format.Read(row, "t").Unreadable,
            ['h', '|', ..] => HistoryRow.StateFormat.Read(row, "t").Unreadable,
            ['c', '|', ..] => ClusterRow.Format.Read(row, "t").Unreadable,
            ['c', 'p', '|', ..] => ProjectRow.Format.Read(row, "t").Unreadable,
            ['b', '|', ..] => ShardStatusRow.Format.Read(row, "t").Unreadable,
            ['n', '|', '|', ..] => NotificationRow.UndeliveredFormat.Read(row, "t").Unreadable,
            _ => NotificationRow.Format.Read(row, "t").Unreadable,
        };

    private static async Task<(int Read, int Unreadable)> RunsAsync(IServiceProvider services)
    {
        var unreadable = new UnreadableCount();
        var runs = await services
            .GetRequiredService<IRunStore>()
            .ReadAsync(new RunQuery(Noon.AddMonths(-1), Noon.AddMonths(1)), unreadable, Cancel)
            .ToListAsync(Cancel);
        return (runs.Count, unreadable.Rows);
    }
}
