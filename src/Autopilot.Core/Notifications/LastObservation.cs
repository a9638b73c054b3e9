using Autopilot.Core.Workflows;

namespace Autopilot.Core.Notifications;

/// <summary>The latest successful read of a workflow, and when the next is due.</summary>
/// <param name="At">When; the end of time where no further read will follow, so that there is nothing to wait for.</param>
/// <param name="NextAt">When the next is due; null where none will follow.</param>
internal readonly record struct LastObservation(DateTimeOffset At, DateTimeOffset? NextAt)
{
    /// <summary>Nothing more will be seen: it is finished, no longer tracked, or gone.</summary>
    public static LastObservation None { get; } = new(DateTimeOffset.MaxValue, null);

    public static LastObservation Of(TrackedWorkflow? row) =>
        row is { Tracked: true, IsFinished: false, GoneSince: null }
            ? new(row.ObservedAt ?? DateTimeOffset.MinValue, row.NextPollAt)
            : None;
}
