using Autopilot.Api.Problems;
using Autopilot.Api.Requests;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Microsoft.AspNetCore.Mvc;

namespace Autopilot.Api.Workflows;

/// <summary>The query of the list, as it came. Parameters that nobody knows are ignored: clients add keys and cache busters.</summary>
internal sealed record ListParameters(
    [FromQuery(Name = "assessment")] string? Assessment,
    [FromQuery(Name = "phase")] string? Phase,
    [FromQuery(Name = "clusterId")] string? ClusterId,
    [FromQuery(Name = "projectId")] string? ProjectId,
    [FromQuery(Name = "active")] string? Active,
    [FromQuery(Name = "maxpagesize")] string? MaxPageSize,
    [FromQuery(Name = "continuationToken")] string? ContinuationToken)
{
    /// <param name="assessment">Not a filter of the store: it is computed.</param>
    public bool TryRead(out WorkflowQuery query, out Assessment? assessment, out int pageSize, out Problem? problem)
    {
        query = new WorkflowQuery();
        pageSize = 0;
        if (!Parameters.TryAssessment(Assessment, out assessment, out problem)
            || !Parameters.TryFlag("active", Active, out var active, out problem)
            || !Parameters.TryPaging(MaxPageSize, ContinuationToken, out pageSize, out problem))
            return false;

        string? clusterId = null;
        string? projectId = null;
        if (ClusterId is not null && !ResourceId.TryNormalize(ClusterId, out clusterId))
            problem = KnownProblems.InvalidClusterId("query");
        else if (ProjectId is not null && !ResourceId.TryNormalize(ProjectId, out projectId))
            problem = KnownProblems.InvalidParameter("projectId", ResourceId.Rule);
        query = new WorkflowQuery { ClusterId = clusterId, ProjectId = projectId, Phase = Phase, Active = active };
        return problem is null;
    }
}
