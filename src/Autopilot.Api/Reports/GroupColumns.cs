using System.Globalization;
using System.Text;
using Autopilot.Core.Reporting;
using CsvHelper;

namespace Autopilot.Api.Reports;

/// <summary>A report as CSV, a line for each group. The columns never change their name or order: sheets and imports go by them.</summary>
internal static class GroupColumns
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private static readonly string[] Percents = ["P50", "P80", "P95", "Max"];

    private static readonly string[] Names =
    [
        "key",
        "runs",
        "succeeded",
        "cancelled",
        "rolledBack",
        "gone",
        "successRate",
        "firstTimeSuccessRate",
        "failedOnTheWay",
        "attempts",
        "rollbacks",
        "blockedSeconds",
        .. Of("run"),
        .. Of("wait"),
        .. RunColumns.Types.SelectMany(type => (string[])[$"{type}Runs", $"{type}Failures", .. Of($"{type}Run"), .. Of($"{type}Wait")]),
        "unclear",
        .. RunColumns.Time,
        "timeRuns",
        "clusterName",
        "watchedRuns",
        "watchedSucceeded",
        "firstTimeSuccesses",
    ];

    public static ReadOnlyMemory<byte> Write(UpgradeReport report)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, CsvCell.Configuration, leaveOpen: true))
        {
            foreach (var name in Names)
            {
                csv.WriteField(name);
            }

            csv.NextRecord();
            foreach (var group in report.Groups)
            {
                Write(csv, group);
            }
        }

        return Utf8.GetBytes(text.ToString());
    }

    private static void Write(CsvWriter csv, ReportGroup group)
    {
        csv.WriteForeign(group.Key);
        csv.WriteField(group.Runs);
        csv.WriteField(group.Succeeded);
        csv.WriteField(group.Cancelled);
        csv.WriteField(group.RolledBack);
        csv.WriteField(group.Gone);
        csv.WriteField(Text(group.SuccessRate));
        csv.WriteField(Text(group.FirstTimeSuccessRate));
        csv.WriteField(group.FailedOnTheWay);
        csv.WriteField(group.Attempts);
        csv.WriteField(group.Rollbacks);
        csv.WriteField(Text(group.BlockedSeconds));
        Write(csv, group.RunSeconds);
        Write(csv, group.WaitSeconds);
        foreach (var type in RunColumns.Types)
        {
            var task = group.Tasks.FirstOrDefault(candidate => candidate.Type == type);
            csv.WriteField(task?.Runs ?? 0);
            csv.WriteField(task?.Failures ?? 0);
            Write(csv, task?.RunSeconds);
            Write(csv, task?.WaitSeconds);
        }

        csv.WriteField(group.Unclear);
        foreach (var seconds in RunColumns.ValuesOf(group.Time))
        {
            csv.WriteField(Text(seconds));
        }

        csv.WriteField(group.TimeRuns);
        csv.WriteForeign(group.ClusterName);
        csv.WriteField(group.WatchedRuns);
        csv.WriteField(group.WatchedSucceeded);
        csv.WriteField(group.FirstTimeSuccesses);
        csv.NextRecord();
    }

    private static void Write(CsvWriter csv, Percentiles? times)
    {
        csv.WriteField(Text(times?.P50));
        csv.WriteField(Text(times?.P80));
        csv.WriteField(Text(times?.P95));
        csv.WriteField(Text(times?.Max));
    }

    private static IEnumerable<string> Of(string what) => Percents.Select(percent => $"{what}{percent}Seconds");

    // All of its digits, as JSON has them, but never in exponents, which some readers take for text.
    private static string? Text(double? value)
    {
        var text = value?.ToString("R", CultureInfo.InvariantCulture);
        return text?.Contains('E', StringComparison.Ordinal) is true
            ? value!.Value.ToString("0.####################", CultureInfo.InvariantCulture)
            : text;
    }
}
