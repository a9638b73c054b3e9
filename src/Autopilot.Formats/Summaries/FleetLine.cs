using Autopilot.Core.Workflows;
using Autopilot.Formats.Timelines;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Summaries;

/// <summary>
/// An upgrade as a line of a page about many: what <see cref="SummaryPage"/> says of it, and nothing that needs its row. Foreign texts are
/// as they came.
/// </summary>
internal sealed record FleetLine
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? ClusterId { get; init; }
    public string? Versions { get; init; }
    public required Assessment Assessment { get; init; }

    /// <summary>That it is stale or no longer tracked; null where there is nothing to say.</summary>
    public string? Warning { get; init; }

    /// <summary>What holds it up and for how long, or how it ended.</summary>
    public required string Now { get; init; }

    /// <summary>The part of <see cref="Now"/> that is a length of time; null where none is.</summary>
    public string? Lasting { get; init; }

    /// <summary>Since when that has lasted; null where it stands still.</summary>
    public DateTimeOffset? Since { get; init; }

    public required string Done { get; init; }

    /// <summary>The tasks that are needed or were started, in order: name, status, and the class of the status in a picture.</summary>
    public required IReadOnlyList<(string Name, string Status, string Class)> Stages { get; init; }

    /// <summary>When it should end; null where that is not estimated.</summary>
    public string? End { get; init; }

    public Severity Severity => Severities.Of(Assessment);

    public static FleetLine Of(WorkflowSummary summary)
    {
        var isLive = IsLive(summary);
        var why = SummaryPage.Why(summary);
        return new()
        {
            Id = summary.Id,
            Name = SummaryPhrases.Name(summary),
            ClusterId = summary.ClusterId,
            Versions = SummaryPhrases.Versions(summary),
            Assessment = summary.Assessment,
            Warning =
                summary.Stale ? SummaryView.Stale
                : summary.Tracked ? null
                : "not tracked",
            Now = summary.Tracked ? why : $"{why}, {SummaryPage.AsOf(summary)}",
            Lasting = summary.BlockingTask?.BlockedSeconds is { } seconds ? SummaryPhrases.Span(seconds) : null,
            Since = isLive ? summary.BlockingTask?.Since : null,
            Done = SummaryPage.Done(summary),
            Stages =
            [
                .. summary
                    .Tasks.Where(task => task.Required || task.Status != UpgradeTaskStatus.NotStarted)
                    .Select(task =>
                        (
                            SummaryPhrases.Word(task.Type.Value),
                            SummaryPhrases.Word(task.Status.Value),
                            task.Status == UpgradeTaskStatus.NotStarted ? "open" : TimelineSvg.Class(task.Status)
                        )
                    ),
            ],
            End = summary.EndedAt is null ? EstimatePhrases.EndOf(summary) : null,
        };
    }

    /// <summary>Whether its lengths of time go on: those of what has ended, is stale or is not tracked stand still.</summary>
    public static bool IsLive(WorkflowSummary summary) => summary is { Tracked: true, Stale: false, EndedAt: null, Sequence: > 0 };

    /// <summary>Whether a text that a person looks for is part of its name or of an id.</summary>
    public bool Matches(string text) =>
        Name.Contains(text, StringComparison.OrdinalIgnoreCase)
        || Id.Contains(text, StringComparison.OrdinalIgnoreCase)
        || ClusterId?.Contains(text, StringComparison.OrdinalIgnoreCase) is true;
}
