using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Api.Workflows;
using Autopilot.Core.Listing;

namespace Autopilot.Api.Changes;

/// <summary>What the fleet's changes are asked for by: since when, and the filters of the list of workflows.</summary>
internal static class ChangeParameters
{
    /// <summary>The time range of a request that names none.</summary>
    public static readonly TimeSpan DefaultTime = TimeSpan.FromDays(1);

    /// <param name="values">Of the request.</param>
    /// <param name="now">The time of the request.</param>
    /// <param name="query">The filters.</param>
    /// <param name="since">The earliest observation, inclusive.</param>
    /// <param name="problem">The first mistake; null where there is none.</param>
    public static bool TryRead(
        ParameterValues values,
        DateTimeOffset now,
        out WorkflowQuery query,
        out DateTimeOffset since,
        out Problem? problem
    )
    {
        since = now - DefaultTime;
        if (!ListParameters.TryRead(values, out query, out problem) || !values.TryRead(ParameterCatalog.Since, out var given, out problem))
        {
            return false;
        }

        // A day more, so that a link of yesterday is still followed.
        if (given < now.AddDays(-ParameterCatalog.MaxChangeDays - 1))
        {
            problem = ProblemFactory.InvalidParameter(
                ParameterCatalog.Since.Name,
                $"at most {ParameterCatalog.MaxChangeDays} days ago: GET /api/workflows/{{id}}/history has all that is older"
            );
        }

        since = given ?? since;
        return problem is null;
    }
}
