namespace Autopilot.Core.Workflows;

/// <summary>The kind of an upgrade's time at one instant; where several apply, the first counts.</summary>
internal enum TimeKind
{
    /// <summary>Something is running.</summary>
    Work,

    /// <summary>A task is queued upstream.</summary>
    Queue,

    /// <summary>Failed, paused, expired or rolled back, until a person acts.</summary>
    Blocked,

    /// <summary>A person could act and does not.</summary>
    Person,

    /// <summary>Neither upstream's own times nor observations say.</summary>
    Unknown,
}
