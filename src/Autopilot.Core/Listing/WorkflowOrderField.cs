namespace Autopilot.Core.Listing;

/// <summary>What a list of workflows is ordered by.</summary>
public enum WorkflowOrderField
{
    /// <summary>
    /// Active ones by assessment, those first that need a person, then the longest in that state. Then untracked ones, the newest change
    /// first. Then finished ones, the newest end first.
    /// </summary>
    Need,

    /// <summary>How long it has been as it is: the blocking task's <c>since</c>; of a finished one its end.</summary>
    Since,

    /// <summary>Upstream's creation.</summary>
    CreatedAt,

    /// <summary>When the current state was first observed.</summary>
    LastChangedAt,

    /// <summary>The end; what has none comes last.</summary>
    EndedAt,

    /// <summary>The cluster's name, or its id where it has no name, whatever the case.</summary>
    Cluster,
}
