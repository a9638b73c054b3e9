using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;

namespace Autopilot.Api.Workflows;

/// <summary>What a wait is asked for by.</summary>
internal static class WaitParameters
{
    /// <param name="values">Of the request.</param>
    /// <param name="condition">What to wait for.</param>
    /// <param name="timeout">How long at most.</param>
    /// <param name="problem">The first mistake; null where there is none.</param>
    public static bool TryRead(ParameterValues values, out WaitCondition condition, out TimeSpan timeout, out Problem? problem)
    {
        (condition, timeout) = (default, WaitLimit.Usual);
        if (
            !ParameterCatalog.Until.TryReadGiven(values[ParameterCatalog.Until] ?? "", out var until, out problem)
            || !values.TryRead(ParameterCatalog.After, out var after, out problem)
            || !values.TryRead(ParameterCatalog.Timeout, out var seconds, out problem)
        )
        {
            return false;
        }

        if ((after is null) == (until is WaitUntil.Moved))
        {
            problem = ProblemFactory.InvalidParameter(ParameterCatalog.After.Name, ParameterCatalog.After.Rule);
            return false;
        }

        condition = new WaitCondition(until.Value, after ?? 0);
        timeout = seconds is { } given ? TimeSpan.FromSeconds(given) : timeout;
        return true;
    }
}
