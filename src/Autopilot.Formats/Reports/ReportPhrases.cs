using System.Globalization;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Reports;

/// <summary>What a report says, in sentences of plain text: every form of it says the same.</summary>
internal static class ReportPhrases
{
    /// <summary>Longest name of others that is shown, in characters.</summary>
    public const int MaxName = 60;

    /// <summary>What differs by less is as good as the same: points of the success rate, and a part of the time.</summary>
    private const double LeastPoints = 0.02,
        LeastPart = 0.1;

    /// <summary>The whole period in one sentence.</summary>
    public static string Headline(UpgradeReport report)
    {
        var total = report.Total;
        if (total.Runs == 0)
        {
            return "No upgrade ended in this period.";
        }

        return $"{Succeeded(total)}{FirstTries(total)}{(total.RunSeconds is { } run ? $"; {RunTimes(run)}" : "")}.";
    }

    /// <summary>", 18 at the first try"; of those that were watched where not all were; empty where that says nothing.</summary>
    private static string FirstTries(UpgradeStatistics statistics)
    {
        var first = statistics.FirstTimeSuccesses;
        return statistics switch
        {
            { Succeeded: 0 } or { WatchedRuns: 0 } => "",
            _ when statistics.WatchedRuns < statistics.Runs =>
                $", {Some(first)} of {Number(statistics.WatchedRuns)} watched at the first try",
            { Succeeded: 1 } when first == 1 => ", at the first try",
            _ when first == statistics.Succeeded => ", all at the first try",
            _ => $", {Some(first)} at the first try",
        };
    }

    /// <summary>What is unknown of upgrades that had ended before they were first seen; null where all were watched.</summary>
    public static string? NotWatched(UpgradeStatistics statistics)
    {
        var missed = statistics.Runs - statistics.WatchedRuns;
        if (missed <= 0)
        {
            return null;
        }

        const string Unknown = "earlier attempts, failures and waits are unknown";
        var (who, whose) =
            missed == statistics.Runs
                ? missed == 1
                    ? ("It", "its")
                    : ($"All {Number(missed)}", "their")
                : ($"{Number(missed)} of the {Number(statistics.Runs)}", missed == 1 ? "its" : "their");
        return missed == statistics.Runs
            ? $"{who} had ended before {(missed == 1 ? "it was" : "they were")} first seen: {whose} {Unknown}, so no first try is counted."
            : $"{who} had ended before {(missed == 1 ? "it was" : "they were")} first seen: {whose} {Unknown}, so first tries are "
                + $"counted of the other {Number(statistics.WatchedRuns)} only.";
    }

    /// <summary>Whether it is better than before, with the figures that show it; null where the period before was not read.</summary>
    public static string? Comparison(UpgradeReport report) => Evaluate(report)?.Sentence;

    /// <summary>Good where it got better, careful where it got worse.</summary>
    public static Severity SeverityOf(UpgradeReport report) => Evaluate(report)?.Severity ?? Severity.Plain;

    /// <summary>How those ended that did not succeed, and what failures cost; null where there is nothing to say.</summary>
    public static string? Trouble(UpgradeStatistics statistics)
    {
        var sentences = new List<string>();
        var ends = Counted(
            (statistics.Cancelled, "cancelled"),
            (statistics.RolledBack, "rolled back"),
            (statistics.Gone, "gone"),
            (statistics.Unclear, "unclear")
        );
        if (ends.Length > 0)
        {
            sentences.Add($"{Number(statistics.Runs - statistics.Succeeded)} did not succeed: {ends}.");
        }

        if (statistics.FailedOnTheWay > 0)
        {
            var least = statistics.WatchedRuns < statistics.Runs ? "at least " : "";
            var held = statistics.BlockedSeconds is > 0 and var blocked
                ? $"; failures held them up for {least}{Duration(blocked)} in all"
                : "";
            sentences.Add($"In {least}{Number(statistics.FailedOnTheWay)} a task failed on the way{held}.");
        }

        return sentences.Count == 0 ? null : string.Join(' ', sentences);
    }

    /// <summary>Who held the upgrades up, the longest first, and how long work took; null where no run has the split.</summary>
    public static string? HeldUp(UpgradeStatistics statistics)
    {
        if (statistics.Time is not { } time)
        {
            return null;
        }

        var of =
            statistics.TimeRuns == statistics.Runs ? "" : $" ({Number(statistics.TimeRuns)} of {Number(statistics.Runs)} upgrades have it)";
        (double Seconds, string Who)[] holders =
        [
            (time.PersonSeconds, "people"),
            (time.BlockedSeconds, "failures, pauses and expiries"),
            (time.QueueSeconds, "the queue upstream"),
        ];
        var held = holders
            .Where(holder => holder.Seconds >= 1)
            .OrderByDescending(holder => holder.Seconds)
            .Select(holder => $"{holder.Who} for {Duration(holder.Seconds)}")
            .ToList();
        var unknown = time.UnknownSeconds >= 1 ? $"; {Duration(time.UnknownSeconds)} is unknown" : "";
        return $"Who held them up{of}: {(held.Count == 0 ? "none" : string.Join(", ", held))}; work took "
            + $"{Duration(time.WorkSeconds)}{unknown}.";
    }

    /// <summary>How many go on, and that they are in none of the figures; null where that was not asked for.</summary>
    public static string? GoingOn(UpgradeReport report)
    {
        if (report.Active is not { } active)
        {
            return null;
        }

        var stale = active.Count(run => run.Stale);
        return active.Count switch
        {
            0 => "None goes on now.",
            1 => $"1 goes on now and is in none of these figures{(stale > 0 ? "; it was not read for a while" : "")}.",
            var count => $"{Number(count)}{(report.ActiveCut is true ? " or more" : "")} go on now and are in none of these "
                + $"figures{(stale > 0 ? $"; {Number(stale)} of them {(stale == 1 ? "was" : "were")} not read for a while" : "")}.",
        };
    }

    /// <summary>How many stored rows are in none of the figures because they cannot be read; null where there are none.</summary>
    public static string? Unreadable(int? rows) =>
        rows switch
        {
            null or 0 => null,
            1 => "1 stored row of this time cannot be read and is in none of these figures; the log names it.",
            { } count => $"{Number(count)} stored rows of this time cannot be read and are in none of these figures; the log names them.",
        };

    /// <summary>"blue to v1.28.6-r0", as far as it is known.</summary>
    public static string Planned(ActiveUpgrade run) =>
        $"{Name(run.ClusterName ?? run.ClusterId)}{(run.TargetVersion is { Length: > 0 } version ? $" to {Name(version)}" : "")}";

    /// <summary>How it stands and whether that is old.</summary>
    public static string Stands(ActiveUpgrade run) => run.Stale ? $"{run.Assessment} (stale)" : run.Assessment.ToString();

    /// <summary>The range by the end of the runs: whole days where it is made of such.</summary>
    public static string Period(DateTimeOffset from, DateTimeOffset to)
    {
        if (from.UtcDateTime.TimeOfDay != default || to.UtcDateTime.TimeOfDay != default)
        {
            return $"from {HumanDuration.At(from)} to {HumanDuration.At(to)}";
        }

        var (first, last) = (Day(from), Day(to.AddDays(-1)));
        return first == last ? $"on {first} (UTC)" : $"from {first} to {last} (UTC)";
    }

    /// <summary>What the groups are made by, as the head of their column.</summary>
    public static string Grouped(UpgradeReport report) =>
        report.GroupBy switch
        {
            "month" => "Month",
            "week" => "Week",
            "targetVersion" => "Target version",
            "cluster" => "Cluster",
            _ => "Upgrades",
        };

    /// <summary>", by month" and so on; empty where there is one group for all.</summary>
    public static string ByGroup(UpgradeReport report) => report.GroupBy == "none" ? "" : $", by {Grouped(report).ToLowerInvariant()}";

    /// <summary>The groups to show where not all can be: of time the newest, of others those with the most runs, in their order.</summary>
    public static IReadOnlyList<ReportGroup> Shown(UpgradeReport report, int most)
    {
        var groups = report.Groups;
        if (groups.Count <= most)
        {
            return groups;
        }

        if (IsTime(report))
        {
            return [.. groups.Skip(groups.Count - most)];
        }

        var chosen = groups
            .Index()
            .OrderByDescending(group => group.Item.Runs)
            .ThenBy(group => group.Index)
            .Take(most)
            .Select(group => group.Index)
            .Order();
        return [.. chosen.Select(index => groups[index])];
    }

    /// <summary>That not all groups are shown; null where they are.</summary>
    public static string? LeftOut(UpgradeReport report, int shown)
    {
        var all = report.Groups.Count;
        if (shown >= all)
        {
            return null;
        }

        var groups = $"{Grouped(report).ToLowerInvariant()}s";
        return shown == 0 ? $"{Number(all)} {groups} are left out; format=csv has all."
            : IsTime(report) ? $"Only the newest {Number(shown)} of {Number(all)} {groups} with upgrades are shown; format=csv has all."
            : $"Only the {Number(shown)} of {Number(all)} {groups} with the most upgrades are shown; format=csv has all.";
    }

    /// <summary>Whether the groups follow one another in time.</summary>
    public static bool IsTime(UpgradeReport report) => report.GroupBy is "month" or "week";

    /// <summary>"23 of 25 upgrades succeeded (92 %)".</summary>
    public static string Succeeded(UpgradeStatistics statistics) =>
        $"{(statistics.Succeeded == 0 ? "None" : Number(statistics.Succeeded))} of {Number(statistics.Runs)} "
        + $"upgrade{(statistics.Runs == 1 ? "" : "s")} "
        + $"succeeded{(statistics.SuccessRate is > 0 and var rate ? $" ({Percent(rate)})" : "")}";

    /// <summary>"median (P50) run time 14 min, P80 22 min".</summary>
    public static string RunTimes(Percentiles times) => Times("ran", "run time", times);

    /// <summary>"median (P50) wait 14 min, P80 22 min".</summary>
    public static string WaitTimes(Percentiles times) => Times("waited", "wait", times);

    private static string Times(string did, string noun, Percentiles times) =>
        times.P50 == times.Max ? $"all {did} for up to {Duration(times.Max)}"
        : times.P50 == times.P80 ? $"median (P50) and P80 {noun} {Duration(times.P80)}"
        : $"median (P50) {noun} {Duration(times.P50)}, P80 {Duration(times.P80)}";

    /// <summary>"14 min – 22 min", a single one where they are the same; empty where there are none.</summary>
    public static string Range(Percentiles? times)
    {
        if (times is null)
        {
            return "";
        }

        var (half, most) = (Duration(times.P50), Duration(times.P80));
        return half == most ? half : $"{half} – {most}";
    }

    /// <summary>"10 (83 %)".</summary>
    public static string OfRate(int count, double? rate) => rate is null ? Number(count) : $"{Number(count)} ({Percent(rate)})";

    /// <summary>Never 0 % of some, nor 100 % of not all; empty where there is no rate.</summary>
    public static string Percent(double? rate)
    {
        if (rate is not { } known)
        {
            return "";
        }

        var percent = Math.Round(known * 100);
        percent = known is > 0 and < 1 ? Math.Clamp(percent, 1, 99) : percent;
        return string.Create(CultureInfo.InvariantCulture, $"{percent:0} %");
    }

    /// <summary>Rounded down to at most two units.</summary>
    public static string Duration(double seconds) =>
        HumanDuration.Of(TimeSpan.FromSeconds(Math.Clamp(seconds, 0, TimeSpan.MaxValue.TotalSeconds / 2)));

    /// <summary>A count.</summary>
    public static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A group's name; of a cluster its own, and its id beside it.</summary>
    public static string Name(ReportGroup group) =>
        string.IsNullOrWhiteSpace(group.ClusterName) ? Name(group.Key) : $"{Name(group.ClusterName)} ({Name(group.Key)})";

    /// <summary>A name of others as one line of limited length.</summary>
    public static string Name(string? name, int most = MaxName) => ForeignText.OneLine(name, most) ?? "";

    /// <summary>An outcome in words.</summary>
    public static string Ended(WorkflowOutcome outcome) =>
        outcome switch
        {
            WorkflowOutcome.Succeeded => "succeeded",
            WorkflowOutcome.Cancelled => "cancelled",
            WorkflowOutcome.RolledBack => "rolled back",
            WorkflowOutcome.Unclear => "unclear",
            _ => "gone",
        };

    /// <summary>"1 cancelled, 2 rolled back", without those that are none.</summary>
    public static string Counted(params ReadOnlySpan<(int Count, string What)> counts)
    {
        var parts = new List<string>();
        foreach (var (count, what) in counts)
        {
            if (count > 0)
            {
                parts.Add($"{Number(count)} {what}");
            }
        }

        return string.Join(", ", parts);
    }

    private static (string Sentence, Severity Severity)? Evaluate(UpgradeReport report)
    {
        if (report.Previous is not { } before)
        {
            return null;
        }

        var length = HumanDuration.Of(before.To - before.From);
        var period = $"the {(length == "1 day" ? "day" : length)} before";
        if (before.Runs == 0)
        {
            return ($"None ended in {period}.", Severity.Plain);
        }

        var then = $"{Succeeded(before)}{(before.RunSeconds is { } run ? $", {RunTimes(run)}" : "")}.";
        var now = report.Total;
        if (now.Runs < Baseline.FewestRuns || before.Runs < Baseline.FewestRuns)
        {
            return ($"{(now.Runs == 0 ? "In" : "Too few to compare with")} {period}: {then}", Severity.Plain);
        }

        var more = Sign((now.SuccessRate - before.SuccessRate) ?? 0, LeastPoints);
        var faster =
            before.RunSeconds is { P50: > 0 and var half } && now.RunSeconds is { } times ? Sign((half - times.P50) / half, LeastPart) : 0;
        var (decision, severity) = (more, faster) switch
        {
            (0, 0) => ("About as in", Severity.Plain),
            (>= 0, >= 0) => ("Better than in", Severity.Good),
            (<= 0, <= 0) => ("Worse than in", Severity.Careful),
            (> 0, _) => ("More succeeded, but they ran longer than in", Severity.Plain),
            _ => ("Fewer succeeded, though they ran faster than in", Severity.Careful),
        };
        return ($"{decision} {period}: {then}", severity);
    }

    // A little less than the least, so that what was computed with fractions still counts.
    private static int Sign(double difference, double least) =>
        difference >= least - 1e-9 ? 1
        : difference <= -least + 1e-9 ? -1
        : 0;

    private static string Some(int count) => count == 0 ? "none" : Number(count);

    private static string Day(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
