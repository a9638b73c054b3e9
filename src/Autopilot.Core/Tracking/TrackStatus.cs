namespace Autopilot.Core.Tracking;

/// <summary>The result of a request to track a workflow.</summary>
public enum TrackStatus
{
    /// <summary>New.</summary>
    Created,

    /// <summary>Was untracked and continues its old history.</summary>
    Resumed,

    /// <summary>Tracked already; a new cluster name was taken over.</summary>
    AlreadyTracked,

    /// <summary>Finished, and stays so.</summary>
    Finished,

    /// <summary>Known under another cluster or project.</summary>
    OtherCluster,

    /// <summary>Untracked by a person, and the request came from settings: left alone.</summary>
    LeftUntracked,

    /// <summary>A purge is under way: try again when it is done.</summary>
    Purging,

    /// <summary>
    /// The row cannot be read, and the request came from settings or discovery: left alone. <see cref="TrackResult.Workflow"/> is what was
    /// asked for.
    /// </summary>
    LeftUnreadable,
}
