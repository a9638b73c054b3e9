namespace Autopilot.Core.Workflows;

/// <summary>The stage of an attempt at a time of the past.</summary>
internal enum AttemptStatusAt
{
    /// <summary>It had not begun.</summary>
    NotBegun,

    /// <summary>It was queued.</summary>
    Queued,

    /// <summary>It was running.</summary>
    Running,

    /// <summary>It was paused.</summary>
    Paused,

    /// <summary>It had ended.</summary>
    Ended,

    /// <summary>Neither upstream's own times nor observations say.</summary>
    Unknown,
}
