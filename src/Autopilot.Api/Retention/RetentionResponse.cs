using Autopilot.Api.Representations;
using Autopilot.Core.Retention;

namespace Autopilot.Api.Retention;

/// <summary>What a pass deleted.</summary>
/// <param name="Workflows">Workflows with all that was kept of them.</param>
/// <param name="States">States of histories.</param>
/// <param name="Runs">Runs that reports are made of.</param>
/// <param name="Complete">False where there is more: the next pass goes on.</param>
/// <param name="DurationSeconds">How long it took.</param>
/// <param name="Errors">What went wrong; null where nothing did.</param>
internal sealed record RetentionResponse(long Workflows, long States, long Runs, bool Complete, double DurationSeconds, IReadOnlyList<string>? Errors)
{
    public static RetentionResponse Of(RetentionResult result) =>
        new(result.Workflows, result.States, result.Runs, result.Complete, result.DurationSeconds, result.Errors.Count == 0 ? null : result.Errors);
}

/// <summary>What a pass would delete now.</summary>
/// <param name="HistoryBefore">Workflows that ended before this go; null where history is kept for ever.</param>
/// <param name="MaxStates">Most states that are kept of a workflow that is over; null where there is no such limit.</param>
/// <param name="RunsBefore">Runs that ended before this go; null where they are kept for ever.</param>
/// <param name="Workflows">How many workflows would go.</param>
/// <param name="States">How many states of histories.</param>
/// <param name="Runs">How many runs.</param>
/// <param name="Examples">Some of the workflows concerned, at most 100.</param>
/// <param name="Unreadable">Rows that were met and cannot be read: they stay. Left out where there are none.</param>
/// <param name="LastPass">What the last pass did; null where there was none.</param>
internal sealed record ExpiredResponse(
    DateTimeOffset? HistoryBefore,
    int? MaxStates,
    DateTimeOffset? RunsBefore,
    long Workflows,
    long States,
    long Runs,
    IReadOnlyList<ExpiredItem> Examples,
    int? Unreadable,
    LastRetentionRun? LastPass)
{
    public static ExpiredResponse Of(RetentionPreview preview) => new(
        preview.Limits.HistoryBefore,
        preview.Limits.MaxStates,
        preview.Limits.RunsBefore,
        preview.Workflows,
        preview.States,
        preview.Runs,
        [.. preview.Examples.Select(e => new ExpiredItem(e.WorkflowId, e.Reason.ToString(), e.EndedAt, e.States))],
        OptionalCount.Of(preview.Unreadable),
        preview.Last is { } last ? new LastRetentionRun(last.StartedAt, RetentionResponse.Of(last.Result)) : null);
}

/// <summary>One workflow of which something would go.</summary>
internal sealed record ExpiredItem(string WorkflowId, string Reason, DateTimeOffset? EndedAt, long States);

/// <summary>The last pass that was made.</summary>
internal sealed record LastRetentionRun(DateTimeOffset StartedAt, RetentionResponse Result);
