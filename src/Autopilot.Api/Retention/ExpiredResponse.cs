using Autopilot.Api.Representations;
using Autopilot.Core.Retention;

namespace Autopilot.Api.Retention;

/// <summary>What a retention run would delete now.</summary>
/// <param name="HistoryBefore">Workflows that ended before this go; null where history is kept for ever.</param>
/// <param name="MaxStates">Most states that are kept of a workflow that is over; null where there is no such limit.</param>
/// <param name="RunsBefore">Runs that ended before this go; null where they are kept for ever.</param>
/// <param name="Workflows">How many workflows would go.</param>
/// <param name="States">How many states of histories.</param>
/// <param name="Runs">How many runs.</param>
/// <param name="Examples">Some of the workflows concerned, at most 100.</param>
/// <param name="Unreadable">Rows that were met and cannot be read: they stay. Left out where there are none.</param>
/// <param name="LastPass">What the last retention run did; null where there was none.</param>
internal sealed record ExpiredResponse(
    DateTimeOffset? HistoryBefore,
    int? MaxStates,
    DateTimeOffset? RunsBefore,
    long Workflows,
    long States,
    long Runs,
    IReadOnlyList<ExpiredItem> Examples,
    int? Unreadable,
    LastRetentionRun? LastPass
)
{
    public static ExpiredResponse Of(RetentionPreview preview) =>
        new(
            preview.Limits.HistoryBefore,
            preview.Limits.MaxStates,
            preview.Limits.RunsBefore,
            preview.Workflows,
            preview.States,
            preview.Runs,
            [.. preview.Examples.Select(e => new ExpiredItem(e.WorkflowId, e.Reason.ToString(), e.EndedAt, e.States))],
            OptionalCount.Of(preview.Unreadable),
            preview.Last is { } last ? new LastRetentionRun(last.StartedAt, RetentionResponse.Of(last.Result)) : null
        );
}
