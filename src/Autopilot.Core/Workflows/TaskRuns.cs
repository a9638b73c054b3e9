namespace Autopilot.Core.Workflows;

/// <summary>Keeps the attempts of every task, state by state.</summary>
public static class TaskRuns
{
    /// <summary>Attempts kept per workflow, the newest.</summary>
    public const int MaxKept = 100;

    /// <summary>The attempts after <paramref name="state"/> was observed at <paramref name="observedAt"/>, given those known before.</summary>
    public static IReadOnlyList<TaskRun> Observe(IReadOnlyList<TaskRun> known, UpgradeWorkflow state, DateTimeOffset observedAt, DateTimeOffset? previouslyObservedAt = null) => throw new NotImplementedException();
}
