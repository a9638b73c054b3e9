namespace Autopilot.Core.Workflows;

/// <summary>What a pre-check that passed did not find in order.</summary>
internal static class AcceptedRiskInsights
{
    public const string Code = "RisksAccepted";

    private const int MostNamed = 5;

    /// <summary>The items that were confirmed as risks, and those that the user skipped.</summary>
    public static void Add(List<Insight> insights, TaskTimes task)
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

        var risks = progress.Items.Select(item => item.Name).Distinct().Except(progress.Skipped).ToList();
        string?[] parts =
        [
            risks.Count > 0 ? $"risks: {Names(risks, progress.Omitted)}" : null,
            progress.Skipped.Count > 0 ? $"skipped: {Names(progress.Skipped, 0)}" : null,
        ];
        insights.Add(
            new Insight
            {
                Code = Code,
                Level = InsightLevel.Info,
                Task = task.Type,
                Since = task.EndedAt ?? task.StatusSince,
                Summary = $"The pre-check passed without all of its items ({string.Join("; ", parts.OfType<string>())}).",
                Remediation = "Nothing has to be done now. If the upgrade fails, look at these items first.",
            }
        );
    }

    private static string Names(IReadOnlyList<string> names, int omitted)
    {
        var more = names.Count - Math.Min(names.Count, MostNamed) + omitted;
        var named = string.Join(", ", names.Take(MostNamed).Select(name => $"'{FailurePhrases.CutName(name)}'"));
        return more > 0 ? FormattableString.Invariant($"{named} and {more} more") : named;
    }
}
