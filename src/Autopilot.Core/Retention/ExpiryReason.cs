namespace Autopilot.Core.Retention;

/// <summary>Why something of a workflow goes.</summary>
public enum ExpiryReason
{
    /// <summary>It ended longer ago than <c>Retention:History</c>: row and history go.</summary>
    Ended,

    /// <summary>
    /// It is not tracked, and it ended, or was last observed, longer ago than that. Its history is deleted; the row stays, since it says
    /// that a person untracked it.
    /// </summary>
    Untracked,

    /// <summary>
    /// It ended longer ago than that, and the settings name it. Its history is deleted; the row stays, or the next start would track it
    /// again.
    /// </summary>
    NamedInSettings,

    /// <summary>It is over and has more states than <c>Retention:MaxStates</c>: the oldest go.</summary>
    TooManyStates,

    /// <summary>Its purge was begun and did not get to its end: the rest goes.</summary>
    PurgeInterrupted,
}
