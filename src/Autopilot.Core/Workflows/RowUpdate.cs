namespace Autopilot.Core.Workflows;

/// <summary>What a row becomes with a new state: the one place where what was known before and what is shown now come together.</summary>
internal static class RowUpdate
{
    /// <summary>
    /// The row after the state it holds was observed once more. An earlier version may have stored that without what it did not read, such
    /// as which lines are critical: that is added.
    /// </summary>
    public static TrackedWorkflow Unchanged(
        TrackedWorkflow before,
        UpgradeWorkflow state,
        DateTimeOffset observedAt,
        TimeSpan pollInterval
    ) =>
        before with
        {
            State =
                before.State is not { } known || known.Dependencies.SequenceEqual(state.Dependencies)
                    ? before.State
                    : known with
                    {
                        Dependencies = state.Dependencies,
                    },
            Gaps = ObservationGap.After(before.Gaps, before.ObservedAt, observedAt, pollInterval),
            ObservedAt = observedAt,
        };

    /// <summary>
    /// The row after <paramref name="state"/> was observed at <paramref name="observedAt"/>; how it ended, and the state's hash, are the
    /// caller's.
    /// </summary>
    public static TrackedWorkflow Next(TrackedWorkflow before, UpgradeWorkflow state, DateTimeOffset observedAt, TimeSpan pollInterval)
    {
        var runs = TaskAttempts.Observe(before.Runs, state, observedAt, before.ObservedAt);
        return before with
        {
            Sequence = before.Sequence + 1,
            State = MissingTask.Of(before.State, state) is { } missing ? state with { Missing = missing } : state,
            Runs = runs,
            TaskFailures = TaskFailures.Prune(before.TaskFailures, runs),
            Progress = RunProgresses.Prune(before.Progress, runs),
            Gaps = ObservationGap.After(before.Gaps, before.ObservedAt, observedAt, pollInterval),
            FirstObservedAt = before.State is null ? observedAt : before.FirstObservedAt,
            PhaseSince = before.State?.Phase == state.Phase ? before.PhaseSince : observedAt,
            LastChangedAt = observedAt,
            ObservedAt = observedAt,
        };
    }
}
