using Autopilot.Api.Problems;
using Autopilot.Api.Requests;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Reports;

/// <summary>The upgrade that is planned, as it came.</summary>
internal sealed record OutlookParameters
{
    [FromQuery(Name = "clusterId")]
    public string? ClusterId { get; init; }

    [FromQuery(Name = "targetVersion")]
    public string? TargetVersion { get; init; }

    [FromQuery(Name = "fromVersion")]
    public string? FromVersion { get; init; }

    [FromQuery(Name = "projectId")]
    public string? ProjectId { get; init; }

    public bool TryRead(DateTimeOffset now, out OutlookQuery query, out Problem? problem)
    {
        var to = ReportParameters.EndOfMinute(now);
        query = new OutlookQuery(to.AddMonths(-OutlookQuery.Months), to);

        string? clusterId = null;
        string? projectId = null;
        if (ClusterId is not null && !ResourceId.TryNormalize(ClusterId, out clusterId))
            problem = KnownProblems.InvalidClusterId("query");
        else if (ProjectId is not null && !ResourceId.TryNormalize(ProjectId, out projectId))
            problem = KnownProblems.InvalidParameter("projectId", ResourceId.Rule);
        else if (!ReportParameters.TryVersion("targetVersion", TargetVersion, out problem) || !ReportParameters.TryVersion("fromVersion", FromVersion, out problem))
            return false;
        else if (ClusterId is null && TargetVersion is null)
            problem = KnownProblems.InvalidParameter("targetVersion", "given, or 'clusterId', or best both: an outlook is about an upgrade that is planned");
        else if (FromVersion is not null && TargetVersion is null)
            problem = KnownProblems.InvalidParameter("targetVersion", "given with 'fromVersion': the one tells nothing without the other");
        query = query with { ClusterId = clusterId, ProjectId = projectId, FromVersion = FromVersion, TargetVersion = TargetVersion };
        return problem is null;
    }
}
