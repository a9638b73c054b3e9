using System.Globalization;
using Autopilot.Core.Reporting;
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
                string.Create(CultureInfo.InvariantCulture, $"{DateTime.MaxValue.Ticks - run.EndedAt.UtcTicks:D19}|{run.Target.WorkflowId}"))
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
            .SetUnlessSeenLive(run.SeenLive)
            .SetJson("Tasks", run.Tasks, RowJson.Default.IReadOnlyListFinishedTask);

    public static FinishedRun Read(TableEntity row) => new()
    {
        Target = new WorkflowTarget(row.Text("ProjectId") ?? "", row.Text("ClusterId") ?? "", row.Text("WorkflowId") ?? ""),
        ClusterName = row.Text("ClusterName"),
        FromVersion = row.Text("FromVersion"),
        TargetVersion = row.Text("TargetVersion"),
        Outcome = Enum.Parse<WorkflowOutcome>(row.Text("Outcome") ?? throw new FormatException("A run has no outcome.")),
        CreatedAt = row.Time("CreatedAt"),
        StartedAt = row.Time("StartedAt"),
        EndedAt = row.Time("EndedAt") ?? throw new FormatException("A run has no end."),
        ElapsedSeconds = row.GetDouble("ElapsedSeconds"),
        ActiveSeconds = row.GetDouble("ActiveSeconds"),
        WaitingSeconds = row.GetDouble("WaitingSeconds"),
        Attempts = (int)row.Number("Attempts"),
        SeenLive = row.WasSeenLive(),
        Tasks = row.Json("Tasks", RowJson.Default.IReadOnlyListFinishedTask) ?? [],
    };

    // Upstream's texts have no limit; a report needs no more of them.
    private static string? Shortened(string? text) => text is { Length: > 256 } ? text[..256] : text;
}
