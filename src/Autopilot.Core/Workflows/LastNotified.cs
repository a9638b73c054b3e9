namespace Autopilot.Core.Workflows;

/// <summary>
/// What a workflow's row remembers for notifications: an assessment turns by time alone, and only a memory shows that it did.
/// </summary>
/// <param name="Latest">The standing as of the latest poll that was stored.</param>
/// <param name="Notified">Sequence of the latest notification; 0 before the first.</param>
public sealed record LastNotified(NotificationState Latest, long Notified);
