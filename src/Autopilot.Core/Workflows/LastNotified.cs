namespace Autopilot.Core.Workflows;

/// <summary>
/// What a workflow's row stores for notifications: an assessment can change by time alone, and only a stored one shows that it did.
/// </summary>
/// <param name="Latest">The state as of the latest poll that was stored.</param>
/// <param name="Notified">Sequence of the latest notification; 0 before the first.</param>
public sealed record LastNotified(NotificationState Latest, long Notified);
