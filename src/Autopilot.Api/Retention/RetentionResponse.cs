using Autopilot.Core.Retention;

namespace Autopilot.Api.Retention;

/// <summary>What a retention run deleted.</summary>
/// <param name="Workflows">Workflows with all that was kept of them.</param>
/// <param name="States">States of histories.</param>
/// <param name="Runs">Runs that reports are made of.</param>
/// <param name="Complete">False where more has expired: the next run continues.</param>
/// <param name="DurationSeconds">How long it took.</param>
/// <param name="Errors">What went wrong; null where nothing did.</param>
internal sealed record RetentionResponse(
    long Workflows,
    long States,
    long Runs,
    bool Complete,
    double DurationSeconds,
    IReadOnlyList<string>? Errors
)
{
    public static RetentionResponse Of(RetentionResult result) =>
        new(
            result.Workflows,
            result.States,
            result.Runs,
            result.Complete,
            result.DurationSeconds,
            result.Errors.Count == 0 ? null : result.Errors
        );
}
