namespace Autopilot.Core.Notifications;

/// <summary>What becomes of a webhook's waiting transitions.</summary>
/// <param name="Done">How many of them, from the first, are done once <paramref name="Notify"/> is delivered; 0 while no state has lasted
/// long enough.</param>
/// <param name="Notify">What to send; null when there is nothing, since the workflow is back where it was.</param>
/// <param name="WaitUntil">When to decide again, while a state has not lasted long enough.</param>
internal sealed record DebounceDecision(int Done, Notification? Notify, DateTimeOffset? WaitUntil);
