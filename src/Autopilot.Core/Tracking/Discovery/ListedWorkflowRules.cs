using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking.Discovery;

/// <summary>One entry of a cluster's list, evaluated: pure functions of the entry and the time.</summary>
internal static class ListedWorkflowRules
{
    /// <summary>
    /// The workflows of a cluster's list that have an id, belong to that cluster and can be read. Active ones come first, of each kind the
    /// newest first, so that what matters most is stored first.
    /// </summary>
    public static IReadOnlyList<(string Id, WorkflowObservation Observation)> Usable(
        string clusterId,
        IEnumerable<WorkflowObservation> listed
    )
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var usable = new List<(string Id, WorkflowObservation Observation)>();
        foreach (var observation in listed)
        {
            if (
                ResourceId.TryNormalize(observation.State.Id, out var id)
                && IsOf(clusterId, observation.State)
                && !IsEmpty(observation.State)
                && known.Add(id)
            )
            {
                usable.Add((id, observation));
            }
        }

        return
        [
            .. usable
                .OrderBy(found => HasEnded(found.Observation))
                .ThenByDescending(found => found.Observation.State.CreatedAt)
                .ThenBy(found => found.Id, StringComparer.Ordinal),
        ];
    }

    public static bool HasEnded(WorkflowObservation observation) => observation.State.Phase.IsTerminal;

    /// <summary>The row and the one state of a workflow that had ended when it was first seen.</summary>
    public static WorkflowWrite Ended(
        WorkflowTarget target,
        string? clusterName,
        WorkflowObservation observation,
        Baseline baseline,
        DateTimeOffset now
    )
    {
        var before = new TrackedWorkflow
        {
            Target = target,
            ClusterName = clusterName,
            TrackedAt = now,
            NextPollAt = now,
            SeenLive = false,
        };
        var write = ObservedWorkflow.Answered(before, observation, baseline, now, TimeSpan.Zero);
        return write with { After = write.After with { EndedAt = EndOf(observation.State, now) } };
    }

    /// <summary>
    /// The last thing that is known to have happened: the latest end of a task, else the latest start, else the creation. When it was first
    /// seen says nothing about when it ended.
    /// </summary>
    private static DateTimeOffset EndOf(UpgradeWorkflow state, DateTimeOffset now)
    {
        var end = state.Tasks.Max(task => task.EndedAt) ?? state.Tasks.Max(task => task.StartedAt) ?? state.CreatedAt ?? now;
        return end < now ? end : now;
    }

    private static bool IsOf(string clusterId, UpgradeWorkflow state) =>
        state.ClusterId?.Equals(clusterId, StringComparison.OrdinalIgnoreCase) ?? true;

    private static bool IsEmpty(UpgradeWorkflow state) => state.Phase.Value is null or "" && state.Tasks.Count == 0;
}
