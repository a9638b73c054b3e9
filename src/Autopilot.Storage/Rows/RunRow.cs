using System.Globalization;
using Autopilot.Core.Listing;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Reading;
using Autopilot.Storage.Tables;
using Azure.Data.Tables;

namespace Autopilot.Storage.Rows;

/// <summary>A finished run: one immutable row in the month of its end, newest first.</summary>
internal static class RunRow
{
    private const int TicksLength = 19;

    /// <summary>The partition of the runs that ended in a month.</summary>
    public static string PartitionOf(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public static RowBuilder Of(FinishedUpgrade run) =>
        new RowBuilder(PartitionOf(DateOnly.FromDateTime(run.EndedAt.UtcDateTime)), KeyOf(run.EndedAt, run.Target.WorkflowId))
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
            .Set("LastChangedAt", run.LastChangedAt)
            .Set("ElapsedSeconds", run.ElapsedSeconds)
            .Set("ActiveSeconds", run.ActiveSeconds)
            .Set("WaitingSeconds", run.WaitingSeconds)
            .Set("Attempts", run.Attempts)
            .Set("BlockedSeconds", run.BlockedSeconds)
            .SetUnlessSeenLive(run.SeenLive)
            .SetJson("Time", run.Time, RowJson.Default.TimeSplit)
            .SetJson("Tasks", run.Tasks, RowJson.Default.IReadOnlyListFinishedTask);

    public static RowFormat<FinishedUpgrade> Format { get; } =
        new(
            StoredRowKind.Run,
            [
                "WorkflowId",
                "ClusterId",
                "ProjectId",
                "ClusterName",
                "FromVersion",
                "TargetVersion",
                "Outcome",
                "CreatedAt",
                "StartedAt",
                "EndedAt",
                "ElapsedSeconds",
                "ActiveSeconds",
                "WaitingSeconds",
                "LastChangedAt",
                "Attempts",
                "BlockedSeconds",
                NotSeenLiveColumn.Unseen,
                "Time",
                "Tasks",
            ],
            Read,
            row => IdOf(row.RowKey)
        );

    private static FinishedEntry ReadEntry(TableEntity row) =>
        (EntryOf(row) ?? throw new UnreadableColumnException("has a key without an end")) with
        {
            ClusterId = row.Text("ClusterId") ?? "",
            ClusterName = row.Text("ClusterName"),
            CreatedAt = row.Time("CreatedAt"),
            LastChangedAt = row.Time("LastChangedAt"),
        };

    private static FinishedEntry? EntryOf(TableEntity row) =>
        EndOf(row.RowKey) is { } endedAt ? new FinishedEntry(IdOf(row.RowKey), endedAt) { ClusterId = "" } : null;

    private static FinishedUpgrade Read(TableEntity row) =>
        new()
        {
            Target = new WorkflowTarget(row.RequiredText("ProjectId"), row.RequiredText("ClusterId"), row.RequiredText("WorkflowId")),
            ClusterName = row.Text("ClusterName"),
            FromVersion = row.Text("FromVersion"),
            TargetVersion = row.Text("TargetVersion"),
            Outcome = row.RequiredWord<WorkflowOutcome>("Outcome"),
            CreatedAt = row.Time("CreatedAt"),
            StartedAt = row.Time("StartedAt"),
            EndedAt = row.RequiredTime("EndedAt"),
            LastChangedAt = row.Time("LastChangedAt"),
            ElapsedSeconds = row.Fractional("ElapsedSeconds"),
            ActiveSeconds = row.Fractional("ActiveSeconds"),
            WaitingSeconds = row.Fractional("WaitingSeconds"),
            Attempts = row.Count("Attempts"),
            BlockedSeconds = row.Fractional("BlockedSeconds"),
            SeenLive = row.WasSeenLive(),
            Time = row.Json("Time", RowJson.Default.TimeSplit),
            Tasks = row.List("Tasks", RowJson.Default.IReadOnlyListFinishedTask) ?? [],
        };

    /// <summary>What a list of finished workflows needs to know of a run.</summary>
    public static IReadOnlyList<string> EntryColumns { get; } =
    ["PartitionKey", "RowKey", RowFormat<FinishedEntry>.VersionColumn, "ClusterId", "ClusterName", "CreatedAt", "LastChangedAt"];

    private static RowFormat<FinishedEntry> EntryFormat { get; } = new(StoredRowKind.Run, EntryColumns, ReadEntry, row => IdOf(row.RowKey));

    /// <summary>
    /// A run's entry in a list. A row that cannot be read is reported and has its place all the same, by id and end of its key. Null where
    /// the key is none of a run.
    /// </summary>
    public static FinishedEntry? ReadEntry(StoredTable table, TableEntity row) => table.Read(EntryFormat, row).Value ?? EntryOf(row);

    /// <summary>The later the end, the smaller.</summary>
    public static string KeyOf(DateTimeOffset endedAt, string workflowId) => $"{Inverted(endedAt)}|{workflowId}";

    public static string IdOf(string rowKey) => rowKey[(rowKey.LastIndexOf('|') + 1)..];

    public static DateTimeOffset? EndOf(string rowKey) =>
        rowKey.Length > TicksLength
        && rowKey[TicksLength] == '|'
        && long.TryParse(rowKey.AsSpan(0, TicksLength), NumberStyles.None, CultureInfo.InvariantCulture, out var inverted)
        && inverted <= DateTime.MaxValue.Ticks
            ? new DateTimeOffset(DateTime.MaxValue.Ticks - inverted, TimeSpan.Zero)
            : null;

    public static DateOnly MonthOf(DateTimeOffset instant) => new(instant.UtcDateTime.Year, instant.UtcDateTime.Month, 1);

    /// <summary>The range of keys of a query, the same in every month: rows outside of it are never read.</summary>
    public static string RangeOf(RunQuery query) =>
        // The newest that counts is a tick before the end.
        TableClient.CreateQueryFilter($"RowKey ge {Inverted(query.To.AddTicks(-1))} and RowKey lt {Inverted(query.From) + "}"}");

    /// <summary>What a query asks besides the range, each with a leading <c>and</c>.</summary>
    public static string ConditionsOf(RunQuery query)
    {
        // Where runs are looked for by name, too, each is compared.
        var conditions =
            query.ClusterName is null && FilterBuilder.AnyOf(WorkflowRow.ClusterId, query.ClusterId) is { } clusters
                ? $" and {clusters}"
                : "";
        conditions += query.ProjectId is { } projectId ? TableClient.CreateQueryFilter($" and ProjectId eq {projectId}") : "";
        conditions += query.TargetVersion is { } version
            ? TableClient.CreateQueryFilter($" and TargetVersion eq {Shortened(version)}")
            : "";
        return conditions + (query.Outcome is { } outcome ? TableClient.CreateQueryFilter($" and Outcome eq {outcome.ToString()}") : "");
    }

    /// <summary>The conditions of a list on its finished entries, as far as their runs' columns can express them.</summary>
    public static IEnumerable<string> ConditionsOf(WorkflowQuery query)
    {
        if (FilterBuilder.AnyOf(WorkflowRow.ClusterId, query.ClusterId) is { } ids)
        {
            yield return ids;
        }
        if (FilterBuilder.OfCluster(query) is { } cluster)
        {
            yield return cluster;
        }
        if (query.ProjectId is { } project)
        {
            yield return TableClient.CreateQueryFilter($"ProjectId eq {project}");
        }
        // A workflow that is gone is assessed so in whatever phase it was lost, but for the phases that end one.
        if (
            query.Assessment is { Values: [Assessment.Gone] }
            || query.Phase is { } phases && !phases.Values.Any(phase => WorkflowPhase.From(phase).IsTerminal)
        )
        {
            yield return TableClient.CreateQueryFilter($"Outcome eq {nameof(WorkflowOutcome.Gone)}");
        }
    }

    /// <summary>One filter for each month that a query covers, newest first.</summary>
    public static IReadOnlyList<string> FiltersOf(RunQuery query)
    {
        var filters = new List<string>();
        if (query.From >= query.To)
        {
            return filters;
        }
        var first = MonthOf(query.From);
        for (var month = MonthOf(query.To.AddTicks(-1)); ; month = month.AddMonths(-1))
        {
            filters.Add(TableClient.CreateQueryFilter($"PartitionKey eq {PartitionOf(month)} and ") + RangeOf(query) + ConditionsOf(query));
            if (month == first)
            {
                return filters;
            }
        }
    }

    /// <summary>The later the smaller.</summary>
    private static string Inverted(DateTimeOffset end) =>
        (DateTime.MaxValue.Ticks - end.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);

    // Upstream's texts have no limit; a report needs no more of them.
    private static string? Shortened(string? text) => text is { Length: > 256 } ? text[..256] : text;
}
