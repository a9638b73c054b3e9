using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Functions.Tests;

/// <summary>Holds one notification, which shows what was stored when it was read.</summary>
internal sealed class OutboxOfOne(DateTimeOffset at, Func<DateTimeOffset?> stored) : INotificationOutbox
{
    public Task<IReadOnlyList<WaitingNotifications>> ReadAsync(Shard shard, CancellationToken cancellationToken)
    {
        var state = new NotificationState(Assessment.Progressing, null, null, null);
        var notification = new Notification
        {
            WorkflowId = "due",
            Sequence = 1,
            At = at,
            From = state,
            To = state with { Assessment = Assessment.Blocked },
            Facts = new NotificationFacts { Headline = "h", ObservedAt = stored() },
        };
        return Task.FromResult<IReadOnlyList<WaitingNotifications>>(
            shard == Shard.Of("due") ? [new("due", [notification], new Dictionary<string, DeliveryCursor>(), null, null)] : []
        );
    }

    public async Task<OutboxStatus> ReadStatusAsync(Shard shard, CancellationToken cancellationToken) =>
        new(await ReadAsync(shard, cancellationToken), new Dictionary<string, DateTimeOffset>());

    public Task<WaitingNotifications?> ClaimAsync(
        WaitingNotifications waiting,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) => Task.FromResult<WaitingNotifications?>(waiting);

    public Task<bool> CommitProgressAsync(
        WaitingNotifications claimed,
        int done,
        IReadOnlyDictionary<string, DeliveryCursor> cursors,
        IReadOnlyList<UndeliveredNotification> givenUp,
        CancellationToken cancellationToken
    ) => Task.FromResult(true);

    public Task ForgetUndeliveredAsync(Shard shard, DateTimeOffset before, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task ForgetDeliveredAsync(Shard shard, IReadOnlyCollection<string> webhooks, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<UndeliveredNotification>> ReadUndeliveredAsync(
        int atMost,
        UnreadableCount unreadable,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();
}
