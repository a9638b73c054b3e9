namespace Autopilot.Core.Workflows;

/// <summary>What the time since the last read alone decides about a summary.</summary>
/// <param name="Stale">Whether the row was last read more than three of its poll intervals ago, though it should be polled.</param>
/// <param name="ExpiredUnread">Whether the result of its pre-check has expired since the last read.</param>
public readonly record struct Freshness(bool Stale, bool ExpiredUnread)
{
    /// <param name="workflow">The stored row.</param>
    /// <param name="now">Time of the request.</param>
    /// <param name="pollInterval">The workflow's own poll interval, from <c>Cadence</c>.</param>
    public static Freshness Of(TrackedWorkflow workflow, DateTimeOffset now, TimeSpan pollInterval) =>
        new(WorkflowSummarizer.IsStale(workflow, now, pollInterval), PreCheckExpiry.HasExpiredUnread(workflow, now));
}
