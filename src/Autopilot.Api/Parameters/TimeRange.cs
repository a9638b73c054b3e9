using Autopilot.Api.Problems;

namespace Autopilot.Api.Parameters;

/// <summary>The range of time that a history is asked for.</summary>
/// <param name="From">Inclusive; null for its begin.</param>
/// <param name="To">Exclusive; null for its end.</param>
internal sealed record TimeRange(DateTimeOffset? From, DateTimeOffset? To)
{
    /// <param name="values">Of the request.</param>
    /// <param name="range">All of the time where neither end is given.</param>
    /// <param name="problem">The first mistake; null where there is none.</param>
    public static bool TryRead(ParameterValues values, out TimeRange range, out Problem? problem)
    {
        DateTimeOffset? to = null;
        if (
            values.TryRead(ParameterCatalog.HistoryFrom, out var from, out problem)
            && values.TryRead(ParameterCatalog.HistoryTo, out to, out problem)
            && from >= to
        )
        {
            problem = ProblemFactory.InvalidParameter(ParameterCatalog.HistoryFrom.Name, "earlier than 'to'");
        }

        range = new TimeRange(from, to);
        return problem is null;
    }
}
