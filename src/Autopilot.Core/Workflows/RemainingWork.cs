namespace Autopilot.Core.Workflows;

/// <summary>How long what is left on the required path should take. Waits are people's, so they are not predicted.</summary>
internal static class RemainingWork
{
    /// <summary>
    /// Null while nothing runs or is queued, and while a rollback does: what was left is then no longer where it goes. A task that must be run again counts in full.
    /// </summary>
    public static UpgradeEstimate? Of(WorkflowReading reading, Blockage? blockage)
    {
        if (reading.IsTerminal || reading.IsGone || blockage?.Reason == BlockingReason.RollingBack || !reading.Tasks.Exists(task => task.Task.IsUnderWay()))
        {
            return null;
        }

        TimeSpan median = default, p80 = default;
        var sample = int.MaxValue;
        foreach (var task in reading.Tasks)
        {
            if (task is { Required: true, IsDone: false })
            {
                var normal = reading.NormalTimes(task.Type) ?? TaskPace.Default(task.Type);
                var hasRun = task.Status.IsOpen() ? task.Duration ?? TimeSpan.Zero : TimeSpan.Zero;
                median += Left(normal.P50, hasRun);
                p80 += Left(normal.P80, hasRun);
                sample = Math.Min(sample, normal.Count);
            }
        }

        // Only optional work goes on: nothing is left that could be told.
        return sample == int.MaxValue ? null : new UpgradeEstimate(
            median.TotalSeconds, p80.TotalSeconds, reading.AsOf + median, sample == 0 ? UpgradeEstimate.ByDefault : UpgradeEstimate.ByHistory, sample);
    }

    private static TimeSpan Left(TimeSpan normal, TimeSpan hasRun) => normal > hasRun ? normal - hasRun : TimeSpan.Zero;
}
