using System.Globalization;

namespace Autopilot.Core.Reporting;

/// <summary>An outlook in one sentence: how upgrades like this one went, how long they took, and what to check first.</summary>
internal static class OutlookHeadline
{
    private static readonly string Period = string.Create(CultureInfo.InvariantCulture, $"in the last {OutlookQuery.Months} months");

    public static string Of(UpgradeOutlook outlook)
    {
        var project = outlook.ProjectId is null ? "" : " of this project";
        if (outlook is not { TooLittleHistory: false, Outcomes: { Basis: { } basis } outcomes })
        {
            var ended = outlook.Runs switch
            {
                0 => $"No upgrade{project} has",
                1 => $"Only 1 upgrade{project} has",
                _ => $"Only {Number(outlook.Runs)} upgrades{project} have",
            };
            return $"{ended} ended {Period}: too little history to estimate how this one may go; at least "
                + $"{Number(OutlookBuilder.FewestRuns)} are needed.";
        }

        var clauses = new List<string>
        {
            $"Of {Number(outcomes.Runs)} {OutlookPhrases.SimilarUpgrades(basis, outlook)}{project} {Period}, "
                + $"{Went(outcomes, outlook.Attempts)}",
        };
        if (outlook.Attempts is { Basis: { } watched, SecondAttempts: { } again } attempts && !SameRuns(attempts, outcomes))
        {
            clauses.Add(
                $"of {Number(attempts.Runs)} {Those(watched, basis, outlook)} that were watched as they went, {Some(again)} needed a "
                    + "second attempt"
            );
        }

        if (outlook.Duration is { Basis: { } succeeded, RunSeconds: { } times } duration)
        {
            clauses.Add(
                (succeeded == basis ? "those" : $"{Number(duration.Runs)} {OutlookPhrases.SimilarUpgrades(succeeded, outlook)}")
                    + $" that succeeded took up to {OutlookPhrases.UpTo(times.P50)} of work (median), four of five up to "
                    + $"{OutlookPhrases.UpTo(times.P80)} (P80)"
            );
        }

        if (outlook.PreCheck is { Basis: { } check, Items: [var worst, ..] } items)
        {
            var where =
                check == basis && items.Runs == outcomes.Runs
                    ? "of them"
                    : $"of {Number(items.Runs)} {Those(check, basis, outlook)} that were watched";
            clauses.Add(
                $"the pre-check failed most on '{OutlookPhrases.Name(worst.Name)}', in {Number(worst.Runs)} {where}: look at that "
                    + "before you start"
            );
        }

        return $"{string.Join("; ", clauses)}.";
    }

    private static string Went(OutcomeOutlook outcomes, AttemptOutlook attempts)
    {
        List<string> parts = [outcomes.Succeeded == outcomes.Runs ? "all succeeded" : $"{Some(outcomes.Succeeded!.Value)} succeeded"];
        if (outcomes.Rollbacks is > 0 and var rollbacks)
        {
            parts.Add($"{Number(rollbacks)} needed a rollback");
        }

        if (attempts.SecondAttempts is { } again && SameRuns(attempts, outcomes))
        {
            parts.Add($"{Some(again)} needed a second attempt");
        }

        return parts.Count == 1 ? parts[0] : $"{string.Join(", ", parts.SkipLast(1))} and {parts[^1]}";
    }

    private static bool SameRuns(OutlookSection one, OutlookSection other) => one.Basis == other.Basis && one.Runs == other.Runs;

    private static string Those(OutlookBasis basis, OutlookBasis before, UpgradeOutlook outlook) =>
        basis == before ? "of them" : OutlookPhrases.SimilarUpgrades(basis, outlook);

    private static string Some(int count) => count == 0 ? "none" : Number(count);

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
