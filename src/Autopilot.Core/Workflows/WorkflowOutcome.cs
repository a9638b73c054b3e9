namespace Autopilot.Core.Workflows;

/// <summary>How a finished workflow ended.</summary>
public enum WorkflowOutcome
{
    /// <summary>Phase <c>Success</c>, with the cluster on the new version.</summary>
    Succeeded,

    /// <summary>Phase <c>Cancel</c>.</summary>
    Cancelled,

    /// <summary>Ended with the cluster on its old version by a rollback, whatever the phase.</summary>
    RolledBack,

    /// <summary>Given up: upstream no longer knows it.</summary>
    Gone,

    /// <summary>Phase <c>Success</c>, but the cluster is not known to be on the new version.</summary>
    Unclear,
}
