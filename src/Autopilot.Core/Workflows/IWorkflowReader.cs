using Autopilot.Core.Rows;

namespace Autopilot.Core.Workflows;

/// <summary>
/// Finds one workflow by its id: for an answer, a poll on request and a delivery. Every method throws
/// <see cref="StorageUnavailableException"/> when the store cannot be reached, and nothing else of the store's own.
/// </summary>
public interface IWorkflowReader
{
    /// <summary>
    /// One workflow, active, finished or untracked: one point read of an active one, at most two of another. Null when unknown.
    /// </summary>
    Task<TrackedWorkflow?> FindAsync(string workflowId, CancellationToken cancellationToken);
}
