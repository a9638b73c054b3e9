using Autopilot.Core.Reporting;
using Autopilot.Core.Retention;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Rows;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Storage.Tests;

/// <summary>What is past its retention, found and deleted.</summary>
public sealed class RetentionTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    private static readonly RetentionLimits HalfAYear = new(Noon.AddDays(-180), null, null);

    [Fact]
    public async Task A_workflow_that_ended_too_long_ago_goes_with_its_history_and_its_run_stays()
    {
        var store = NewStore();
        await EndedAsync(store, "wf-old", Noon.AddDays(-181), "A", "B", "C");
        await EndedAsync(store, "wf-young", Noon.AddDays(-179), "A", "B");
        await store.WriteAsync(Shard.Of("wf-active"), [Change(await TrackAsync(store, "wf-active"), "A")], null, Cancel);
        var retention = NewRetention();

        var expired = Assert.Single(await FindAsync(retention, HalfAYear));
        Assert.Equal(
            ("wf-old", ExpiryReason.Ended, Noon.AddDays(-181), 3),
            (expired.WorkflowId, expired.Reason, expired.EndedAt!.Value, expired.States)
        );
        Assert.True(await retention.DeleteAsync(expired, Cancel));

        Assert.Null(await store.FindAsync("wf-old", Cancel));
        Assert.Empty((await store.ReadHistoryAsync("wf-old", null, null, 100, null, Cancel)).Items);
        await AssertHistoryAsync(store, "wf-young", "A", "B");
        await AssertHistoryAsync(store, "wf-active", "A");
        Assert.Empty(await FindAsync(retention, HalfAYear));
        Assert.Equal(2, await retention.CountRunsAsync(Noon.AddYears(1), Cancel));
    }

    [Fact]
    public async Task The_history_of_an_untracked_workflow_goes_by_its_last_observation_its_row_stays()
    {
        var store = NewStore();
        await store.WriteAsync(Shard.Of("wf-1"), [Change(await TrackAsync(store, "wf-1"), "A")], null, Cancel);
        await store.WriteAsync(Shard.Of("wf-1"), [Change((await store.FindAsync("wf-1", Cancel))!, "B")], null, Cancel);
        await store.UntrackAsync("wf-1", Cancel);
        var observed = (await store.FindAsync("wf-1", Cancel))!.ObservedAt!.Value;
        var retention = NewRetention();

        Assert.Empty(await FindAsync(retention, new RetentionLimits(observed, null, null)));
        var limits = new RetentionLimits(observed.AddSeconds(1), null, null);
        var expired = Assert.Single(await FindAsync(retention, limits));
        Assert.Equal((ExpiryReason.Untracked, 2), (expired.Reason, expired.States));
        Assert.True(await retention.DeleteAsync(expired, Cancel));

        Assert.Empty((await store.ReadHistoryAsync("wf-1", null, null, 100, null, Cancel)).Items);
        Assert.Empty(await FindAsync(retention, limits));
        Assert.Equal(TrackStatus.LeftUntracked, (await store.TrackAsync(Target("wf-1"), null, Noon, onlyIfUnknown: true, Cancel)).Status);
        // A person who wants it back gets it, and its states go on being counted where they stood.
        var resumed = await store.TrackAsync(Target("wf-1"), null, Noon, onlyIfUnknown: false, Cancel);
        Assert.Equal((TrackStatus.Resumed, 2), (resumed.Status, resumed.Workflow.Sequence));
    }

    [Fact]
    public async Task What_a_person_untracked_after_its_end_keeps_its_row_too()
    {
        var store = NewStore();
        await EndedAsync(store, "wf-1", Noon.AddDays(-200), "A", "B");
        await store.UntrackAsync("wf-1", Cancel);
        var retention = NewRetention();

        var expired = Assert.Single(await FindAsync(retention, HalfAYear));
        Assert.Equal((ExpiryReason.Untracked, 2), (expired.Reason, expired.States));
        Assert.True(await retention.DeleteAsync(expired, Cancel));

        Assert.Empty((await store.ReadHistoryAsync("wf-1", null, null, 100, null, Cancel)).Items);
        Assert.False((await store.FindAsync("wf-1", Cancel))!.Tracked);
        Assert.Empty(await FindAsync(retention, HalfAYear));
    }

    [Fact]
    public async Task Of_a_workflow_that_is_over_only_the_newest_states_are_kept()
    {
        var store = NewStore();
        await EndedAsync(store, "wf-1", Noon, [.. Enumerable.Range(0, 250).Select(i => $"S{i}")]);
        await EndedAsync(store, "wf-2", Noon, "A", "B");
        var retention = NewRetention();
        var limits = new RetentionLimits(null, 3, null);

        var expired = Assert.Single(await FindAsync(retention, limits));
        Assert.Equal((ExpiryReason.TooManyStates, 247), (expired.Reason, expired.States));
        Assert.True(await retention.DeleteAsync(expired, Cancel));

        Assert.Equal(
            [250, 249, 248],
            (await store.ReadHistoryAsync("wf-1", null, null, 100, null, Cancel)).Items.Select(item => item.Sequence)
        );
        await AssertHistoryAsync(store, "wf-2", "A", "B");
        Assert.Empty(await FindAsync(retention, limits));
        Assert.Equal(1, Assert.Single(await FindAsync(retention, limits with { MaxStates = 2 }), e => e.WorkflowId == "wf-1").States);
        Assert.True((await store.FindAsync("wf-1", Cancel))!.IsFinished);
    }

    [Fact]
    public async Task What_is_active_is_never_among_it_however_old()
    {
        var store = NewStore();
        await store.WriteAsync(Shard.Of("wf-1"), [Change(await TrackAsync(store, "wf-1"), "A")], null, Cancel);

        Assert.Empty(await FindAsync(NewRetention(), new RetentionLimits(DateTimeOffset.UtcNow.AddYears(100), 1, null)));
    }

    [Theory]
    [InlineData(ExpiryReason.Untracked)]
    [InlineData(ExpiryReason.Ended)]
    public async Task What_a_person_took_up_again_after_it_was_found_stays_whole(ExpiryReason reason)
    {
        var store = NewStore();
        await store.WriteAsync(Shard.Of("wf-1"), [Change(await TrackAsync(store, "wf-1"), "A")], null, Cancel);
        await store.UntrackAsync("wf-1", Cancel);
        var retention = NewRetention();
        var found = Assert.Single(await FindAsync(retention, new RetentionLimits(DateTimeOffset.UtcNow.AddYears(100), null, null)));
        await store.TrackAsync(Target("wf-1"), null, Noon, onlyIfUnknown: false, Cancel);

        Assert.False(await retention.DeleteAsync(found with { Reason = reason }, Cancel));

        await AssertHistoryAsync(store, "wf-1", "A");
        Assert.True((await store.FindAsync("wf-1", Cancel))!.Tracked);
    }

    [Theory]
    [InlineData(Fault.CutBefore)]
    [InlineData(Fault.CutAfter)]
    [InlineData(Fault.FailAfter)]
    public async Task A_lost_answer_to_any_of_its_writes_leaves_nothing_half_deleted(Fault fault)
    {
        var store = NewStore();
        for (var lost = 0; lost < 5; lost++)
        {
            await EndedAsync(store, "wf-1", Noon.AddDays(-200), [.. Enumerable.Range(0, 120).Select(i => $"S{i}")]);
            var (transport, writes, at) = (new FaultyTransport(), 0, lost);
            transport.Next = (kind, _) => kind is "write" or "transaction" && writes++ == at ? fault : Fault.None;
            var retention = NewServices(transport).GetRequiredService<IRetentionStore>();

            Assert.True(await retention.DeleteAsync(Assert.Single(await FindAsync(retention, HalfAYear)), Cancel));

            Assert.Null(await store.FindAsync("wf-1", Cancel));
            Assert.Empty((await store.ReadHistoryAsync("wf-1", null, null, 100, null, Cancel)).Items);
        }
    }

    [Theory]
    [InlineData(Fault.CutBefore)]
    [InlineData(Fault.CutAfter)]
    public async Task A_lost_answer_while_states_are_trimmed_takes_none_too_many(Fault fault)
    {
        var store = NewStore();
        for (var lost = 0; lost < 3; lost++)
        {
            var id = $"wf-{lost}";
            await EndedAsync(store, id, Noon, [.. Enumerable.Range(0, 120).Select(i => $"S{i}")]);
            var (transport, writes, at) = (new FaultyTransport(), 0, lost);
            transport.Next = (kind, _) => kind is "write" or "transaction" && writes++ == at ? fault : Fault.None;
            var retention = NewServices(transport).GetRequiredService<IRetentionStore>();
            var limits = new RetentionLimits(null, 5, null);

            Assert.True(await retention.DeleteAsync(Assert.Single(await FindAsync(retention, limits), e => e.WorkflowId == id), Cancel));

            Assert.Equal(
                [120, 119, 118, 117, 116],
                (await store.ReadHistoryAsync(id, null, null, 1000, null, Cancel)).Items.Select(item => item.Sequence)
            );
            Assert.DoesNotContain(await FindAsync(retention, limits), e => e.WorkflowId == id);
        }
    }

    [Fact]
    public async Task An_interrupted_purge_is_continued()
    {
        var store = NewStore();
        await EndedAsync(store, "wf-1", Noon, "A", "B");
        await store.WriteAsync(Shard.Of("wf-2"), [Change(await TrackAsync(store, "wf-2"), "A")], null, Cancel);
        foreach (var (id, key) in new[] { ("wf-1", RowKeys.Finished("wf-1")), ("wf-2", RowKeys.Active("wf-2")) })
        {
            await WorkflowsTable.UpdateEntityAsync(
                new TableEntity(RowKeys.PartitionOf(id), key) { [WorkflowRow.Purging] = true },
                Azure.ETag.All,
                TableUpdateMode.Merge,
                Cancel
            );
        }
        var retention = NewRetention();

        var found = await FindAsync(retention, new RetentionLimits(null, null, null));
        Assert.All(found, expired => Assert.Equal(ExpiryReason.PurgeInterrupted, expired.Reason));
        foreach (var expired in found)
        {
            Assert.True(await retention.DeleteAsync(expired, Cancel));
        }

        Assert.Equal(2, found.Count);
        Assert.Null(await store.FindAsync("wf-1", Cancel));
        Assert.Null(await store.FindAsync("wf-2", Cancel));
    }

    [Fact]
    public async Task An_interrupted_purge_leaves_a_workflow_that_was_tracked_again()
    {
        var store = NewStore();
        await EndedAsync(store, "wf-1", Noon.AddDays(-200), "A");
        var retention = NewRetention();
        var found = Assert.Single(await FindAsync(retention, HalfAYear));
        await store.PurgeAsync("wf-1", Cancel);
        await store.WriteAsync(Shard.Of("wf-1"), [Change(await TrackAsync(store, "wf-1"), "B")], null, Cancel);

        Assert.False(await retention.DeleteAsync(found, Cancel));
        await retention.DeleteAsync(found with { Reason = ExpiryReason.PurgeInterrupted }, Cancel);

        await AssertHistoryAsync(store, "wf-1", "B");
    }

    [Fact]
    public async Task Runs_are_deleted_by_age_over_months_and_batches_and_nothing_else_is()
    {
        await RunsTable.CreateIfNotExistsAsync(Cancel);
        var baselines = NewServices().GetRequiredService<IBaselineStore>();
        await baselines.WriteBaselineAsync(new StoredBaseline(Baseline.Empty, Noon), Cancel);
        foreach (
            var month in Enumerable
                .Range(0, 230)
                .Select(i => Run($"wf-{i}", Noon.AddDays(-i)))
                .Select(run => RunRow.Of(run).Entity)
                .GroupBy(row => row.PartitionKey)
        )
        {
            await RunsTable.SubmitTransactionAsync(
                month.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)),
                Cancel
            );
        }
        var retention = NewRetention();
        await retention.WriteLastAsync(new RetentionRecord(Noon, new RetentionResult { Runs = 7 }), Cancel);
        var before = Noon.AddDays(-99.5);

        Assert.Equal(130, await retention.CountRunsAsync(before, Cancel));
        Assert.Equal(130, await retention.DeleteRunsAsync(before, Cancel).SumAsync(Cancel));

        Assert.Equal(0, await retention.CountRunsAsync(before, Cancel));
        Assert.Equal(100, await retention.CountRunsAsync(Noon.AddYears(1), Cancel));
        Assert.NotNull(await baselines.ReadBaselineAsync(Cancel));
        Assert.Equal((Noon, 7), ((await retention.ReadLastAsync(Cancel))!.StartedAt, (await retention.ReadLastAsync(Cancel))!.Result.Runs));
    }

    [Theory]
    [InlineData(Fault.CutBefore)]
    [InlineData(Fault.CutAfter)]
    public async Task Runs_whose_deletion_lost_its_answer_are_read_again(Fault fault)
    {
        await RunsTable.CreateIfNotExistsAsync(Cancel);
        await RunsTable.SubmitTransactionAsync(
            Enumerable
                .Range(0, 30)
                .Select(i => new TableTransactionAction(TableTransactionActionType.Add, RunRow.Of(Run($"wf-{i}", Noon)).Entity)),
            Cancel
        );
        var transport = new FaultyTransport();
        var retention = NewServices(transport).GetRequiredService<IRetentionStore>();
        WorkflowLifecycleTests.FailOnce(transport, "transaction", fault);

        await retention.DeleteRunsAsync(Noon.AddDays(1), Cancel).SumAsync(Cancel);

        Assert.Equal(0, await retention.CountRunsAsync(Noon.AddDays(1), Cancel));
    }

    [Fact]
    public async Task A_check_costs_two_reads_per_shard_and_a_purge_four_reads_and_three_writes()
    {
        var store = NewStore();
        await EndedAsync(store, "wf-1", Noon.AddDays(-200), [.. Enumerable.Range(0, 50).Select(i => $"S{i}")]);
        var transport = new FaultyTransport();
        var retention = NewServices(transport).GetRequiredService<IRetentionStore>();

        var expired = Assert.Single(await FindAsync(retention, HalfAYear));
        Assert.Equal((32, 32), (transport.Count("read"), transport.CountAll));
        transport.Forget();
        await retention.DeleteAsync(expired, Cancel);

        Assert.Equal((4, 3), (transport.Count("read"), transport.CountAll - transport.Count("read")));
    }

    private IRetentionStore NewRetention() => NewServices().GetRequiredService<IRetentionStore>();

    private static async Task<IReadOnlyList<ExpiredWorkflow>> FindAsync(IRetentionStore retention, RetentionLimits limits)
    {
        var found = new List<ExpiredWorkflow>();
        foreach (var shard in Shard.All)
        {
            found.AddRange(await retention.FindExpiredAsync(shard, limits, new(), Cancel).ToListAsync(Cancel));
        }
        return found;
    }

    private static async Task EndedAsync(TableWorkflowStore store, string id, DateTimeOffset endedAt, params string[] states)
    {
        await TrackAsync(store, id);
        foreach (var state in states)
        {
            await store.WriteAsync(Shard.Of(id), [Change((await store.FindAsync(id, Cancel))!, state)], null, Cancel);
        }
        var finished = (await store.FindAsync(id, Cancel))! with { Outcome = WorkflowOutcome.Succeeded, EndedAt = endedAt };
        await store.WriteAsync(Shard.Of(id), [new WorkflowWrite(finished, finished, null)], null, Cancel);
        await store.FinishAsync((await store.FindAsync(id, Cancel))!, Run(id, endedAt), Cancel);
    }

    private static FinishedUpgrade Run(string id, DateTimeOffset endedAt) =>
        new()
        {
            Target = Target(id),
            Outcome = WorkflowOutcome.Succeeded,
            EndedAt = endedAt,
        };
}
