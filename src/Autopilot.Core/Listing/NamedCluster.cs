namespace Autopilot.Core.Listing;

/// <summary>A cluster that was found by its name or id.</summary>
/// <param name="ClusterId">Its id.</param>
/// <param name="ProjectId">Its project.</param>
/// <param name="Name">Its name; null where none is known.</param>
/// <param name="WorkflowId">Its upgrade: the active one, the newest of several; else the one that ended last. Null where none is
/// known.</param>
public sealed record NamedCluster(string ClusterId, string ProjectId, string? Name, string? WorkflowId)
{
    /// <summary>Whether that upgrade goes on: it is tracked and has not ended.</summary>
    public bool IsActive { get; init; }
}
