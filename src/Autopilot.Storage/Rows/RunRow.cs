using System.Globalization;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>A finished run: one immutable row in the month of its end, newest first.</summary>
internal static class RunRow
{
    /// <summary>The partition of the runs that ended in a month.</summary>
    public static string PartitionOf(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public static RowBuilder Of(FinishedRun run) =>
        new RowBuilder(
                PartitionOf(DateOnly.FromDateTime(run.EndedAt.UtcDateTime)),
                $"{Inverted(run.EndedAt)}|{run.Target.WorkflowId}")
            .Set("WorkflowId", run.Target.WorkflowId)
            .Set("ClusterId", run.Target.ClusterId)
            .Set("ProjectId", run.Target.ProjectId)
            .Set("ClusterName", run.ClusterName)
            .Set("FromVersion", Shortened(run.FromVersion))
            .Set("TargetVersion", Shortened(run.TargetVersion))
            .Set("Outcome", run.Outcome.ToString())
            .Set("CreatedAt", run.CreatedAt)
            .Set("StartedAt", run.StartedAt)
            .Set("EndedAt", run.EndedAt)
            .Set("ElapsedSeconds", run.ElapsedSeconds)
            .Set("ActiveSeconds", run.ActiveSeconds)
            .Set("WaitingSeconds", run.WaitingSeconds)
            .Set("Attempts", run.Attempts)
            .Set("BlockedSeconds", run.BlockedSeconds)
            .SetUnlessSeenLive(run.SeenLive)
            .SetJson("Tasks", run.Tasks, RowJson.Default.IReadOnlyListFinishedTask);

    public static RowFormat<FinishedRun> Format { get; } = new(
        StoredRowKind.Run,
        [
            "WorkflowId", "ClusterId", "ProjectId", "ClusterName", "FromVersion", "TargetVersion", "Outcome", "CreatedAt", "StartedAt", "EndedAt", "ElapsedSeconds", "ActiveSeconds", "WaitingSeconds",
            "Attempts", "BlockedSeconds", SeenLive.Unseen, "Tasks",
        ],
        Read,
        row => row.RowKey.Split('|')[^1]);

    private static FinishedRun Read(TableEntity row) => new()
    {
        Target = new WorkflowTarget(row.RequiredText("ProjectId"), row.RequiredText("ClusterId"), row.RequiredText("WorkflowId")),
        ClusterName = row.Text("ClusterName"),
        FromVersion = row.Text("FromVersion"),
        TargetVersion = row.Text("TargetVersion"),
        Outcome = row.RequiredWord<WorkflowOutcome>("Outcome"),
        CreatedAt = row.Time("CreatedAt"),
        StartedAt = row.Time("StartedAt"),
        EndedAt = row.RequiredTime("EndedAt"),
        ElapsedSeconds = row.Fractional("ElapsedSeconds"),
        ActiveSeconds = row.Fractional("ActiveSeconds"),
        WaitingSeconds = row.Fractional("WaitingSeconds"),
        Attempts = row.Count("Attempts"),
        BlockedSeconds = row.Fractional("BlockedSeconds"),
        SeenLive = row.WasSeenLive(),
        Tasks = row.List("Tasks", RowJson.Default.IReadOnlyListFinishedTask) ?? [],
    };

    /// <summary>One filter for each month that a query covers, newest first; within the month a range of keys, so that what lies outside is never looked at.</summary>
    public static IReadOnlyList<string> FiltersOf(RunQuery query)
    {
        var conditions = "";
        if (query.ClusterId is { } clusterId)
        {
            conditions += TableClient.CreateQueryFilter($" and ClusterId eq {clusterId}");
        }
        if (query.ProjectId is { } projectId)
        {
            conditions += TableClient.CreateQueryFilter($" and ProjectId eq {projectId}");
        }
        if (query.TargetVersion is { } version)
        {
            conditions += TableClient.CreateQueryFilter($" and TargetVersion eq {Shortened(version)}");
        }
        if (query.Outcome is { } outcome)
        {
            conditions += TableClient.CreateQueryFilter($" and Outcome eq {outcome.ToString()}");
        }

        var filters = new List<string>();
        if (query.From >= query.To)
        {
            return filters;
        }
        // The newest that counts is a tick before the end.
        var newest = query.To.AddTicks(-1);
        var (from, to) = (Inverted(newest), Inverted(query.From) + "}");
        var first = MonthOf(query.From);
        for (var month = MonthOf(newest); ; month = month.AddMonths(-1))
        {
            filters.Add(TableClient.CreateQueryFilter($"PartitionKey eq {PartitionOf(month)} and RowKey ge {from} and RowKey lt {to}") + conditions);
            if (month == first)
            {
                return filters;
            }
        }
    }

    private static DateOnly MonthOf(DateTimeOffset instant) => new(instant.UtcDateTime.Year, instant.UtcDateTime.Month, 1);

    /// <summary>The later the smaller.</summary>
    private static string Inverted(DateTimeOffset end) => (DateTime.MaxValue.Ticks - end.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);

    // Upstream's texts have no limit; a report needs no more of them.
    private static string? Shortened(string? text) => text is { Length: > 256 } ? text[..256] : text;
}
