namespace Autopilot.Core.Workflows;

/// <summary>What a pre-check that passed did not find in order.</summary>
internal static class AcceptedRiskInsights
{
    public const string Code = "RisksAccepted";

    private const int MostNamed = 5;

    /// <summary>The items that it passed in spite of, and those that the user skipped.</summary>
    public static void Add(List<Insight> insights, WorkflowAnalysis analysis, TaskTimes task, Blockage? blockage)
    {
        if (
            task.Type != UpgradeTaskType.PreCheck
            || task.Status != UpgradeTaskStatus.Success
            || task.Progress is not { Final: true } progress
            || progress.Items.Count + progress.Skipped.Count == 0
        )
        {
            return;
        }

        string?[] parts =
        [
            progress.Items.Count > 0 ? $"risks: {Names([.. progress.Items.Select(item => item.Name)], progress.Omitted)}" : null,
            progress.Skipped.Count > 0 ? $"skipped: {Names(progress.Skipped, progress.SkippedOmitted)}" : null,
        ];
        insights.Add(
            new Insight
            {
                Code = Code,
                Level = InsightLevel.Info,
                Task = task.Type,
                Since = task.EndedAt ?? task.StatusSince,
                Summary = $"The pre-check passed without all of its items ({string.Join("; ", parts.OfType<string>())}).",
                Remediation =
                    blockage is { Reason: BlockingReason.TaskFailed } ? "They may be why the upgrade is blocked."
                    : analysis.IsTerminal ? null
                    : "If the upgrade fails, look at these items first.",
            }
        );
    }

    private static string Names(IReadOnlyList<string> names, int omitted)
    {
        // One item may stand there several times, for several causes.
        var different = names.Distinct().ToList();
        var more = different.Count - Math.Min(different.Count, MostNamed) + omitted;
        var named = string.Join(", ", different.Take(MostNamed).Select(name => $"'{FailurePhrases.CutName(name)}'"));
        return more > 0 ? FormattableString.Invariant($"{named} and {more} more") : named;
    }
}
