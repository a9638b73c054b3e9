namespace Autopilot.Core.Tracking;

/// <summary>The result of a write.</summary>
public enum WriteOutcome
{
    /// <summary>It is stored: by this call, or by an attempt whose answer was lost.</summary>
    Committed,

    /// <summary>Another writer has stored the same state meanwhile; there is nothing left to do.</summary>
    AlreadyApplied,

    /// <summary>
    /// Another writer observed another state meanwhile: this observation proves nothing any more. Poll again from the start.
    /// </summary>
    Conflict,

    /// <summary>The row is gone: untracked or finished meanwhile. Drop it.</summary>
    NotFound,

    /// <summary>The state cannot be stored (too large for the table); the last good state stays.</summary>
    TooLarge,
}
