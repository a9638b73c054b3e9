using Autopilot.Api.Problems;
using Autopilot.Api.Requests;
using Autopilot.Core.Listing;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Workflows;

/// <summary>The query of the list, as it came.</summary>
internal sealed record ListParameters
{
    /// <summary>Longest name of a cluster that can be asked for, in characters.</summary>
    public const int MaxCluster = 256;

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
        if (!Parameters.TryAssessments(Assessment, out var assessments, out problem)
            || !Parameters.TryValues("phase", Phase, QueryLimit.MaxValue, "one or several phases as upstream says them, separated by commas", out var phases, out problem)
            || !Parameters.TryValues("cluster", Cluster, MaxCluster, $"ids of clusters, or their names in 1 to {MaxCluster} characters, separated by commas", out var clusters, out problem)
            || !Parameters.TryFlag("active", Active, out var active, out problem)
            || !Parameters.TryPaging(MaxPageSize, ContinuationToken, out var size, out problem))
        {
            return false;
        }

        string? clusterId = null;
        string? projectId = null;
        if (ClusterId is not null && !ResourceId.TryNormalize(ClusterId, out clusterId))
        {
            problem = KnownProblems.InvalidClusterId("query");
        }
        else if (ProjectId is not null && !ResourceId.TryNormalize(ProjectId, out projectId))
        {
            problem = KnownProblems.InvalidParameter("projectId", ResourceId.Rule);
        }
        else if (!WorkflowOrder.TryParse(OrderBy, out order))
        {
            problem = KnownProblems.InvalidParameter("orderBy", $"one of {string.Join(", ", WorkflowOrder.Names)}");
        }

        pageSize = MaxPageSize is null ? null : size;
        query = new WorkflowQuery { Assessment = assessments, ClusterId = clusterId, Cluster = clusters, ProjectId = projectId, Phase = phases, Active = active };
        return problem is null;
    }
}
