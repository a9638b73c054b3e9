namespace Autopilot.Core.Tracking;

/// <summary>What became of one poll of one workflow.</summary>
internal enum PollOutcome
{
    /// <summary>Another state than the last one, and it is stored.</summary>
    Changed,

    /// <summary>The state that was known, or one that another writer has stored meanwhile.</summary>
    Unchanged,

    /// <summary>The workflow's own failure; its last good state stays.</summary>
    Failed,

    /// <summary>Upstream throttles this process: nothing is stored and the workflow stays due.</summary>
    Throttled,

    /// <summary>Upstream refuses this process: nothing is stored and the cycle stops.</summary>
    Refused,

    /// <summary>Other writers were faster each time; the workflow is left for the next poll.</summary>
    Superseded,

    /// <summary>Finished, untracked or purged meanwhile.</summary>
    Vanished,
}
