using Autopilot.Api.Problems;
using Autopilot.Api.Requests;
using Autopilot.Api.Workflows;
using Autopilot.Core.Listing;

namespace Autopilot.Api.Changes;

/// <summary>The query of the fleet's changes, as it came: since when, and the filters of the list of workflows.</summary>
internal sealed record ChangeParameters
{
    /// <summary>Longest time, in days: what is older is in the history of each workflow.</summary>
    public const int MaxDays = 31;

    /// <summary>The time range of a request that names none.</summary>
    public static readonly TimeSpan DefaultTime = TimeSpan.FromDays(1);

    [FromQuery(Name = "since")]
    public string? Since { get; init; }

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

    [FromQuery(Name = "maxpagesize")]
    public string? MaxPageSize { get; init; }

    [FromQuery(Name = "continuationToken")]
    public string? ContinuationToken { get; init; }

    /// <param name="now">The time of the request.</param>
    /// <param name="query">The filters.</param>
    /// <param name="since">The earliest observation, inclusive.</param>
    /// <param name="pageSize">Entries of a page.</param>
    /// <param name="problem">The first mistake; null where there is none.</param>
    public bool TryRead(DateTimeOffset now, out WorkflowQuery query, out DateTimeOffset since, out int pageSize, out Problem? problem)
    {
        (since, pageSize) = (now - DefaultTime, Parameters.DefaultPageSize);
        var filters = new ListParameters
        {
            Assessment = Assessment,
            Phase = Phase,
            ClusterId = ClusterId,
            Cluster = Cluster,
            ProjectId = ProjectId,
            Active = Active,
            MaxPageSize = MaxPageSize,
            ContinuationToken = ContinuationToken,
        };
        if (
            !filters.TryRead(out query, out _, out var size, out problem)
            || !Parameters.TryInstant("since", Since, out var given, out problem)
        )
        {
            return false;
        }

        // A day more, so that a link of yesterday is still followed.
        if (given < now.AddDays(-MaxDays - 1))
        {
            problem = ProblemFactory.InvalidParameter(
                "since",
                $"at most {MaxDays} days ago: GET /api/workflows/{{id}}/history has all that is older"
            );
        }

        since = given ?? since;
        pageSize = size ?? pageSize;
        return problem is null;
    }
}
