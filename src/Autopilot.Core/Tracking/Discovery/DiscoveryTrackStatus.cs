namespace Autopilot.Core.Tracking.Discovery;

/// <summary>The outcome of a request to discover a cluster or a project.</summary>
public enum DiscoveryTrackStatus
{
    /// <summary>New, or requested again by a person after a person deleted it.</summary>
    Created,

    /// <summary>Tracked already.</summary>
    AlreadyTracked,

    /// <summary>Deleted by a person, and the request came from settings or a project: left alone.</summary>
    LeftUntracked,

    /// <summary>
    /// The row cannot be read, and the request came from settings or a project: left alone. <see cref="DiscoveryTrackResult{T}.Row"/> is
    /// what was asked for.
    /// </summary>
    LeftUnreadable,
}
