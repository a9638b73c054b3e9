namespace Autopilot.Core.Workflows;

/// <summary>Expected time of the remaining work on the required path. Waits are people's, so they are not predicted.</summary>
internal static class RemainingWork
{
    /// <summary>
    /// Only while the blocking task runs or is queued. A task that failed, and a pre-check that has expired or soon will, must be run again
    /// and counts in full. Once the running task is overdue, no time of completion is given.
    /// </summary>
    public static UpgradeEstimate? Of(WorkflowAnalysis analysis, Blockage? blockage)
    {
        if (analysis.IsGone || blockage?.Reason is not (BlockingReason.InProgress or BlockingReason.Queued))
        {
            return null;
        }

        TimeSpan median = default,
            p80 = default;
        var sample = int.MaxValue;
        foreach (var task in analysis.Tasks)
        {
            if (IsLeft(analysis, task))
            {
                var normal = analysis.NormalTimes(task.Type) ?? TaskDurationThresholds.Default(task.Type);
                var hasRun = task.Status.IsOpen() ? task.Duration ?? TimeSpan.Zero : TimeSpan.Zero;
                median += Left(normal.P50, hasRun);
                p80 += Left(normal.P80, hasRun);
                sample = Math.Min(sample, normal.Count);
            }
        }

        if (sample == int.MaxValue)
        {
            // Only optional work is running: nothing is known of the rest.
            return null;
        }

        var overdue = analysis.AsOf - TaskDurationThresholds.OverdueSince(analysis, blockage.Task);
        return new(
            median.TotalSeconds,
            p80.TotalSeconds,
            overdue is null ? analysis.AsOf + median : null,
            sample == 0 ? UpgradeEstimate.ByDefault : UpgradeEstimate.ByHistory,
            sample
        )
        {
            OverdueSeconds = overdue?.TotalSeconds,
        };
    }

    private static bool IsLeft(WorkflowAnalysis analysis, TaskTimes task) =>
        task.Required && (!task.IsSettled || PreCheckExpiry.UnusedExpiry(analysis, task) - analysis.AsOf < PreCheckExpiry.Soon);

    private static TimeSpan Left(TimeSpan normal, TimeSpan hasRun) => normal > hasRun ? normal - hasRun : TimeSpan.Zero;
}
