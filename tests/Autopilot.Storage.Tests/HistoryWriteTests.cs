using System.Text;
using Autopilot.Core.Listing;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Storage.Tests;

/// <summary>No change is lost and none is stored twice, whatever happens to a write.</summary>
public sealed class HistoryWriteTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Fact]
    public async Task A_change_is_appended_and_the_row_shows_it()
    {
        var store = NewStore();
        var id = "wf-1";
        var before = await TrackAsync(store, id);
        var write = Change(before, "A");

        var report = await store.WriteAsync(Shard.Of(id), [write], Board(Noon), Cancel);

        Assert.Equal([WriteOutcome.Committed], report.Outcomes);
        var row = await store.FindAsync(id, Cancel);
        Assert.Equal(report.Versions[0], row!.ETag);
        Assert.Equivalent(write.After with { ETag = row.ETag }, row, strict: true);
        var stored = await store.ReadStateAsync(id, 1, Cancel);
        Assert.Equivalent(write.Appended!.Entry, stored!.Entry, strict: true);
        Assert.Equal(write.Appended.Document.ToArray(), stored.Document.ToArray());
        var contents = await store.ReadShardAsync(Shard.Of(id), Cancel);
        Assert.Equal(Board(Noon), contents.Status! with { ETag = null });
        Assert.Equal(
            Board(Noon),
            (await NewServices().GetRequiredService<IShardStatusStore>().ReadAllAsync(Cancel))[Shard.Of(id).Index]! with
            {
                ETag = null,
            }
        );
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
    public async Task A_change_whose_response_was_lost_is_stored_once(Fault fault, int transactions)
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        var before = await TrackAsync(store, "wf-1");
        WorkflowLifecycleTests.FailOnce(transport, "transaction", fault);
        transport.Forget();

        var report = await store.WriteAsync(Shard.Of("wf-1"), [Change(before, "A")], Board(Noon), Cancel);

        Assert.Equal([WriteOutcome.Committed], report.Outcomes);
        Assert.Equal(1, report.Ambiguous);
        Assert.Equal(transactions, transport.Count("transaction"));
        await AssertHistoryAsync(store, "wf-1", "A");
        Assert.Equal((await store.FindAsync("wf-1", Cancel))!.ETag, report.Versions[0]);
        Assert.NotNull((await store.ReadShardAsync(Shard.Of("wf-1"), Cancel)).Status);
    }

    [Theory]
    [InlineData(Fault.CutBefore)]
    [InlineData(Fault.CutAfter)]
    public async Task Poll_times_whose_answer_was_lost_are_stored(Fault fault)
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        var before = await ChangedAsync(store, "wf-1", "A");
        WorkflowLifecycleTests.FailOnce(transport, "transaction", fault);

        var report = await store.WriteAsync(Shard.Of("wf-1"), [Unchanged(before, Noon.AddHours(1))], Board(Noon), Cancel);

        Assert.Equal([WriteOutcome.Committed], report.Outcomes);
        Assert.Equal(Noon.AddHours(1), (await store.FindAsync("wf-1", Cancel))!.ObservedAt);
        await AssertHistoryAsync(store, "wf-1", "A");
    }

    [Fact]
    public async Task A_write_that_never_arrived_is_not_taken_for_another_writers_same_state()
    {
        // Both saw the same, at moments of their own; only one of them may fix the end of a workflow.
        var transport = new FaultyTransport();
        var (mine, other) = (NewStore(transport), NewStore());
        var before = await TrackAsync(mine, "wf-1");
        var attempt = 0;
        transport.Before = async kind =>
        {
            if (kind == "transaction" && attempt++ == 0)
            {
                await other.WriteAsync(Shard.Of("wf-1"), [Change(before, "A", Noon.AddSeconds(7))], null, Cancel);
            }
        };
        WorkflowLifecycleTests.FailOnce(transport, "transaction", Fault.CutBefore);

        var report = await mine.WriteAsync(Shard.Of("wf-1"), [Change(before, "A", Noon.AddSeconds(5))], null, Cancel);

        Assert.Equal([WriteOutcome.AlreadyApplied], report.Outcomes);
        await AssertHistoryAsync(mine, "wf-1", "A");
        Assert.Equal(Noon.AddSeconds(7), (await mine.FindAsync("wf-1", Cancel))!.LastChangedAt);
    }

    [Fact]
    public async Task Of_a_race_only_the_losers_are_taken_out_and_the_others_land()
    {
        var transport = new FaultyTransport();
        var (mine, other) = (NewStore(transport), NewStore());
        var shard = Shard.All[3];
        var rows = await SeedAsync(mine, shard, IdsIn(shard, 8));
        // Meanwhile: 0 the same state, 1 another state, 2 poll times only, 3 untracked, 4 being purged.
        await other.WriteAsync(
            shard,
            [Change(rows[0], "A", Noon.AddHours(1)), Change(rows[1], "B"), Unchanged(rows[2], Noon)],
            null,
            Cancel
        );
        await other.UntrackAsync(rows[3].Target.WorkflowId, Cancel);
        await MarkPurgingAsync(rows[4]);
        transport.Forget();

        var report = await mine.WriteAsync(
            shard,
            [
                Change(rows[0], "A"),
                Change(rows[1], "A"),
                Change(rows[2], "A"),
                Change(rows[3], "A"),
                Change(rows[4], "A"),
                Change(rows[5], "A"),
                Unchanged(rows[6], Noon.AddHours(2)),
                Change(rows[7], "A"),
            ],
            Board(Noon),
            Cancel
        );

        Assert.Equal(
            [
                WriteOutcome.AlreadyApplied,
                WriteOutcome.Conflict,
                WriteOutcome.Conflict,
                WriteOutcome.NotFound,
                WriteOutcome.NotFound,
                WriteOutcome.Committed,
                WriteOutcome.Committed,
                WriteOutcome.Committed,
            ],
            report.Outcomes
        );
        Assert.Equal([1, 2], report.Current.Keys.Order());
        Assert.Equal(HashOf("B"), report.Current[1].Hash);
        Assert.Equal(5, report.Conflicts);
        // One rejected, one read of the range, then what is left: a transaction of changes and one of poll times with the shard status.
        Assert.Equal((1, 3), (transport.Count("read"), transport.CountAll - transport.Count("read")));
        await AssertHistoryAsync(mine, rows[0].Target.WorkflowId, "A");
        await AssertHistoryAsync(mine, rows[1].Target.WorkflowId, "B");
        await AssertHistoryAsync(mine, rows[5].Target.WorkflowId, "A");
        Assert.Empty(await HistoryAsync(mine, rows[2].Target.WorkflowId));
        Assert.Empty(await HistoryAsync(mine, rows[4].Target.WorkflowId));
    }

    [Fact]
    public async Task An_unchanged_poll_that_lost_a_race_is_done()
    {
        var (mine, other) = (NewStore(), NewStore());
        var before = await TrackAsync(mine, "wf-1");
        await other.WriteAsync(Shard.Of("wf-1"), [Change(before, "A")], null, Cancel);

        var report = await mine.WriteAsync(Shard.Of("wf-1"), [Unchanged(before, Noon.AddHours(1))], null, Cancel);

        Assert.Equal([WriteOutcome.AlreadyApplied], report.Outcomes);
        Assert.NotEqual(Noon.AddHours(1), (await mine.FindAsync("wf-1", Cancel))!.ObservedAt);
    }

    [Fact]
    public async Task A_failure_is_merged_beside_the_last_good_state_and_taken_away_again()
    {
        var store = NewStore();
        var good = await ChangedAsync(store, "wf-1", "A");
        var failure = new PollFailure(UpstreamFailure.NotFound, "CCE.01404001", "It is \"gone\".", Noon.AddMinutes(3), 4);
        await store.WriteAsync(
            Shard.Of("wf-1"),
            [new WorkflowWrite(good, good with { Failure = failure, GoneSince = Noon.AddMinutes(3), NextPollAt = Noon.AddHours(1) }, null)],
            null,
            Cancel
        );
        var failed = (await store.FindAsync("wf-1", Cancel))!;
        await store.WriteAsync(Shard.Of("wf-1"), [Unchanged(failed, Noon.AddHours(2))], null, Cancel);
        var recovered = (await store.FindAsync("wf-1", Cancel))!;

        Assert.Equivalent(
            good with
            {
                Failure = failure,
                GoneSince = Noon.AddMinutes(3),
                NextPollAt = Noon.AddHours(1),
                ETag = failed.ETag,
            },
            failed,
            strict: true
        );
        Assert.Equivalent(
            good with
            {
                ObservedAt = Noon.AddHours(2),
                NextPollAt = Noon.AddHours(2).AddSeconds(30),
                ETag = recovered.ETag,
            },
            recovered,
            strict: true
        );
    }

    [Fact]
    public async Task Tables_are_created_by_the_first_write_and_never_asked_for_again()
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        Assert.Null(await store.FindAsync("wf-1", Cancel));
        Assert.Empty((await store.ReadShardAsync(Shard.All[0], Cancel)).Workflows);
        Assert.Empty((await (await NewListerAsync(transport)).ListAsync(new WorkflowQuery(), default, 10, null, Cancel)).Items);
        Assert.Equal(0, transport.Count("table"));

        await store.WriteAsync(Shard.All[0], [], Board(Noon), Cancel);
        Assert.Equal(1, transport.Count("table"));

        var next = new FaultyTransport();
        await NewStore(next).WriteAsync(Shard.All[1], [], Board(Noon), Cancel);
        Assert.Equal((1, 1), (next.CountAll, next.Count("write")));
    }

    [Fact]
    public async Task What_the_service_refuses_harms_no_neighbour()
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        var shard = Shard.All[5];
        var rows = await SeedAsync(store, shard, IdsIn(shard, 60));
        var poison = rows[17].Target.WorkflowId;
        transport.Next = (kind, request) => kind is not "read" && Holds(request, poison) ? Fault.TooLargeBefore : Fault.None;

        var report = await store.WriteAsync(shard, [.. rows.Select(r => Change(r, "A"))], Board(Noon), Cancel);

        Assert.Equal(WriteOutcome.TooLarge, report.Outcomes[17]);
        Assert.Equal(59, report.Outcomes.Count(o => o is WriteOutcome.Committed));
        var contents = await store.ReadShardAsync(shard, Cancel);
        Assert.Equal(59, contents.Workflows.Count(w => w.Sequence == 1));
        Assert.NotNull(contents.Status);
    }

    [Fact]
    public async Task A_store_that_stays_down_is_reported_without_a_secret()
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        var before = await TrackAsync(store, "wf-1");
        transport.Next = (_, _) => Fault.CutBefore;

        var write = await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            store.WriteAsync(Shard.Of("wf-1"), [Change(before, "A")], null, Cancel)
        );
        var read = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.FindAsync("wf-1", Cancel));

        Assert.Equal(
            $"The table service at {Azurite.Server.TableEndpoint.Authority} (AutopilotStorage) cannot be reached: no connection, or "
                + "it was cut.",
            write.Message
        );
        Assert.Equal(write.Message, read.Message);
    }

    [Fact]
    public async Task A_store_that_loses_every_response_gives_up_and_nothing_is_stored_twice()
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        var rows = await SeedAsync(store, Shard.All[2], IdsIn(Shard.All[2], 3));
        transport.Next = (kind, _) => kind is "read" ? Fault.None : Fault.BusyBefore;

        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            store.WriteAsync(Shard.All[2], [.. rows.Select(r => Change(r, "A"))], Board(Noon), Cancel)
        );

        Assert.Equal(
            $"The table service at {Azurite.Server.TableEndpoint.Authority} (AutopilotStorage) failed (503 ServerBusy).",
            refused.Message
        );
        transport.Next = (_, _) => Fault.None;
        await store.WriteAsync(Shard.All[2], [.. rows.Select(r => Change(r, "A"))], Board(Noon), Cancel);
        await AssertHistoryAsync(store, rows[0].Target.WorkflowId, "A");
    }

    private static async Task<TrackedWorkflow> ChangedAsync(TableWorkflowStore store, string id, string content)
    {
        await store.WriteAsync(Shard.Of(id), [Change(await TrackAsync(store, id), content)], null, Cancel);
        return (await store.FindAsync(id, Cancel))!;
    }

    private async Task MarkPurgingAsync(TrackedWorkflow row) =>
        await WorkflowsTable.UpdateEntityAsync(
            new TableEntity(Shard.Of(row.Target.WorkflowId).Key, "a|" + row.Target.WorkflowId) { ["Purging"] = true },
            ETag.All,
            TableUpdateMode.Merge,
            Cancel
        );

    private static bool Holds(Request request, string text)
    {
        using var content = new MemoryStream();
        request.Content!.WriteTo(content, CancellationToken.None);
        return Encoding.UTF8.GetString(content.ToArray()).Contains(text, StringComparison.Ordinal)
            || request.Uri.ToString().Contains(text, StringComparison.Ordinal);
    }
}
