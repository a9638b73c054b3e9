namespace Autopilot.Core.Notifications;

/// <summary>What becomes of a webhook's waiting transitions.</summary>
/// <param name="Done">How many of them, from the first, are done once <paramref name="Notify"/> is delivered; 0 while nothing has
/// settled.</param>
/// <param name="Notify">What to send; null when there is nothing, since the workflow is back where it was.</param>
/// <param name="WaitUntil">When to judge again, of what has not settled.</param>
internal sealed record DebounceDecision(int Done, Notification? Notify, DateTimeOffset? WaitUntil);
