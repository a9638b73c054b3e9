using Autopilot.Api.Problems;
using Autopilot.Core.Listing;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Workflows;

/// <summary>
/// Chooses the project of what a <c>PUT</c> names without one: the project under which it is known here, else the default of the settings.
/// Methods throw <see cref="StorageUnavailableException"/> when the store cannot be reached.
/// </summary>
internal sealed class ProjectChoice(IWorkflowReader workflows, IClusterStore clusters, ClusterDirectory directory, TrackDefaults defaults)
{
    /// <param name="given">The project of the body in the form in which ids are compared: it is taken as it is. Null where there is
    /// none.</param>
    /// <param name="clusterId">The cluster's id in that form.</param>
    /// <param name="workflowId">The workflow's; null where a cluster is tracked.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The project, or 400 where none is known and the settings name no default.</returns>
    public async Task<(string ProjectId, Problem? Problem)> ChooseAsync(
        string? given,
        string clusterId,
        string? workflowId,
        CancellationToken cancellationToken
    )
    {
        if ((given ?? await KnownAsync(clusterId, workflowId, cancellationToken)) is { } known)
        {
            return (known, null);
        }

        if (string.IsNullOrEmpty(defaults.ProjectId))
        {
            return ("", ProblemFactory.InvalidBody("'projectId' is missing, and the setting Cce:ProjectId names no default."));
        }

        return ResourceId.TryNormalize(defaults.ProjectId, out var id)
            ? (id, null)
            : ("", ProblemFactory.InvalidBody($"The default project of the setting Cce:ProjectId must be {ResourceId.Rule}."));
    }

    /// <summary>
    /// Whether what stands in the place of a workflow's id is the id of a cluster: of its own, or of one that is discovered.
    /// </summary>
    public async Task<bool> IsClusterAsync(string workflowId, string clusterId, CancellationToken cancellationToken) =>
        workflowId == clusterId || await FindClusterAsync(workflowId, cancellationToken) is not null;

    /// <summary>
    /// The workflow whose id stands in the place of a cluster's. Null where there is none, where its row cannot be read, and where its
    /// cluster has the same id. In the last case the id is that of a cluster that was tracked as a workflow.
    /// </summary>
    public async Task<TrackedWorkflow?> FindInPlaceOfClusterAsync(string clusterId, CancellationToken cancellationToken) =>
        await FindWorkflowAsync(clusterId, cancellationToken) is { } workflow && workflow.Target.ClusterId != clusterId ? workflow : null;

    private async Task<TrackedWorkflow?> FindWorkflowAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await workflows.FindAsync(id, cancellationToken) is { Purging: false } workflow ? workflow : null;
        }
        catch (RowUnreadableException)
        {
            return null;
        }
    }

    private async Task<string?> KnownAsync(string clusterId, string? workflowId, CancellationToken cancellationToken)
    {
        if (workflowId is not null && await FindWorkflowAsync(workflowId, cancellationToken) is { } workflow)
        {
            return workflow.Target.ProjectId;
        }

        if (await FindClusterAsync(clusterId, cancellationToken) is { } cluster)
        {
            return cluster.ProjectId;
        }

        var named = await directory.FindAsync(clusterId, cancellationToken);
        return named.FirstOrDefault(one => one.ClusterId == clusterId && one.ProjectId.Length > 0)?.ProjectId;
    }

    private async Task<TrackedCluster?> FindClusterAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await clusters.FindClusterAsync(id, cancellationToken);
        }
        catch (RowUnreadableException)
        {
            return null;
        }
    }
}
