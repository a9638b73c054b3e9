using Autopilot.Api.Clusters;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Core.Listing;

namespace Autopilot.Api.Workflows;

/// <summary>The filters of lists of workflows and of their changes.</summary>
internal static class ListParameters
{
    /// <summary>In the order in which documents list them.</summary>
    public static IReadOnlyList<Parameter> Filters { get; } =
    [
        ParameterCatalog.Assessment,
        ParameterCatalog.Phase,
        ParameterCatalog.FilterClusterId,
        ParameterCatalog.Clusters,
        ParameterCatalog.FilterProjectId,
        ParameterCatalog.Active,
    ];

    /// <param name="values">Of the request.</param>
    /// <param name="query">The filters.</param>
    /// <param name="problem">The first mistake; null where there is none.</param>
    public static bool TryRead(ParameterValues values, out WorkflowQuery query, out Problem? problem)
    {
        query = new WorkflowQuery();
        if (
            !values.TryRead(ParameterCatalog.Assessment, out var assessments, out problem)
            || !values.TryRead(ParameterCatalog.Phase, out var phases, out problem)
            || !values.TryRead(ParameterCatalog.Clusters, out var clusters, out problem)
            || !values.TryRead(ParameterCatalog.Active, out var active, out problem)
            || !values.TryRead(ParameterCatalog.FilterClusterId, out var clusterId, out problem)
            || !values.TryRead(ParameterCatalog.FilterProjectId, out var projectId, out problem)
        )
        {
            return false;
        }

        query = new WorkflowQuery
        {
            Assessment = assessments,
            ClusterId = clusterId,
            Cluster = clusters,
            ProjectId = projectId,
            Phase = phases,
            Active = active,
        };
        return true;
    }

    /// <summary>
    /// The query with its clusters by id, as far as they are known, and what <c>clusterId</c> and <c>cluster</c> stand for. A problem 409
    /// where a name is that of several clusters.
    /// </summary>
    public static async Task<(WorkflowQuery Query, ClusterFilter ClusterId, ClusterFilter Cluster, Problem? Problem)> ResolveAsync(
        WorkflowQuery query,
        ClusterDirectory directory,
        CancellationToken cancellationToken
    )
    {
        // As several ids it becomes 'cluster' in the link, which has no room for it beside another 'cluster'.
        var (clusterId, problem) = await ClusterFilter.ResolveAsync(
            query.ClusterId,
            directory,
            cancellationToken,
            ofUpgrades: query.Cluster is null
        );
        if (problem is not null)
        {
            return (query, ClusterFilter.None, ClusterFilter.None, problem);
        }

        (var cluster, problem) = await ClusterFilter.ResolveAsync(query.Cluster, directory, cancellationToken, ofUpgrades: true);
        var ids = clusterId.Ids ?? clusterId.Names;
        // An id is compared with ids alone: a cluster that has another's id for its name is not meant.
        var resolved =
            cluster is { Names: null, Ids: not null } && ids is null
                ? query with
                {
                    ClusterId = cluster.Ids,
                    Cluster = null,
                }
                : query with
                {
                    ClusterId = ids,
                    Cluster = cluster.All,
                };
        return (resolved, clusterId, cluster, problem);
    }

    /// <summary>The filters as the link to the next page has them: <c>clusterId</c> takes one id, <c>cluster</c> several.</summary>
    /// <param name="query">As <see cref="ResolveAsync"/> returns it.</param>
    /// <param name="clusterId">What <c>clusterId</c> stands for.</param>
    /// <param name="cluster">What <c>cluster</c> stands for.</param>
    public static IReadOnlyList<(Parameter Parameter, string? Value)> InLink(
        WorkflowQuery query,
        ClusterFilter clusterId,
        ClusterFilter cluster
    ) =>
        [
            (ParameterCatalog.Assessment, query.Assessment?.ToString()),
            (ParameterCatalog.Phase, query.Phase?.ToString()),
            (
                clusterId.Ids is { Values.Count: > 1 } ? ParameterCatalog.Clusters : ParameterCatalog.FilterClusterId,
                clusterId.All?.ToString()
            ),
            (ParameterCatalog.Clusters, cluster.All?.ToString()),
            (ParameterCatalog.FilterProjectId, query.ProjectId),
            (ParameterCatalog.Active, ParameterFactory.TextOf(query.Active)),
        ];
}
