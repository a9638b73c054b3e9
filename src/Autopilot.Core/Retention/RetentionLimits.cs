namespace Autopilot.Core.Retention;

/// <summary>Since when things are past their retention.</summary>
/// <param name="HistoryBefore">Workflows that ended, and untracked ones last observed, before this; null where history is kept for
/// ever.</param>
/// <param name="MaxStates">States kept of each workflow that is over; null for all.</param>
/// <param name="RunsBefore">Runs that ended before this; null where runs are kept for ever.</param>
public sealed record RetentionLimits(DateTimeOffset? HistoryBefore, int? MaxStates, DateTimeOffset? RunsBefore)
{
    /// <summary>The limits of these settings at a given time.</summary>
    public static RetentionLimits At(DateTimeOffset now, RetentionOptions options) =>
        new(Before(now, options.History), options.MaxStates, Before(now, options.Runs));

    // An age that reaches behind the calendar's beginning keeps everything.
    private static DateTimeOffset? Before(DateTimeOffset now, TimeSpan? age) =>
        age is { } kept && now - DateTimeOffset.MinValue > kept ? now - kept : null;
}
