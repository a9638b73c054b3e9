using Autopilot.Core.Rows;

namespace Autopilot.Core.Notifications;

/// <summary>One workflow's queue.</summary>
/// <param name="Notifications">In order, at least one, the oldest first.</param>
/// <param name="Cursors">How far each webhook is, by its name; none where it has not begun.</param>
/// <param name="ClaimedUntil">A process has claimed the queue until then; null where none has.</param>
/// <param name="Version">The store's token of the first notification's row.</param>
public sealed record WaitingNotifications(
    string WorkflowId,
    IReadOnlyList<Notification> Notifications,
    IReadOnlyDictionary<string, DeliveryCursor> Cursors,
    DateTimeOffset? ClaimedUntil,
    string? Version
)
{
    /// <summary>What the first notification's row holds that this version does not know; null where it knows all.</summary>
    public UnknownContent? Unknown { get; init; }
}
