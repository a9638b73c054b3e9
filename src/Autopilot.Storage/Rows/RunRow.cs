using System.Globalization;
using Autopilot.Core.Reporting;

namespace Autopilot.Storage;

/// <summary>A finished run: one immutable row in the month of its end, newest first.</summary>
internal static class RunRow
{
    public static RowBuilder Of(FinishedRun run) =>
        new RowBuilder(
                run.EndedAt.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture),
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
            .SetJson("Tasks", run.Tasks, RowJson.Default.IReadOnlyListFinishedTask);

    // Upstream's texts have no limit; a report needs no more of them.
    private static string? Shortened(string? text) => text is { Length: > 256 } ? text[..256] : text;
}
