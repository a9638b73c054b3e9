using System.Globalization;
using Autopilot.Core.Workflows;
using CsvHelper;

namespace Autopilot.Api.Reports;

/// <summary>A run as a line of CSV. The columns never change their name or order: sheets and imports go by them.</summary>
internal static class RunColumns
{
    /// <summary>The kinds of tasks that have columns.</summary>
    public static readonly UpgradeTaskType[] Types =
    [
        UpgradeTaskType.PreCheck,
        UpgradeTaskType.Snapshot,
        UpgradeTaskType.Cluster,
        UpgradeTaskType.PostCheck,
        UpgradeTaskType.Rollback,
    ];

    /// <summary>The columns of a time split.</summary>
    public static readonly string[] Time =
    [
        "timeWorkSeconds",
        "timePersonSeconds",
        "timeQueueSeconds",
        "timeBlockedSeconds",
        "timeUnknownSeconds",
    ];

    private static readonly string[] Names =
    [
        "workflowId",
        "clusterId",
        "projectId",
        "fromVersion",
        "targetVersion",
        "outcome",
        "createdAt",
        "startedAt",
        "endedAt",
        "elapsedSeconds",
        "activeSeconds",
        "waitingSeconds",
        "attempts",
        .. Types.SelectMany(type => (string[])[$"{type}RunSeconds", $"{type}WaitSeconds", $"{type}Attempts"]),
        .. Time,
        "clusterName",
        "seenLive",
    ];

    /// <summary>The values of these columns, in seconds.</summary>
    public static double?[] ValuesOf(TimeSplit? time) =>
        [time?.WorkSeconds, time?.PersonSeconds, time?.QueueSeconds, time?.BlockedSeconds, time?.UnknownSeconds];

    public static void WriteHeader(CsvWriter csv)
    {
        foreach (var name in Names)
        {
            csv.WriteField(name);
        }

        csv.NextRecord();
    }

    public static void Write(CsvWriter csv, RunItem run)
    {
        csv.WriteForeign(run.WorkflowId);
        csv.WriteForeign(run.ClusterId);
        csv.WriteForeign(run.ProjectId);
        csv.WriteForeign(run.FromVersion);
        csv.WriteForeign(run.TargetVersion);
        csv.WriteForeign(run.Outcome);
        csv.WriteField(Text(run.CreatedAt));
        csv.WriteField(Text(run.StartedAt));
        csv.WriteField(Text(run.EndedAt));
        csv.WriteField(Text(run.ElapsedSeconds));
        csv.WriteField(Text(run.ActiveSeconds));
        csv.WriteField(Text(run.WaitingSeconds));
        csv.WriteField(run.Attempts);
        foreach (var type in Types)
        {
            var task = run.Tasks.FirstOrDefault(candidate => candidate.Type == type);
            csv.WriteField(Text(task?.RunSeconds));
            csv.WriteField(Text(task?.WaitSeconds));
            csv.WriteField(task?.Attempts ?? 0);
        }

        foreach (var seconds in ValuesOf(run.Time))
        {
            csv.WriteField(Text(seconds));
        }

        csv.WriteForeign(run.ClusterName);
        csv.WriteField(run.SeenLive ? "true" : "false");
        csv.NextRecord();
    }

    private static string? Text(DateTimeOffset? instant) => instant is { } known ? InstantText.Of(known) : null;

    // Never in exponents, which some readers take for text.
    private static string? Text(double? seconds) => seconds?.ToString("0.#######", CultureInfo.InvariantCulture);
}
