using Autopilot.Api.Clusters;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Core.Listing;
using Autopilot.Core.Reporting;

namespace Autopilot.Api.Reports;

/// <summary>Which runs a report is about.</summary>
internal static class ReportParameters
{
    private static readonly TimeSpan DefaultRange = TimeSpan.FromDays(90);

    /// <summary>In the order in which documents list them.</summary>
    public static IReadOnlyList<Parameter> Filters { get; } =
    [
        ParameterCatalog.ReportFrom,
        ParameterCatalog.ReportTo,
        ParameterCatalog.FilterClusterId,
        ParameterCatalog.Clusters,
        ParameterCatalog.FilterProjectId,
        ParameterCatalog.TargetVersion,
        ParameterCatalog.Outcome,
        ParameterCatalog.WithActive,
    ];

    /// <summary>The end of the minute that has begun: asked again within it, the same report has the same tag.</summary>
    public static DateTimeOffset EndOfMinute(DateTimeOffset now) =>
        new(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMinute + TimeSpan.TicksPerMinute, TimeSpan.Zero);

    /// <param name="values">Of the request.</param>
    /// <param name="now">The time of the request.</param>
    /// <param name="query">The runs.</param>
    /// <param name="problem">The first mistake; null where there is none.</param>
    public static bool TryRead(ParameterValues values, DateTimeOffset now, out RunQuery query, out Problem? problem)
    {
        query = new RunQuery(now, now);
        if (
            !TryRange(values, now, out var from, out var to, out problem)
            || !values.TryRead(ParameterCatalog.Outcome, out var outcome, out problem)
            || !values.TryRead(ParameterCatalog.FilterClusterId, out var clusterId, out problem)
        )
        {
            return false;
        }

        if (clusterId is not null && values[ParameterCatalog.Clusters] is not null)
        {
            problem = ProblemFactory.InvalidParameter(
                ParameterCatalog.FilterClusterId.Name,
                "left out where 'cluster' is given, which takes ids, too"
            );
            return false;
        }

        if (
            !values.TryRead(ParameterCatalog.Clusters, out var clusters, out problem)
            || !values.TryRead(ParameterCatalog.FilterProjectId, out var projectId, out problem)
            || !values.TryRead(ParameterCatalog.TargetVersion, out var targetVersion, out problem)
        )
        {
            return false;
        }

        query = new RunQuery(from, to)
        {
            ClusterId = clusters ?? clusterId,
            ProjectId = projectId,
            TargetVersion = targetVersion,
            Outcome = outcome,
        };
        return true;
    }

    /// <summary>The query with its clusters by id, as far as they are known; 409 where a name is that of several.</summary>
    public static async Task<(RunQuery Query, Problem? Problem)> ResolveAsync(
        RunQuery query,
        ClusterDirectory directory,
        CancellationToken cancellationToken
    )
    {
        var (filter, problem) = await ClusterFilter.ResolveAsync(query.ClusterId, directory, cancellationToken);
        return (query with { ClusterId = filter.Ids, ClusterName = filter.Names }, problem);
    }

    /// <summary>Whether upgrades that go on are asked for too.</summary>
    public static bool TryActive(ParameterValues values, out bool active, out Problem? problem)
    {
        var isRead = values.TryRead(ParameterCatalog.WithActive, out var given, out problem);
        active = given is true;
        if (active && values[ParameterCatalog.Outcome] is not null)
        {
            problem = ProblemFactory.InvalidParameter(
                ParameterCatalog.Outcome.Name,
                "left out with active=true: what goes on has no outcome yet"
            );
        }

        return isRead && problem is null;
    }

    private static bool TryRange(
        ParameterValues values,
        DateTimeOffset now,
        out DateTimeOffset from,
        out DateTimeOffset to,
        out Problem? problem
    )
    {
        (from, to) = (now, now);
        if (
            !values.TryRead(ParameterCatalog.ReportFrom, out var start, out problem)
            || !values.TryRead(ParameterCatalog.ReportTo, out var end, out problem)
        )
        {
            return false;
        }

        to = end ?? EndOfMinute(now);
        from = start ?? (to.UtcTicks > DefaultRange.Ticks ? to - DefaultRange : DateTimeOffset.MinValue);
        if (from >= to)
        {
            problem = ProblemFactory.InvalidParameter(
                ParameterCatalog.ReportFrom.Name,
                end is null ? "earlier than 'to', which is now where it is not given" : "earlier than 'to'"
            );
        }
        else if (to.Year > ParameterCatalog.MaxReportYears && from < to.AddYears(-ParameterCatalog.MaxReportYears))
        {
            problem = ProblemFactory.InvalidParameter(
                ParameterCatalog.ReportFrom.Name,
                $"at most {ParameterCatalog.MaxReportYears} years before 'to': ask for a longer time in parts"
            );
        }

        return problem is null;
    }
}
