using System.Globalization;
using Autopilot.Simulator.Scenarios;

namespace Autopilot.Simulator.Serving;

/// <summary>How far a task is that runs: by the end that its scenario has for it.</summary>
/// <param name="Share">From 0 to 1. A task without an end stops before it.</param>
/// <param name="Ended">The task as it will have ended; null where it never does.</param>
internal sealed record TaskCourse(double Share, TaskState? Ended)
{
    private const double StopsAt = 0.62;

    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(20);

    public static TaskCourse Of(TaskState task, IReadOnlyList<WorkflowState> states, DateTimeOffset now)
    {
        var ended = states
            .Select(state => state.Tasks.GetValueOrDefault(task.Id))
            .FirstOrDefault(known => known is { EndedAt: not null } && known.StartedAt == task.StartedAt);
        var share =
            task.StartedAt is not { } start ? 0
            : ended?.EndedAt is { } end ? (now - start) / (end - start)
            : Math.Min(StopsAt, (now - start) / Usual);
        return new TaskCourse(Math.Clamp(share, 0, 1), ended);
    }

    /// <summary>As upstream writes it: <c>62.00</c>.</summary>
    public string Progress => Math.Floor(Math.Min(Share, 0.99) * 100).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>The task with the items that a pre-check has found already, in the second half of its run.</summary>
    public TaskState Shown(TaskState task) =>
        task.Status == "Running" && Share >= 0.5 && Ended is { } ended ? task with { Items = ended.Items } : task;
}
