using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Tables;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Storage.Tests;

/// <summary>Notifications are stored with their cause or not at all, and leave in order.</summary>
public sealed class NotificationOutboxTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    private static readonly NotificationState Running = new(
        Assessment.Progressing,
        WorkflowPhase.Running,
        UpgradeTaskType.Cluster,
        BlockingReason.InProgress
    );
    private static readonly NotificationState Blocked = new(
        Assessment.Blocked,
        WorkflowPhase.Pending,
        UpgradeTaskType.Cluster,
        BlockingReason.TaskFailed
    );

    [Theory]
    [InlineData(Fault.None)]
    [InlineData(Fault.CutBefore)]
    [InlineData(Fault.CutAfter)]
    [InlineData(Fault.FailAfter)]
    public async Task A_notification_is_stored_once_with_its_cause_even_if_the_response_is_lost(Fault fault)
    {
        var transport = new FaultyTransport();
        var services = NewServices(transport);
        var store = services.GetRequiredService<TableWorkflowStore>();
        var before = await TrackAsync(store, "wf-1");
        WorkflowLifecycleTests.FailOnce(transport, "transaction", fault);
        transport.Forget();

        var report = await store.WriteAsync(Shard.Of("wf-1"), [Telling(Change(before, "A"))], null, Cancel);

        Assert.Equal([WriteOutcome.Committed], report.Outcomes);
        await AssertHistoryAsync(store, "wf-1", "A");
        var queue = Assert.Single(await ReadAsync(services, "wf-1"));
        Assert.Equivalent(NotificationOf("wf-1", 1), Assert.Single(queue.Notifications), strict: true);
        Assert.Equal(new LastNotified(Blocked, 1), (await store.FindAsync("wf-1", Cancel))!.LastNotified);
        if (fault is Fault.None)
        {
            Assert.Equal(1, transport.Count("transaction"));
        }
    }

    [Theory]
    [InlineData("replace", false)]
    [InlineData("delete", false)]
    [InlineData("delete", true)]
    public async Task A_fresh_row_in_place_of_an_unreadable_one_keeps_what_still_waits(string how, bool byDiscovery)
    {
        var services = NewServices();
        var store = services.GetRequiredService<TableWorkflowStore>();
        var row = await TrackAsync(store, "wf-1");
        foreach (var sequence in (int[])[1, 2])
        {
            var reported = Telling(Change(row, $"{sequence}"), sequence);
            row = (await store.WriteAsync(Shard.Of("wf-1"), [reported], null, Cancel)).Committed(0, reported);
        }

        var table = services.GetRequiredService<StorageTables>().Workflows;
        var damaged = new TableEntity(Shard.Of("wf-1").Key, "a|wf-1") { ["State"] = "{" };
        await table.SendAsync([new(TableTransactionActionType.UpdateMerge, damaged, ETag.All)], Cancel);
        if (how == "delete")
        {
            Assert.True(await store.UntrackAsync("wf-1", Cancel));
        }

        var fresh = (await store.TrackAsync(row.Target, null, Noon.AddDays(1), byDiscovery, Cancel)).Workflow;
        Assert.Equal(new LastNotified(new NotificationState(Assessment.Unknown, null, null, null), 2), fresh.LastNotified);
        Assert.Equivalent(fresh.LastNotified, (await store.FindAsync("wf-1", Cancel))!.LastNotified, strict: true);
        var next = Telling(Change(fresh, "next", Noon.AddDays(2)), fresh.LastNotified!.Notified + 1);
        Assert.Equal([WriteOutcome.Committed], (await store.WriteAsync(Shard.Of("wf-1"), [next], null, Cancel)).Outcomes);
        Assert.Equal([1L, 2L, 3L], Assert.Single(await ReadAsync(services, "wf-1")).Notifications.Select(one => one.Sequence));
    }

    [Fact]
    public async Task After_a_conflict_no_notification_is_stored()
    {
        var services = NewServices();
        var store = services.GetRequiredService<TableWorkflowStore>();
        var before = await TrackAsync(store, "wf-1");
        await store.WriteAsync(Shard.Of("wf-1"), [Change(before, "A")], null, Cancel);

        var report = await store.WriteAsync(Shard.Of("wf-1"), [Telling(Change(before, "B"))], null, Cancel);

        Assert.Equal([WriteOutcome.Conflict], report.Outcomes);
        Assert.Empty(await ReadAsync(services, "wf-1"));
    }

    [Fact]
    public async Task A_transition_by_time_alone_is_stored_with_the_poll_times()
    {
        var services = NewServices();
        var store = services.GetRequiredService<TableWorkflowStore>();
        var first = Telling(Change(await TrackAsync(store, "wf-1"), "A"));
        var row = (await store.WriteAsync(Shard.Of("wf-1"), [first], null, Cancel)).Committed(0, first);

        var second = Telling(Unchanged(row, Noon.AddMinutes(9)), sequence: 2, to: Running);
        await store.WriteAsync(Shard.Of("wf-1"), [second], Board(Noon), Cancel);

        Assert.Equal([1L, 2L], Assert.Single(await ReadAsync(services, "wf-1")).Notifications.Select(n => n.Sequence));
        Assert.Equal(new LastNotified(Running, 2), (await store.FindAsync("wf-1", Cancel))!.LastNotified);
        await AssertHistoryAsync(store, "wf-1", "A");
    }

    [Theory]
    [InlineData(false, 49, 49, 1)]
    [InlineData(false, 50, 50, 2)]
    [InlineData(true, 33, 33, 1)]
    [InlineData(true, 34, 34, 2)]
    [InlineData(true, 1, 49, 1)]
    [InlineData(true, 2, 49, 2)]
    public async Task A_transaction_holds_a_hundred_rows_and_no_more_whatever_they_are(bool view, int reported, int all, int transactions)
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        var shard = Shard.All[3];
        var rows = await SeedAsync(store, shard, IdsIn(shard, all));
        transport.Forget();

        var report = await store.WriteAsync(
            shard,
            [.. rows.Select((row, i) => view && i < reported ? Telling(Change(row, "A")) : Change(row, "A"))],
            Board(Noon),
            Cancel
        );

        Assert.All(report.Outcomes, outcome => Assert.Equal(WriteOutcome.Committed, outcome));
        Assert.Equal(transactions, transport.Count("transaction") + transport.Count("write"));
    }

    [Fact]
    public async Task Hundreds_of_poll_times_with_notifications_are_packed_by_their_rows()
    {
        var transport = new FaultyTransport();
        var store = NewServices(transport).GetRequiredService<TableWorkflowStore>();
        var shard = Shard.All[4];
        var rows = await SeedAsync(store, shard, IdsIn(shard, 100));
        transport.Forget();

        var report = await store.WriteAsync(
            shard,
            [.. rows.Select(row => Telling(Unchanged(row, Noon.AddMinutes(1))))],
            Board(Noon),
            Cancel
        );

        Assert.All(report.Outcomes, outcome => Assert.Equal(WriteOutcome.Committed, outcome));
        Assert.Equal(3, transport.Count("transaction"));
    }

    [Fact]
    public async Task A_queue_is_claimed_by_one_process_and_committed_in_one_transaction()
    {
        var transport = new FaultyTransport();
        var services = NewServices(transport);
        var outbox = services.GetRequiredService<INotificationOutbox>();
        await StoreAsync(services, "wf-1", 3);
        var seen = Assert.Single(await ReadAsync(services, "wf-1"));
        transport.Forget();

        var claimed = await outbox.ClaimAsync(seen, Noon.AddMinutes(2), Cancel);
        Assert.Null(await outbox.ClaimAsync(seen, Noon.AddMinutes(2), Cancel));
        var cursors = new Dictionary<string, DeliveryCursor> { ["a"] = new(3), ["b"] = new(1, 2, Noon.AddMinutes(5), "It answered 500.") };
        Assert.True(await outbox.CommitProgressAsync(claimed!, 1, cursors, [Undelivered(1)], Cancel));
        Assert.False(await outbox.CommitProgressAsync(claimed!, 1, cursors, [], Cancel));

        Assert.Equal((2, 2), (transport.Count("write"), transport.Count("transaction")));
        var left = Assert.Single(await ReadAsync(services, "wf-1"));
        Assert.Equal([2L, 3L], left.Notifications.Select(n => n.Sequence));
        Assert.Equal(cursors, left.Cursors);
        Assert.True(left.ClaimedUntil < Noon);
        Assert.Equal([Undelivered(1)], await outbox.ReadUndeliveredAsync(10, new(), Cancel));

        Assert.True(await outbox.CommitProgressAsync((await outbox.ClaimAsync(left, Noon, Cancel))!, 2, cursors, [], Cancel));
        Assert.Empty(await ReadAsync(services, "wf-1"));
    }

    [Fact]
    public async Task The_time_of_the_last_delivery_is_stored_with_the_progress()
    {
        var transport = new FaultyTransport();
        var services = NewServices(transport);
        var outbox = services.GetRequiredService<INotificationOutbox>();
        await StoreAsync(services, "wf-1", 3);
        var claimed = await outbox.ClaimAsync(Assert.Single(await ReadAsync(services, "wf-1")), Noon.AddMinutes(2), Cancel);
        transport.Forget();
        var cursors = new Dictionary<string, DeliveryCursor>
        {
            ["a"] = new(1) { DeliveredAt = Noon.AddSeconds(7) },
            ["b"] = new(1),
        };

        Assert.True(await outbox.CommitProgressAsync(claimed!, 1, cursors, [], Cancel));

        Assert.Equal(1, transport.Count("transaction"));
        var status = await NewServices().GetRequiredService<INotificationOutbox>().ReadStatusAsync(Shard.Of("wf-1"), Cancel);
        Assert.Equal(("a", Noon.AddSeconds(7)), Assert.Single(status.LastDelivered.Select(one => (one.Key, one.Value))));
        var left = Assert.Single(status.Waiting);
        Assert.Equal([2L, 3L], left.Notifications.Select(one => one.Sequence));
        Assert.All(left.Cursors.Values, cursor => Assert.Null(cursor.DeliveredAt));

        // Another workflow of the shard, and a later delivery: the row is merged. What waits is read without it, and what was given up too.
        claimed = await outbox.ClaimAsync(left, Noon.AddMinutes(2), Cancel);
        cursors = new()
        {
            ["a"] = new(3) { DeliveredAt = Noon.AddMinutes(1) },
            ["b.c_d-e"] = new(3) { DeliveredAt = Noon.AddMinutes(2) },
        };
        Assert.True(await outbox.CommitProgressAsync(claimed!, 2, cursors, [], Cancel));
        status = await outbox.ReadStatusAsync(Shard.Of("wf-1"), Cancel);
        Assert.Empty(status.Waiting);
        Assert.Equal(
            [("a", Noon.AddMinutes(1)), ("b.c_d-e", Noon.AddMinutes(2))],
            status.LastDelivered.Select(one => (one.Key, one.Value)).Order()
        );
        Assert.Empty(await ReadAsync(services, "wf-1"));
        Assert.Empty(await outbox.ReadUndeliveredAsync(10, new(), Cancel));
    }

    [Fact]
    public async Task A_notification_that_comes_meanwhile_stays()
    {
        var services = NewServices();
        var outbox = services.GetRequiredService<INotificationOutbox>();
        await StoreAsync(services, "wf-1", 1);
        var claimed = await outbox.ClaimAsync(Assert.Single(await ReadAsync(services, "wf-1")), Noon.AddMinutes(2), Cancel);
        var row = await services.GetRequiredService<TableWorkflowStore>().FindAsync("wf-1", Cancel);
        await services
            .GetRequiredService<TableWorkflowStore>()
            .WriteAsync(Shard.Of("wf-1"), [Telling(Unchanged(row!, Noon), sequence: 2)], null, Cancel);

        Assert.True(await outbox.CommitProgressAsync(claimed!, 1, new Dictionary<string, DeliveryCursor>(), [], Cancel));

        Assert.Equal(2, Assert.Single(Assert.Single(await ReadAsync(services, "wf-1")).Notifications).Sequence);
    }

    [Fact]
    public async Task Queues_of_a_shard_are_separate_and_an_unreadable_row_stops_no_other()
    {
        var services = NewServices();
        var shard = Shard.All[5];
        var ids = IdsIn(shard, 2);
        foreach (var id in ids)
        {
            await StoreAsync(services, id, 2);
        }
        await WorkflowsTable.UpsertEntityAsync(
            new TableEntity(shard.Key, RowKeys.Notification(ids[0], 1)) { ["Notification"] = "[{" },
            TableUpdateMode.Replace,
            Cancel
        );

        var queues = await services.GetRequiredService<INotificationOutbox>().ReadAsync(shard, Cancel);

        Assert.Equal([(ids[0], 1), (ids[1], 2)], queues.Select(queue => (queue.WorkflowId, queue.Notifications.Count)));
    }

    [Fact]
    public async Task Records_of_what_was_given_up_come_newest_first_and_are_forgotten_by_age()
    {
        var services = NewServices();
        var outbox = services.GetRequiredService<INotificationOutbox>();
        await StoreAsync(services, "wf-1", 4);
        for (var i = 1; i <= 3; i++)
        {
            var claimed = await outbox.ClaimAsync(Assert.Single(await ReadAsync(services, "wf-1")), Noon, Cancel);
            Assert.True(await outbox.CommitProgressAsync(claimed!, 1, new Dictionary<string, DeliveryCursor>(), [Undelivered(i)], Cancel));
        }

        Assert.Equal([3L, 2L], (await outbox.ReadUndeliveredAsync(2, new(), Cancel)).Select(record => record.Sequence));
        await outbox.ForgetUndeliveredAsync(Shard.Of("wf-1"), Noon.AddDays(2), Cancel);
        Assert.Equal([3L, 2L], (await outbox.ReadUndeliveredAsync(10, new(), Cancel)).Select(record => record.Sequence));
        Assert.Equal(4, Assert.Single(Assert.Single(await ReadAsync(services, "wf-1")).Notifications).Sequence);
    }

    [Fact]
    public async Task Notes_of_webhooks_are_forgotten_by_name_and_nothing_else_of_the_shard()
    {
        var services = NewServices();
        var outbox = services.GetRequiredService<INotificationOutbox>();
        await StoreAsync(services, "wf-1", 2);
        var claimed = await outbox.ClaimAsync(Assert.Single(await ReadAsync(services, "wf-1")), Noon, Cancel);
        var cursors = Enumerable.Range(0, 60).ToDictionary(i => $"w-{i}", _ => new DeliveryCursor(1) { DeliveredAt = Noon });
        cursors["w"] = new DeliveryCursor(1) { DeliveredAt = Noon };
        Assert.True(await outbox.CommitProgressAsync(claimed!, 1, cursors, [Undelivered(1)], Cancel));

        await outbox.ForgetDeliveredAsync(Shard.Of("wf-1"), [.. cursors.Keys.Where(name => name != "w")], Cancel);
        await outbox.ForgetDeliveredAsync(Shard.Of("wf-1"), ["w-0", "never"], Cancel);

        var status = await outbox.ReadStatusAsync(Shard.Of("wf-1"), Cancel);
        Assert.Equal(["w"], status.LastDelivered.Keys);
        Assert.Equal(2, Assert.Single(Assert.Single(status.Waiting).Notifications).Sequence);
        Assert.Single(await outbox.ReadUndeliveredAsync(10, new(), Cancel));
    }

    [Fact]
    public async Task A_purge_deletes_waiting_notifications_too()
    {
        var services = NewServices();
        await StoreAsync(services, "wf-1", 3);

        Assert.True(await services.GetRequiredService<TableWorkflowStore>().PurgeAsync("wf-1", Cancel));

        Assert.Empty(await ReadAsync(services, "wf-1"));
    }

    [Fact]
    public async Task An_outage_is_reported_as_one()
    {
        var transport = new FaultyTransport();
        var services = NewServices(transport);
        var outbox = services.GetRequiredService<INotificationOutbox>();
        await StoreAsync(services, "wf-1", 1);
        var queue = Assert.Single(await ReadAsync(services, "wf-1"));
        transport.Next = (_, _) => Fault.CutBefore;

        await Assert.ThrowsAsync<StorageUnavailableException>(() => outbox.ClaimAsync(queue, Noon, Cancel));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => outbox.ReadAsync(Shard.Of("wf-1"), Cancel));
    }

    private static Task<IReadOnlyList<WaitingNotifications>> ReadAsync(ServiceProvider services, string id) =>
        services.GetRequiredService<INotificationOutbox>().ReadAsync(Shard.Of(id), Cancel);

    private static async Task StoreAsync(ServiceProvider services, string id, int count)
    {
        var store = services.GetRequiredService<TableWorkflowStore>();
        var row = await TrackAsync(store, id);
        for (var i = 1; i <= count; i++)
        {
            var write = Telling(Unchanged(row, Noon.AddMinutes(i)), sequence: i);
            row = (await store.WriteAsync(Shard.Of(id), [write], null, Cancel)).Committed(0, write);
        }
    }

    private static WorkflowWrite Telling(WorkflowWrite write, long sequence = 1, NotificationState? to = null) =>
        write with
        {
            After = write.After with { LastNotified = new LastNotified(to ?? Blocked, sequence) },
            Notification = NotificationOf(write.After.Target.WorkflowId, sequence),
        };

    private static Notification NotificationOf(string id, long sequence) =>
        new()
        {
            WorkflowId = id,
            Sequence = sequence,
            At = Noon.AddTicks(1234567),
            From = Running,
            To = Blocked,
            Facts = new NotificationFacts
            {
                ClusterName = "Checkout 東京",
                Headline = "It is blocked.",
                Progress = new WorkflowProgress(1, 3, 33),
                BlockingTask = new BlockingTask
                {
                    Type = UpgradeTaskType.Cluster,
                    Status = UpgradeTaskStatus.Failed,
                    Reason = BlockingReason.TaskFailed,
                    Since = Noon,
                    Message = "m",
                    Remediation = "r",
                    Details = [new FailureDetail { Name = "d" }],
                },
            },
        };

    private static UndeliveredNotification Undelivered(int day) =>
        new()
        {
            Webhook = "hook",
            Id = $"wf-1.{day}.0",
            WorkflowId = "wf-1",
            Sequence = day,
            At = Noon,
            GivenUpAt = Noon.AddDays(day),
            Attempts = 50,
            Error = "It answered 500.",
            Headline = "It is blocked.",
        };
}
