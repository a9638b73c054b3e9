using Autopilot.Api.Clusters;
using Autopilot.Api.Problems;
using Autopilot.Api.Requests;
using Autopilot.Core.Listing;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Workflows;

/// <summary>The query of the list, as it came.</summary>
internal sealed record ListParameters
{
    [FromQuery(Name = "assessment", Several = true)]
    public string? Assessment { get; init; }

    [FromQuery(Name = "phase", Several = true)]
    public string? Phase { get; init; }

    [FromQuery(Name = "clusterId")]
    public string? ClusterId { get; init; }

    [FromQuery(Name = "cluster", Several = true)]
    public string? Cluster { get; init; }

    [FromQuery(Name = "projectId")]
    public string? ProjectId { get; init; }

    [FromQuery(Name = "active")]
    public string? Active { get; init; }

    [FromQuery(Name = "orderBy")]
    public string? OrderBy { get; init; }

    [FromQuery(Name = "maxpagesize")]
    public string? MaxPageSize { get; init; }

    [FromQuery(Name = "continuationToken")]
    public string? ContinuationToken { get; init; }

    /// <param name="query">The filters.</param>
    /// <param name="order">The order; by need where none is given.</param>
    /// <param name="pageSize">Null where none is given.</param>
    /// <param name="problem">The first mistake; null where there is none.</param>
    public bool TryRead(out WorkflowQuery query, out WorkflowOrder order, out int? pageSize, out Problem? problem)
    {
        (query, order, pageSize) = (new WorkflowQuery(), default, null);
        if (
            !Parameters.TryAssessments(Assessment, out var assessments, out problem)
            || !Parameters.TryValues(
                "phase",
                Phase,
                QueryLimit.MaxValue,
                "one or several phases as upstream says them, separated by commas",
                out var phases,
                out problem
            )
            || !Parameters.TryClusters(Cluster, out var clusters, out problem)
            || !Parameters.TryFlag("active", Active, out var active, out problem)
            || !Parameters.TryPaging(MaxPageSize, ContinuationToken, out var size, out problem)
        )
        {
            return false;
        }

        string? projectId = null;
        if (ClusterId is not null && !Reference.TryRead(ClusterId, out _))
        {
            problem = ProblemFactory.InvalidClusterReference("clusterId");
        }
        else if (ProjectId is not null && !ResourceId.TryNormalize(ProjectId, out projectId))
        {
            problem = ProblemFactory.InvalidParameter("projectId", ResourceId.Rule);
        }
        else if (!WorkflowOrder.TryParse(OrderBy, out order))
        {
            problem = ProblemFactory.InvalidParameter("orderBy", $"one of {string.Join(", ", WorkflowOrder.Names)}");
        }

        pageSize = MaxPageSize is null ? null : size;
        query = new WorkflowQuery
        {
            Assessment = assessments,
            ClusterId = ClusterId,
            Cluster = clusters,
            ProjectId = projectId,
            Phase = phases,
            Active = active,
        };
        return problem is null;
    }

    /// <summary>
    /// The query with its clusters by id, as far as they are known, and what <c>clusterId</c> and <c>cluster</c> stand for; 409 where a
    /// name is that of several clusters.
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
    public static IReadOnlyList<(string Name, string? Value)> InLink(WorkflowQuery query, ClusterFilter clusterId, ClusterFilter cluster) =>
        [
            ("assessment", query.Assessment?.ToString()),
            ("phase", query.Phase?.ToString()),
            (clusterId.Ids is { Values.Count: > 1 } ? "cluster" : "clusterId", clusterId.All?.ToString()),
            ("cluster", cluster.All?.ToString()),
            ("projectId", query.ProjectId),
            (
                "active",
                query.Active switch
                {
                    true => "true",
                    false => "false",
                    null => null,
                }
            ),
        ];
}
