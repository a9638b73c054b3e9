using Autopilot.Api.Clusters;
using Autopilot.Api.Problems;
using Autopilot.Api.Requests;
using Autopilot.Core.Listing;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Reports;

/// <summary>The upgrade that is planned, as it came.</summary>
internal sealed record OutlookParameters
{
    [FromQuery(Name = "clusterId")]
    public string? ClusterId { get; init; }

    [FromQuery(Name = "cluster", Several = true)]
    public string? Cluster { get; init; }

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

        string? projectId = null;
        if (ClusterId is not null && !Reference.TryRead(ClusterId, out _))
        {
            problem = ProblemFactory.InvalidClusterReference("clusterId");
        }
        else if (Cluster is not null && !Reference.TryRead(Cluster, out _))
        {
            problem = ProblemFactory.InvalidParameter("cluster", $"one cluster by {Reference.Rule}: an upgrade is planned of one");
        }
        else if (ClusterId is not null && Cluster is not null)
        {
            problem = ProblemFactory.InvalidParameter("clusterId", "left out where 'cluster' is given, which takes an id, too");
        }
        else if (ProjectId is not null && !ResourceId.TryNormalize(ProjectId, out projectId))
        {
            problem = ProblemFactory.InvalidParameter("projectId", ResourceId.Rule);
        }
        else if (
            !ReportParameters.TryVersion("targetVersion", TargetVersion, out problem)
            || !ReportParameters.TryVersion("fromVersion", FromVersion, out problem)
        )
        {
            return false;
        }
        else if (ClusterId is null && Cluster is null && TargetVersion is null)
        {
            problem = ProblemFactory.InvalidParameter(
                "targetVersion",
                "given, or 'cluster' (an id or a name), or best both: an outlook is about an upgrade that is planned"
            );
        }
        else if (FromVersion is not null && TargetVersion is null)
        {
            problem = ProblemFactory.InvalidParameter("targetVersion", "given with 'fromVersion': the pair of versions needs both");
        }

        query = query with
        {
            ClusterId = Cluster ?? ClusterId,
            ProjectId = projectId,
            FromVersion = FromVersion,
            TargetVersion = TargetVersion,
        };
        return problem is null;
    }

    /// <summary>
    /// The query with its cluster by id and, where a name was given, by name; 409 where its name is that of several, and a note where no
    /// cluster is known by it. Ids are not looked up: an upgrade may be planned of a cluster that is not tracked yet.
    /// </summary>
    public static async Task<(OutlookQuery Query, Problem? Problem, string? Note)> ResolveAsync(
        OutlookQuery query,
        ClusterDirectory directory,
        CancellationToken cancellationToken
    )
    {
        var (filter, problem) = await ClusterFilter.ResolveAsync(query.ClusterId, directory, cancellationToken);
        if (problem is not null || query.ClusterId is not { } given)
        {
            return (query, problem, null);
        }

        // Resolving the cluster has just read the directory, and it has kept the answer.
        var name =
            Reference.TryRead(given, out var reference)
            && reference.MayBeName
            && await directory.FindAsync(given, cancellationToken) is [var cluster]
                ? cluster.Name
                : null;
        var unknown = await FilterNote.OfAsync(filter with { Ids = null }, isEmpty: true, directory, cancellationToken);
        return (
            query with
            {
                ClusterId = (filter.Ids ?? filter.Names)?.Values[0],
                ClusterName = name,
            },
            null,
            unknown is null ? null : $"{unknown} The outlook is made of upgrades of other clusters."
        );
    }
}
