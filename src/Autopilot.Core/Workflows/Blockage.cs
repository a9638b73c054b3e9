namespace Autopilot.Core.Workflows;

/// <summary>What the workflow cannot move past now.</summary>
/// <param name="Task">The blocking task.</param>
/// <param name="Reason">Why it blocks.</param>
/// <param name="Since">Since when; null where neither upstream nor an observation gives it.</param>
/// <param name="SinceObserved">Whether only an observation gives it.</param>
internal sealed record Blockage(TaskTimes Task, BlockingReason Reason, DateTimeOffset? Since, bool SinceObserved)
{
    /// <summary>
    /// Whether the blocking task continues by itself: it runs or is queued, or is under way in a status that we don't know.
    /// </summary>
    public bool GoesOn =>
        Reason is BlockingReason.InProgress or BlockingReason.Queued || (Reason == BlockingReason.Unknown && Task.Task.IsUnderWay());

    /// <summary>For how long, as of the observation; null where it is unknown.</summary>
    public TimeSpan? Lasts(DateTimeOffset asOf) => Clocks.Length(Since, asOf);
}
