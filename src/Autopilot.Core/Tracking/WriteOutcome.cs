namespace Autopilot.Core.Tracking;

/// <summary>The result of a write.</summary>
public enum WriteOutcome
{
    /// <summary>It is stored: by this call, or by an attempt whose answer was lost.</summary>
    Landed,

    /// <summary>Another writer has stored the same state meanwhile; there is nothing left to do.</summary>
    AlreadyKnown,

    /// <summary>Another writer observed another state meanwhile: this observation proves nothing any more. Poll again from the start.</summary>
    Superseded,

    /// <summary>The row is gone: untracked or finished meanwhile. Drop it.</summary>
    Vanished,

    /// <summary>The state cannot be stored (too large for the table); the last good state stays.</summary>
    TooLarge,
}
