namespace Autopilot.Core.Tracking.FanOut;

/// <summary>What became of a shard's message.</summary>
public enum ShardOutcome
{
    /// <summary>The shard has been polled completely.</summary>
    Done,

    /// <summary>
    /// Polled in part: the budget ran out, upstream rejected or throttled, or something failed. The rest is due at once in the next tick.
    /// </summary>
    Incomplete,

    /// <summary>This process stops: another may take the rest in the same tick.</summary>
    Stopped,

    /// <summary>Another poller holds the shard.</summary>
    Leased,

    /// <summary>This tick's cycle, or a later one, is completed already: the message came twice or out of order.</summary>
    DoneBefore,

    /// <summary>Its tick is over.</summary>
    Late,

    /// <summary>Unreadable, or this process does not work for the queue.</summary>
    NotOurs,

    /// <summary>The shard could not be read, or something broke.</summary>
    Failed,
}
