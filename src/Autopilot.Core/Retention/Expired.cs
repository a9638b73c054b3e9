namespace Autopilot.Core.Retention;

/// <summary>Since when things are past their retention.</summary>
/// <param name="HistoryBefore">Workflows that ended, and untracked ones last observed, before this; null where history is kept for ever.</param>
/// <param name="MaxStates">States kept of each workflow that is over; null for all.</param>
/// <param name="RunsBefore">Runs that ended before this; null where runs are kept for ever.</param>
public sealed record RetentionLimits(DateTimeOffset? HistoryBefore, int? MaxStates, DateTimeOffset? RunsBefore)
{
    /// <summary>The limits of these settings at a moment.</summary>
    public static RetentionLimits At(DateTimeOffset now, RetentionOptions options) => new(Before(now, options.History), options.MaxStates, Before(now, options.Runs));

    // An age that reaches behind the calendar's beginning keeps everything.
    private static DateTimeOffset? Before(DateTimeOffset now, TimeSpan? age) => age is { } kept && now - DateTimeOffset.MinValue > kept ? now - kept : null;
}

/// <summary>Why something of a workflow goes.</summary>
public enum ExpiryReason
{
    /// <summary>It ended longer ago than <c>Retention:History</c>: row and history go.</summary>
    Ended,

    /// <summary>Nobody tracks it, and it ended, or was last observed, longer ago than that: its history goes; the row stays, since it says that a person untracked it.</summary>
    Untracked,

    /// <summary>It ended longer ago than that, and the settings name it: its history goes; the row stays, or the next start would track it anew.</summary>
    NamedInSettings,

    /// <summary>It is over and has more states than <c>Retention:MaxStates</c>: the oldest go.</summary>
    TooManyStates,

    /// <summary>Its purge was begun and did not get to its end: the rest goes.</summary>
    PurgeInterrupted,
}

/// <summary>What is past its retention of one workflow.</summary>
/// <param name="WorkflowId">Which.</param>
/// <param name="Reason">Why.</param>
/// <param name="EndedAt">Its end; null of an untracked one that had none.</param>
/// <param name="States">How many states go.</param>
/// <param name="UpTo">The newest sequence that goes.</param>
/// <param name="Sequence">How many states it has had in all.</param>
/// <param name="Version">The row as it was found: once it is another, nothing is deleted.</param>
public sealed record ExpiredWorkflow(string WorkflowId, ExpiryReason Reason, DateTimeOffset? EndedAt, long States, long UpTo, long Sequence, string Version);
