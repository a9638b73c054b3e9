using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>One thing that failed in the attempts of a task, by upstream's name.</summary>
/// <param name="Name">The item, such as a check of the pre-check; the task's own type where it is the task that speaks.</param>
/// <param name="Group">The kind of check, when upstream says one.</param>
/// <param name="ErrorCodes">Every code that it failed with, in order, at most <see cref="MaxCodes"/>.</param>
/// <param name="Count">Failed runs of the task that named it.</param>
public sealed record FailedItem(string Name, string? Group, IReadOnlyList<string> ErrorCodes, int Count)
{
    /// <summary>Items kept of one task, those that failed most often.</summary>
    public const int MaxKept = 20;

    /// <summary>Most error codes kept of one item.</summary>
    public const int MaxCodes = 10;

    /// <summary>Null where upstream said nothing.</summary>
    internal static IReadOnlyList<FailedItem>? Of(IReadOnlyList<TaskAttempt> runs, IReadOnlyList<TaskFailure> words)
    {
        var items = runs.Where(run => run.Status == UpgradeTaskStatus.Failed)
            .Select(run => TaskFailures.Of(words, run))
            .OfType<TaskFailure>()
            // A run may name an item more than once, for each node or code: that is one failure of it.
            .SelectMany((failure, run) => failure.Details.Select(detail => (run, detail)))
            .GroupBy(named =>
                (Name: FailurePhrases.ItemName(named.detail), Group: named.detail.Group is { } group ? FailurePhrases.CutName(group) : null)
            )
            .Select(item => new FailedItem(
                item.Key.Name,
                item.Key.Group,
                [
                    .. item.SelectMany(named => named.detail.ErrorCodes)
                        .Select(FailurePhrases.CutName)
                        .Distinct(StringComparer.Ordinal)
                        .Order(StringComparer.Ordinal)
                        .Take(MaxCodes),
                ],
                item.Select(named => named.run).Distinct().Count()
            ))
            .OrderByDescending(item => item.Count)
            .ThenBy(item => item.Name, StringComparer.Ordinal)
            .ThenBy(item => item.Group, StringComparer.Ordinal)
            .Take(MaxKept)
            .ToList();
        return items.Count > 0 ? items : null;
    }
}
