using Autopilot.Api.Clusters;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Api.Requests;
using Autopilot.Core.Listing;
using Autopilot.Core.Reporting;

namespace Autopilot.Api.Reports;

/// <summary>The upgrade that is planned.</summary>
internal static class OutlookParameters
{
    /// <param name="values">Of the request.</param>
    /// <param name="now">The time of the request.</param>
    /// <param name="query">The upgrade.</param>
    /// <param name="problem">The first mistake; null where there is none.</param>
    public static bool TryRead(ParameterValues values, DateTimeOffset now, out OutlookQuery query, out Problem? problem)
    {
        var to = ReportParameters.EndOfMinute(now);
        query = new OutlookQuery(to.AddMonths(-OutlookQuery.Months), to);
        if (
            !values.TryRead(ParameterCatalog.PlannedClusterId, out var clusterId, out problem)
            || !values.TryRead(ParameterCatalog.PlannedCluster, out var cluster, out problem)
        )
        {
            return false;
        }

        if (clusterId is not null && cluster is not null)
        {
            problem = ProblemFactory.InvalidParameter(
                ParameterCatalog.PlannedClusterId.Name,
                "left out where 'cluster' is given, which takes an id, too"
            );
            return false;
        }

        if (
            !values.TryRead(ParameterCatalog.FilterProjectId, out var projectId, out problem)
            || !values.TryRead(ParameterCatalog.PlannedVersion, out var targetVersion, out problem)
            || !values.TryRead(ParameterCatalog.FromVersion, out var fromVersion, out problem)
        )
        {
            return false;
        }

        problem =
            clusterId is null && cluster is null && targetVersion is null
                ? ProblemFactory.InvalidParameter(
                    ParameterCatalog.PlannedVersion.Name,
                    "given, or 'cluster' (an id or a name), or best both: an outlook is about an upgrade that is planned"
                )
            : fromVersion is not null && targetVersion is null
                ? ProblemFactory.InvalidParameter(
                    ParameterCatalog.PlannedVersion.Name,
                    "given with 'fromVersion': the pair of versions needs both"
                )
            : null;
        query = query with
        {
            ClusterId = cluster ?? clusterId,
            ProjectId = projectId,
            FromVersion = fromVersion,
            TargetVersion = targetVersion,
        };
        return problem is null;
    }

    /// <summary>
    /// The query with its cluster by id and, where a name was given, by name. A problem 409 where its name is that of several clusters, and
    /// a note where no cluster is known by it. Ids are not looked up: an upgrade may be planned of a cluster that is not tracked yet.
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
