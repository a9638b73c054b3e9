using Autopilot.Core.Reporting;

namespace Autopilot.Formats.Reports;

/// <summary>What an outlook says, in plain text: every form of it is made of this.</summary>
internal sealed record OutlookView(string Headline, IReadOnlyList<(string Label, string Text)> Facts, IReadOnlyList<OutlookPart> Parts)
{
    private const string Waits = "Waits are for people: they say how it was, not how it will be.";

    private const int MostName = 24,
        MostItem = 44,
        MostShare = 22;

    private static readonly string Needed = $"at least {ReportPhrases.Number(OutlookBuilder.FewestRuns)} are needed";

    /// <summary>Without figures, where too few upgrades have ended, there are only the headline and which upgrades were read.</summary>
    public static OutlookView Of(UpgradeOutlook outlook) =>
        new(
            outlook.Headline,
            [
                ("Planned", Planned(outlook)),
                .. outlook.Note is { } note ? [("Note", note)] : ((string, string)[])[],
                ("Looked at", LookedAt(outlook)),
                .. ReportPhrases.Unreadable(outlook.Unreadable) is { } unreadable ? [("Left out", unreadable)] : ((string, string)[])[],
            ],
            outlook.TooLittleHistory ? [] : [Duration(outlook), Attempts(outlook), Outcomes(outlook), PreCheck(outlook)]
        );

    private static string Planned(UpgradeOutlook outlook)
    {
        var upgrade = outlook switch
        {
            { TargetVersion: { } target, FromVersion: { } now } => $" from {ReportPhrases.Name(now)} to {ReportPhrases.Name(target)}",
            { TargetVersion: { } target } => $" to {ReportPhrases.Name(target)}",
            _ => "",
        };
        var of = (outlook.ClusterName ?? outlook.ClusterId) is { } cluster ? $"cluster {ReportPhrases.Name(cluster)}" : "any cluster";
        var scope = outlook.ProjectId is { } project ? $", by upgrades of project {ReportPhrases.Name(project)} alone" : "";
        return $"an upgrade of {of}{upgrade}{scope}.";
    }

    private static string LookedAt(UpgradeOutlook outlook)
    {
        var period = ReportPhrases.Period(outlook.From, outlook.To);
        return outlook switch
        {
            { Cut: true } => $"only the newest {ReportPhrases.Number(outlook.Runs)} upgrades that ended {period}; there were more.",
            { Runs: 0 } => $"no upgrade ended {period}.",
            _ => $"{ReportPhrases.Number(outlook.Runs)} upgrade{(outlook.Runs == 1 ? "" : "s")} that ended {period}.",
        };
    }

    private static OutlookPart Duration(UpgradeOutlook outlook)
    {
        const string Title = "How long it takes",
            Label = "Time";
        if (outlook.Duration is not { Basis: { } basis } duration)
        {
            return new(
                Title,
                Label,
                TooFew(outlook.Duration, outlook, "succeeded with times that are known", "succeeded with times that are known")
            );
        }

        return new(Title, Label, $"By {SimilarUpgrades(duration, basis, outlook)} that succeeded; rounded up.")
        {
            Columns =
            [
                new("Task", MostName, 3),
                new("Upgrades", 8, 2, true),
                new("Median (P50)", 16, 2, true),
                new("P80 (four of five)", 18, 3, true),
            ],
            First = Rows([("All work", duration.RunSeconds)]),
            Rows = Rows((duration.Tasks ?? []).Select(task => (ReportPhrases.Name(task.Type.Value), (OutlookTimes?)task.RunSeconds))),
            Last = Rows([("Waits for people", duration.WaitSeconds)]),
            What = "tasks",
            Note = duration.WaitSeconds is null ? "How long people let them wait is unknown." : Waits,
        };

        static IReadOnlyList<string[]> Rows(IEnumerable<(string Name, OutlookTimes? Times)> all) =>
            [
                .. all.Where(row => row.Times is not null)
                    .Select(row =>
                        (string[])
                            [
                                row.Name,
                                ReportPhrases.Number(row.Times!.Runs),
                                OutlookPhrases.UpTo(row.Times.P50),
                                OutlookPhrases.UpTo(row.Times.P80),
                            ]
                    ),
            ];
    }

    private static OutlookPart Attempts(UpgradeOutlook outlook)
    {
        const string Title = "Second attempts",
            Label = "Attempts";
        if (outlook.Attempts is not { Basis: { } basis } attempts)
        {
            return new(Title, Label, TooFew(outlook.Attempts, outlook, "was watched as it went", "were watched as they went"));
        }

        var again = attempts.SecondAttempts ?? 0;
        return new(
            Title,
            Label,
            $"Of {SimilarUpgrades(attempts, basis, outlook)} that were watched as they went, "
                + $"{Some(again, attempts.SecondAttemptRate)} needed a second attempt."
        )
        {
            Columns = [new("Ran again", MostName, 3), new("In upgrades that ran it", 23, 4, true)],
            Rows =
            [
                .. (attempts.Tasks ?? [])
                    .Where(task => task.SecondAttempts > 0)
                    .Select(task =>
                        (string[])[ReportPhrases.Name(task.Type.Value), Share(task.SecondAttempts, task.Runs, task.SecondAttemptRate)]
                    ),
            ],
            What = "tasks that ran again",
        };
    }

    private static OutlookPart Outcomes(UpgradeOutlook outlook)
    {
        const string Title = "How they ended",
            Label = "Ends";
        if (outlook.Outcomes is not { Basis: { } basis } outcomes)
        {
            return new(Title, Label, TooFew(outlook.Outcomes, outlook, "ended", "ended"));
        }

        var succeeded = outcomes.Succeeded ?? 0;
        var others = ReportPhrases.Counted(
            (outcomes.Cancelled ?? 0, "cancelled"),
            (outcomes.RolledBack ?? 0, "rolled back"),
            (outcomes.Gone ?? 0, "gone"),
            (outcomes.Unclear ?? 0, "unclear")
        );
        var rollbacks = outcomes.Rollbacks is > 0 and var some
            ? $"A rollback ran in {ReportPhrases.OfRate(some, outcomes.RollbackRate)}, however it ended."
            : "No rollback ran.";
        return new(
            Title,
            Label,
            $"Of {SimilarUpgrades(outcomes, basis, outlook)}, "
                + $"{(succeeded == outcomes.Runs ? "all" : Some(succeeded, outcomes.SuccessRate))} "
                + $"succeeded{(others.Length > 0 ? $"; {others}" : "")}. {rollbacks}"
        );
    }

    private static OutlookPart PreCheck(UpgradeOutlook outlook)
    {
        const string Title = "What the pre-check failed on",
            Label = "Pre-check";
        if (outlook.PreCheck is not { Basis: { } basis } check)
        {
            return new(
                Title,
                Label,
                TooFew(
                    outlook.PreCheck,
                    outlook,
                    "was watched as it went and ran the pre-check",
                    "were watched as they went and ran the pre-check"
                )
            );
        }

        var items = check.Items ?? [];
        var (failed, similar) = (
            check.Failed ?? 0,
            $"{SimilarUpgrades(check, basis, outlook)} that were watched as they went and ran the pre-check"
        );
        return new(
            Title,
            Label,
            $"Of {similar}, it failed in "
                + $"{Some(failed, (double)failed / check.Runs)}{(failed > 0 && items.Count == 0 ? "; on what is unknown" : "")}."
        )
        {
            Columns = [new("Item", MostItem, 4), new("Failed in upgrades", MostShare, 3, true), new("Failures", 8, 2, true)],
            Rows =
            [
                .. items.Select(item =>
                    (string[])[ReportPhrases.Name(item.Name), Share(item.Runs, check.Runs, item.Rate), ReportPhrases.Number(item.Failures)]
                ),
            ],
            What = "items",
            Note =
                items.Count < OutlookBuilder.MaxItems
                    ? null
                    : $"These are the {ReportPhrases.Number(OutlookBuilder.MaxItems)} that failed in most upgrades; there may be more.",
        };
    }

    /// <summary>"12 upgrades to v1.28.6-r0".</summary>
    private static string SimilarUpgrades(OutlookSection section, OutlookBasis basis, UpgradeOutlook outlook) =>
        $"{ReportPhrases.Number(section.Runs)} "
        + $"{OutlookPhrases.SimilarUpgrades(basis, outlook)}{(outlook.ProjectId is null ? "" : " of this project")}";

    private static string TooFew(OutlookSection section, UpgradeOutlook outlook, string oneDid, string manyDid) =>
        $"Too little history: of all {ReportPhrases.Number(outlook.Runs)} upgrades that were looked at, "
        + $"{(section.Runs == 0 ? "none" : $"only {ReportPhrases.Number(section.Runs)}")} {(section.Runs < 2 ? oneDid : manyDid)}; "
        + $"{Needed}.";

    private static string Some(int count, double? rate) => count == 0 ? "none" : ReportPhrases.OfRate(count, rate);

    private static string Share(int count, int all, double rate) =>
        $"{ReportPhrases.Number(count)} of {ReportPhrases.Number(all)} ({ReportPhrases.Percent(rate)})";
}
