using System.Globalization;

namespace Autopilot.Core.Workflows;

/// <summary>Names what differs between two neighbouring states.</summary>
public static class StateChanges
{
    /// <summary>Most differences that are named; one more says how many are not.</summary>
    public const int Most = 200;

    private const int MaxLinesLength = 4096;

    /// <summary>
    /// The differences, those of the workflow itself before those of its tasks in execution order. A task that appears or vanishes is one
    /// change, <c>task</c>, with its status. Never empty: what no name fits is <c>other</c>, so call it only for states with different
    /// hashes. Of more than <see cref="Most"/> the rest are one <c>other</c>, which says their number.
    /// </summary>
    public static IReadOnlyList<StateChange> Between(UpgradeWorkflow? before, UpgradeWorkflow after)
    {
        var changes = new List<StateChange>();
        Add(changes, null, "phase", Text(before?.Phase.Value), Text(after.Phase.Value));
        Add(changes, null, "fromVersion", before?.FromVersion, after.FromVersion);
        Add(changes, null, "targetVersion", before?.TargetVersion, after.TargetVersion);
        if (before is not null)
        {
            AddLines(changes, Lines(before), Lines(after));
        }

        var earlier = before is null ? [] : Latest(before);
        var later = Latest(after);
        foreach (var type in Order(after, earlier, later))
        {
            AddTask(changes, type, earlier.GetValueOrDefault(type), later.GetValueOrDefault(type));
        }

        if (changes.Count == 0)
        {
            changes.Add(new StateChange(null, "other", null, null));
        }
        else if (changes.Count - Most is > 0 and var more)
        {
            changes.RemoveRange(Most, more);
            changes.Add(new StateChange(null, "other", null, string.Create(CultureInfo.InvariantCulture, $"{more} more changes")));
        }

        return changes;
    }

    /// <summary>Compared whole, shown cut.</summary>
    private static void AddLines(List<StateChange> changes, string? from, string? to)
    {
        if (!string.Equals(from, to, StringComparison.Ordinal))
        {
            changes.Add(new StateChange(null, "dependencies", Shown(from), Shown(to)));
        }

        static string? Shown(string? lines) => lines?.Length > MaxLinesLength ? JsonStrings.Cut(lines, MaxLinesLength) + "…" : lines;
    }

    private static void AddTask(List<StateChange> changes, UpgradeTaskType type, UpgradeTask? before, UpgradeTask? after)
    {
        if (before is null || after is null)
        {
            Add(changes, type, "task", before?.Status.Value, after?.Status.Value);
            return;
        }

        Add(changes, type, "status", before.Status.Value, after.Status.Value);
        Add(changes, type, "taskId", before.TaskId, after.TaskId);
        Add(changes, type, "startedAt", Text(before.StartedAt), Text(after.StartedAt));
        Add(changes, type, "endedAt", Text(before.EndedAt), Text(after.EndedAt));
        Add(changes, type, "expiresAt", Text(before.ExpiresAt), Text(after.ExpiresAt));
    }

    private static void Add(List<StateChange> changes, UpgradeTaskType? task, string what, string? from, string? to)
    {
        if (!string.Equals(from, to, StringComparison.Ordinal))
        {
            changes.Add(new StateChange(task, what, from, to));
        }
    }

    private static Dictionary<UpgradeTaskType, UpgradeTask> Latest(UpgradeWorkflow state)
    {
        var latest = new Dictionary<UpgradeTaskType, UpgradeTask>(state.Tasks.Count);
        foreach (var task in state.Tasks)
        {
            if (!latest.TryGetValue(task.Type, out var known) || TaskOrder.Compare(task, known) > 0)
            {
                latest[task.Type] = task;
            }
        }

        return latest;
    }

    /// <summary>The tasks of the new state in their order, with tasks that disappeared where they usually stand.</summary>
    private static List<UpgradeTaskType> Order(
        UpgradeWorkflow after,
        Dictionary<UpgradeTaskType, UpgradeTask> earlier,
        Dictionary<UpgradeTaskType, UpgradeTask> later
    )
    {
        var order = new List<UpgradeTaskType>(later.Count);
        foreach (var node in TaskGraph.Of(after).Tasks)
        {
            if (node.Presence == TaskPresence.Shown)
            {
                order.Add(node.Type);
            }
        }

        foreach (
            var type in earlier.Keys.Where(type => !later.ContainsKey(type)).Order(Comparer<UpgradeTaskType>.Create(TaskOrder.Compare))
        )
        {
            var at = order.FindIndex(other => TaskOrder.Compare(type, other) < 0);
            order.Insert(at < 0 ? order.Count : at, type);
        }

        return order;
    }

    private static string? Lines(UpgradeWorkflow state)
    {
        var lines = state.Dependencies.Select(line => $"{line.From}→{line.To}").Distinct().Order(StringComparer.Ordinal).ToArray();
        return lines.Length == 0 ? null : string.Join(", ", lines);
    }

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static string? Text(DateTimeOffset? instant) => instant is { } known ? InstantText.Of(known) : null;
}
