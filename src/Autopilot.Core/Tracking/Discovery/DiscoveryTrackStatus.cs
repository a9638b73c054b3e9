namespace Autopilot.Core.Tracking.Discovery;

/// <summary>What a wish to discover met.</summary>
public enum DiscoveryTrackStatus
{
    /// <summary>New, or deleted by a person before and wished for by a person again.</summary>
    Created,

    /// <summary>Tracked already.</summary>
    AlreadyTracked,

    /// <summary>Deleted by a person, and the wish came from settings or a project: left alone.</summary>
    LeftUntracked,

    /// <summary>
    /// The row cannot be read, and the request came from settings or a project: left alone. <see cref="DiscoveryTrackResult{T}.Row"/> is
    /// what was asked for.
    /// </summary>
    LeftUnreadable,
}
