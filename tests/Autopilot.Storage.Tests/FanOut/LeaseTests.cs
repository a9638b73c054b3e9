using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace Autopilot.Storage.Tests.FanOut;

/// <summary>The lease in a shard status: one holder, with any other write and any lost response.</summary>
public sealed class LeaseTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    private static readonly Shard TheShard = Shard.All[6];

    [Fact]
    public async Task A_lease_is_read_with_the_shard_and_ends_with_the_write_of_its_status()
    {
        var (store, statuses) = New();
        await SeedAsync(store, TheShard, IdsIn(TheShard, 2));
        await store.WriteAsync(TheShard, [], Board(Noon), Cancel);
        var contents = await store.ReadShardAsync(TheShard, Cancel);

        var held = await statuses.TakeLeaseAsync(TheShard, contents.Status, Lease("a"), Cancel);

        // The shard status keeps its cycle while the lease is held.
        Assert.Equal(Board(Noon) with { Lease = Lease("a"), ETag = held!.ETag }, (await store.ReadShardAsync(TheShard, Cancel)).Status);
        await store.WriteAsync(
            TheShard,
            [.. contents.Workflows.Select(w => Change(w, "A"))],
            Under(held, Board(Noon.AddMinutes(1))),
            Cancel
        );
        Assert.Equal(Board(Noon.AddMinutes(1)), (await store.ReadShardAsync(TheShard, Cancel)).Status! with { ETag = null });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_many_readers_of_a_shard_status_exactly_one_gets_the_lease(bool afterACycle)
    {
        var (store, _) = New();
        if (afterACycle)
        {
            await store.WriteAsync(TheShard, [], Board(Noon), Cancel);
        }

        var status = (await store.ReadShardAsync(TheShard, Cancel)).Status;
        Assert.Equal(afterACycle, status is not null);

        var taken = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => New().Boards.TakeLeaseAsync(TheShard, status, Lease($"taker {i}"), Cancel))
        );

        var holder = Assert.Single(taken, one => one is not null);
        Assert.Equal(holder!.Lease, (await store.ReadShardAsync(TheShard, Cancel)).Status!.Lease);
    }

    [Fact]
    public async Task A_shard_status_that_changed_since_it_was_read_gives_no_lease()
    {
        var (store, statuses) = New();
        await store.WriteAsync(TheShard, [], Board(Noon), Cancel);
        var read = (await store.ReadShardAsync(TheShard, Cancel)).Status;
        await store.WriteAsync(TheShard, [], Board(Noon.AddMinutes(1)), Cancel);

        Assert.Null(await statuses.TakeLeaseAsync(TheShard, read, Lease("late"), Cancel));
    }

    [Fact]
    public async Task A_status_without_a_lease_keeps_anothers_lease_and_its_write_still_commits()
    {
        var (store, statuses) = New();
        var rows = await SeedAsync(store, TheShard, IdsIn(TheShard, 3));
        var held = await statuses.TakeLeaseAsync(TheShard, null, Lease("a"), Cancel);

        // A process that polls inline, or one that found nothing due, knows no lease.
        await store.WriteAsync(TheShard, [], Board(Noon), Cancel);
        Assert.Equal(Board(Noon) with { Lease = Lease("a") }, (await store.ReadShardAsync(TheShard, Cancel)).Status! with { ETag = null });

        var report = await store.WriteAsync(
            TheShard,
            [.. rows.Select(r => Change(r, "A"))],
            Under(held!, Board(Noon.AddMinutes(1))),
            Cancel
        );

        Assert.All(report.Outcomes, o => Assert.Equal(WriteOutcome.Committed, o));
        Assert.Equal(0, report.Conflicts);
        Assert.Equal(Board(Noon.AddMinutes(1)), (await store.ReadShardAsync(TheShard, Cancel)).Status! with { ETag = null });
    }

    [Fact]
    public async Task An_error_in_the_shard_status_is_gone_after_a_good_cycle()
    {
        var (store, _) = New();
        await store.WriteAsync(TheShard, [], Board(Noon), Cancel);

        await store.WriteAsync(TheShard, [], Board(Noon.AddMinutes(1)) with { LastError = null }, Cancel);

        Assert.Null((await store.ReadShardAsync(TheShard, Cancel)).Status!.LastError);
    }

    [Fact]
    public async Task With_an_expired_lease_workflows_are_written_and_the_status_is_left_alone()
    {
        var logs = new FakeLogCollector(Options.Create(new FakeLogCollectorOptions()));
        var services = NewServices(logs: logs);
        var (store, statuses) = (services.GetRequiredService<TableWorkflowStore>(), services.GetRequiredService<IShardStatusStore>());
        var rows = await SeedAsync(store, TheShard, IdsIn(TheShard, 120));
        var slept = await statuses.TakeLeaseAsync(TheShard, null, Lease("slept"), Cancel);
        var successor = await statuses.TakeLeaseAsync(
            TheShard,
            (await store.ReadShardAsync(TheShard, Cancel)).Status,
            Lease("successor"),
            Cancel
        );

        var report = await store.WriteAsync(
            TheShard,
            [.. rows.Select((r, i) => i < 60 ? Change(r, "A") : Unchanged(r, Noon.AddHours(1)))],
            Under(slept!, Board(Noon)),
            Cancel
        );

        Assert.All(report.Outcomes, o => Assert.Equal(WriteOutcome.Committed, o));
        var contents = await store.ReadShardAsync(TheShard, Cancel);
        Assert.Equal(successor, contents.Status);
        Assert.Equal(60, contents.Workflows.Count(w => w.Sequence == 1));
        Assert.Equal(60, contents.Workflows.Count(w => w.ObservedAt == Noon.AddHours(1)));
        Assert.Single(logs.GetSnapshot(), record => record.Id.Name == "LeaseLost");
        // And the successor's write lands as if nothing had been.
        await store.WriteAsync(TheShard, [], Under(successor!, Board(Noon.AddHours(1))), Cancel);
        Assert.Equal(Board(Noon.AddHours(1)), (await store.ReadShardAsync(TheShard, Cancel)).Status! with { ETag = null });
    }

    [Theory]
    [InlineData(Fault.CutBefore, true)]
    [InlineData(Fault.CutAfter, true)]
    [InlineData(Fault.FailAfter, true)]
    [InlineData(Fault.BusyBefore, true)]
    [InlineData(Fault.CutAfter, false)]
    [InlineData(Fault.CutBefore, false)]
    public async Task A_lease_whose_response_was_lost_is_held_all_the_same(Fault fault, bool afterACycle)
    {
        var transport = new FaultyTransport();
        var (store, _) = New();
        var (_, statuses) = New(transport);
        if (afterACycle)
        {
            await store.WriteAsync(TheShard, [], Board(Noon), Cancel);
        }
        else
        {
            await WorkflowsTable.CreateIfNotExistsAsync(Cancel);
        }

        var read = (await store.ReadShardAsync(TheShard, Cancel)).Status;
        var left = 1;
        transport.Next = (kind, _) => kind is "write" && Interlocked.Decrement(ref left) >= 0 ? fault : Fault.None;

        var held = await statuses.TakeLeaseAsync(TheShard, read, Lease("a"), Cancel);

        var now = (await store.ReadShardAsync(TheShard, Cancel)).Status;
        Assert.Equal((Lease("a"), now!.ETag), (now.Lease, held!.ETag));
        Assert.Null(await New().Boards.TakeLeaseAsync(TheShard, read, Lease("b"), Cancel));
    }

    [Fact]
    public async Task A_lost_answer_that_hid_anothers_lease_gives_none()
    {
        var transport = new FaultyTransport();
        var (store, statuses) = New(transport);
        await store.WriteAsync(TheShard, [], Board(Noon), Cancel);
        var read = (await store.ReadShardAsync(TheShard, Cancel)).Status;
        var other = await New().Boards.TakeLeaseAsync(TheShard, read, Lease("other"), Cancel);
        var left = 1;
        transport.Next = (kind, _) => kind is "write" && Interlocked.Decrement(ref left) >= 0 ? Fault.CutBefore : Fault.None;

        Assert.Null(await statuses.TakeLeaseAsync(TheShard, read, Lease("a"), Cancel));

        Assert.Equal(other, (await store.ReadShardAsync(TheShard, Cancel)).Status);
    }

    [Theory]
    [InlineData(0, Fault.CutBefore)]
    [InlineData(0, Fault.CutAfter)]
    [InlineData(0, Fault.FailAfter)]
    [InlineData(5, Fault.CutBefore)]
    [InlineData(5, Fault.CutAfter)]
    [InlineData(5, Fault.FailAfter)]
    public async Task A_status_whose_response_was_lost_is_written_and_its_lease_ended(int workflows, Fault fault)
    {
        var transport = new FaultyTransport();
        var (store, statuses) = New(transport);
        await WorkflowsTable.CreateIfNotExistsAsync(Cancel);
        var rows = workflows == 0 ? [] : await SeedAsync(store, TheShard, IdsIn(TheShard, workflows));
        var held = await statuses.TakeLeaseAsync(TheShard, null, Lease("a"), Cancel);
        var left = 1;
        transport.Next = (kind, _) => kind is "write" or "transaction" && Interlocked.Decrement(ref left) >= 0 ? fault : Fault.None;

        var report = await store.WriteAsync(TheShard, [.. rows.Select(r => Change(r, "A"))], Under(held!, Board(Noon)), Cancel);

        Assert.All(report.Outcomes, o => Assert.Equal(WriteOutcome.Committed, o));
        var contents = await store.ReadShardAsync(TheShard, Cancel);
        Assert.Equal(Board(Noon), contents.Status! with { ETag = null });
        Assert.All(contents.Workflows, w => Assert.Equal(1, w.Sequence));
    }

    [Fact]
    public async Task A_conflict_of_a_workflow_does_not_end_the_lease()
    {
        var (store, statuses) = New();
        var rows = await SeedAsync(store, TheShard, IdsIn(TheShard, 4));
        var held = await statuses.TakeLeaseAsync(TheShard, null, Lease("a"), Cancel);
        // A requested poll writes one of them.
        await store.WriteAsync(TheShard, [Change(rows[2], "seen by another")], null, Cancel);

        var report = await store.WriteAsync(TheShard, [.. rows.Select(r => Change(r, "A"))], Under(held!, Board(Noon)), Cancel);

        Assert.Equal([WriteOutcome.Committed, WriteOutcome.Committed, WriteOutcome.Conflict, WriteOutcome.Committed], report.Outcomes);
        Assert.Equal(Board(Noon), (await store.ReadShardAsync(TheShard, Cancel)).Status! with { ETag = null });
    }

    [Fact]
    public async Task A_peek_is_one_read_and_distinguishes_an_empty_shard()
    {
        var transport = new FaultyTransport();
        var (store, statuses) = New(transport);
        Assert.Equal(new ShardPeek(true, null), await statuses.PeekAsync(TheShard, Cancel));

        await store.WriteAsync(TheShard, [], Board(Noon), Cancel);
        var withBoard = await statuses.PeekAsync(TheShard, Cancel);
        Assert.Equal((true, Board(Noon)), (withBoard.IsEmpty, withBoard.Status! with { ETag = null }));

        // Finished workflows and histories are nothing to poll.
        foreach (var key in (string[])["f|w1", "h|w1|9999999998", "n|w1|1"])
        {
            await WorkflowsTable.AddEntityAsync(new TableEntity(TheShard.Key, key), Cancel);
        }

        Assert.True((await statuses.PeekAsync(TheShard, Cancel)).IsEmpty);

        await WorkflowsTable.AddEntityAsync(new TableEntity(TheShard.Key, "c|cluster-1"), Cancel);
        Assert.Equal(new ShardPeek(false, null), await statuses.PeekAsync(TheShard, Cancel));
        await WorkflowsTable.DeleteEntityAsync(TheShard.Key, "c|cluster-1", cancellationToken: Cancel);

        await SeedAsync(store, TheShard, IdsIn(TheShard, 300));
        transport.Forget();
        Assert.Equal(new ShardPeek(false, null), await statuses.PeekAsync(TheShard, Cancel));
        Assert.Equal((1, 1), (transport.Count("read"), transport.CountAll));
    }

    [Fact]
    public async Task A_service_that_is_down_is_reported_in_our_own_words()
    {
        var transport = new FaultyTransport { Next = (_, _) => Fault.CutBefore };
        var (_, statuses) = New(transport);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => statuses.PeekAsync(TheShard, Cancel));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => statuses.TakeLeaseAsync(TheShard, null, Lease("a"), Cancel));
    }

    private static ShardLease Lease(string holder) => new(holder, Noon.AddMinutes(4));

    private static ShardStatus Under(ShardStatus held, ShardStatus status) => status with { Lease = held.Lease, ETag = held.ETag };

    private (TableWorkflowStore Store, IShardStatusStore Boards) New(FaultyTransport? transport = null)
    {
        var services = NewServices(transport);
        return (services.GetRequiredService<TableWorkflowStore>(), services.GetRequiredService<IShardStatusStore>());
    }
}
