namespace Autopilot.Core.Listing;

/// <summary>A finished workflow's place in a list, from the columns of its run.</summary>
/// <param name="WorkflowId">Its id.</param>
/// <param name="EndedAt">Its end, exactly as its row has it.</param>
public sealed record FinishedEntry(string WorkflowId, DateTimeOffset EndedAt)
{
    /// <summary>Id of its cluster.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The cluster's name; null where none is known.</summary>
    public string? ClusterName { get; init; }

    /// <summary>When the workflow was created upstream, UTC; null where it is unknown.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When its last state was first observed; null in runs of old.</summary>
    public DateTimeOffset? LastChangedAt { get; init; }
}
