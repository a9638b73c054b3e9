using Autopilot.Core.Retention;

namespace Autopilot.Api.Retention;

/// <summary>What a pass deleted, on the wire.</summary>
internal sealed record RetentionAnswer(long Workflows, long States, long Runs, bool Complete, double DurationSeconds, IReadOnlyList<string>? Errors)
{
    public static RetentionAnswer Of(RetentionResult result) =>
        new(result.Workflows, result.States, result.Runs, result.Complete, result.DurationSeconds, result.Errors.Count == 0 ? null : result.Errors);
}

/// <summary>What a pass would delete now, on the wire.</summary>
internal sealed record ExpiredAnswer(
    DateTimeOffset? HistoryBefore,
    int? MaxStates,
    DateTimeOffset? RunsBefore,
    long Workflows,
    long States,
    long Runs,
    IReadOnlyList<ExpiredItem> Examples,
    LastPass? LastPass)
{
    public static ExpiredAnswer Of(RetentionPreview preview) => new(
        preview.Limits.HistoryBefore,
        preview.Limits.MaxStates,
        preview.Limits.RunsBefore,
        preview.Workflows,
        preview.States,
        preview.Runs,
        [.. preview.Examples.Select(e => new ExpiredItem(e.WorkflowId, e.Reason.ToString(), e.EndedAt, e.States))],
        preview.Last is { } last ? new LastPass(last.StartedAt, RetentionAnswer.Of(last.Result)) : null);
}

/// <summary>One workflow of which something would go.</summary>
internal sealed record ExpiredItem(string WorkflowId, string Reason, DateTimeOffset? EndedAt, long States);

/// <summary>The last pass that was made.</summary>
internal sealed record LastPass(DateTimeOffset StartedAt, RetentionAnswer Result);
