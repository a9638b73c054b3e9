namespace Autopilot.Core.Workflows;

/// <summary>What a run was at a moment of the past.</summary>
internal enum AttemptStage
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
