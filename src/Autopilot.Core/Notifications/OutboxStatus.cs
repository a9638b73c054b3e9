namespace Autopilot.Core.Notifications;

/// <summary>What a shard's outbox says of the webhooks.</summary>
/// <param name="Waiting">The queues, each in order.</param>
/// <param name="LastDelivered">When each webhook last took a notification of the shard's workflows, by its name.</param>
public sealed record OutboxStatus(IReadOnlyList<WaitingNotifications> Waiting, IReadOnlyDictionary<string, DateTimeOffset> LastDelivered);
