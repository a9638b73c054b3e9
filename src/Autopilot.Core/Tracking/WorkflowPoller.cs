using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>Polls one workflow at a person's wish, at once. Concurrent wishes for the same workflow share one read.</summary>
public sealed class WorkflowPoller
{
    /// <summary>Reads it from upstream, stores what it shows, and answers the row as it then is; of a finished or untracked one the stored row. Null when unknown.</summary>
    /// <exception cref="UpstreamException">Upstream did not give it. A 404 of CCE is no exception but recorded: the row says so.</exception>
    /// <exception cref="StorageUnavailableException">The store cannot be reached.</exception>
    public Task<TrackedWorkflow?> PollAsync(string workflowId, CancellationToken cancellationToken) => throw new NotImplementedException();
}
