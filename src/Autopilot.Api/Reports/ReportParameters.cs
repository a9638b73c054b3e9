using Autopilot.Api.Clusters;
using Autopilot.Api.Problems;
using Autopilot.Api.Requests;
using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Reports;

/// <summary>Which runs a report is about, as it came.</summary>
internal sealed record ReportParameters
{
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    [FromQuery(Name = "to")]
    public string? To { get; init; }

    [FromQuery(Name = "clusterId")]
    public string? ClusterId { get; init; }

    [FromQuery(Name = "cluster", Several = true)]
    public string? Cluster { get; init; }

    [FromQuery(Name = "projectId")]
    public string? ProjectId { get; init; }

    [FromQuery(Name = "targetVersion")]
    public string? TargetVersion { get; init; }

    [FromQuery(Name = "outcome")]
    public string? Outcome { get; init; }

    [FromQuery(Name = "active")]
    public string? Active { get; init; }

    /// <summary>Longest range.</summary>
    public const int MaxYears = 5;

    /// <summary>Longest version that can be asked for.</summary>
    public const int MaxVersion = 256;

    private static readonly TimeSpan DefaultRange = TimeSpan.FromDays(90);

    /// <summary>The end of the minute that has begun: asked again within it, the same report has the same tag.</summary>
    public static DateTimeOffset EndOfMinute(DateTimeOffset now) =>
        new(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMinute + TimeSpan.TicksPerMinute, TimeSpan.Zero);

    public static bool TryVersion(string name, string? version, out Problem? problem)
    {
        problem = version is { Length: 0 or > MaxVersion }
            ? ProblemFactory.InvalidParameter(name, $"a version as upstream writes it, of 1 to {MaxVersion} characters")
            : null;
        return problem is null;
    }

    public bool TryRead(DateTimeOffset now, out RunQuery query, out Problem? problem)
    {
        query = new RunQuery(now, now);
        AnyOf<string>? clusters = null;
        if (!TryRange(now, out var from, out var to, out problem) || !TryOutcome(out var outcome, out problem))
        {
            return false;
        }

        string? projectId = null;
        if (ClusterId is not null && !Reference.TryRead(ClusterId, out _))
        {
            problem = ProblemFactory.InvalidClusterReference("clusterId");
        }
        else if (ClusterId is not null && Cluster is not null)
        {
            problem = ProblemFactory.InvalidParameter("clusterId", "left out where 'cluster' is given, which takes ids, too");
        }
        else if (!Parameters.TryClusters(Cluster, out clusters, out problem))
        {
            return false;
        }
        else if (ProjectId is not null && !ResourceId.TryNormalize(ProjectId, out projectId))
        {
            problem = ProblemFactory.InvalidParameter("projectId", ResourceId.Rule);
        }
        else
        {
            TryVersion("targetVersion", TargetVersion, out problem);
        }

        query = new RunQuery(from, to)
        {
            ClusterId = clusters ?? ClusterId,
            ProjectId = projectId,
            TargetVersion = TargetVersion,
            Outcome = outcome,
        };
        return problem is null;
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
    public bool TryActive(out bool active, out Problem? problem)
    {
        active = false;
        if (!Parameters.TryFlag("active", Active, out var given, out problem))
        {
            return false;
        }

        active = given is true;
        if (active && Outcome is not null)
        {
            problem = ProblemFactory.InvalidParameter("outcome", "left out with active=true: what goes on has no outcome yet");
        }

        return problem is null;
    }

    private bool TryRange(DateTimeOffset now, out DateTimeOffset from, out DateTimeOffset to, out Problem? problem)
    {
        (from, to) = (now, now);
        if (!Parameters.TryInstant("from", From, out var start, out problem) || !Parameters.TryInstant("to", To, out var end, out problem))
        {
            return false;
        }

        to = end ?? EndOfMinute(now);
        from = start ?? (to.UtcTicks > DefaultRange.Ticks ? to - DefaultRange : DateTimeOffset.MinValue);
        if (from >= to)
        {
            problem = ProblemFactory.InvalidParameter(
                "from",
                end is null ? "earlier than 'to', which is now where it is not given" : "earlier than 'to'"
            );
        }
        else if (to.Year > MaxYears && from < to.AddYears(-MaxYears))
        {
            problem = ProblemFactory.InvalidParameter("from", $"at most {MaxYears} years before 'to': ask for a longer time in parts");
        }

        return problem is null;
    }

    private bool TryOutcome(out WorkflowOutcome? value, out Problem? problem)
    {
        value =
            Enum.TryParse<WorkflowOutcome>(Outcome, ignoreCase: true, out var parsed) && Outcome.All(char.IsAsciiLetter) ? parsed : null;
        problem =
            Outcome is null || value is not null
                ? null
                : ProblemFactory.InvalidParameter("outcome", $"one of {string.Join(", ", Enum.GetNames<WorkflowOutcome>())}");
        return problem is null;
    }
}
