namespace Autopilot.Simulator.Scenarios;

/// <summary>A scenario as a script: what changes, and how long after the change before it. Immutable.</summary>
public sealed class Timeline
{
    private Timeline(IReadOnlyList<Step> steps) => Steps = steps;

    /// <summary>The steps in their order. The state at creation is not among them.</summary>
    public IReadOnlyList<Step> Steps { get; }

    /// <summary>A workflow that was created and nothing else.</summary>
    public static Timeline Created { get; } = new([]);

    /// <summary>This script, then a change <paramref name="after"/> the one before it. Every change must show in the document.</summary>
    public Timeline Then(TimeSpan after, Action<Change> change) => new([.. Steps, new Step(after, change)]);

    /// <summary>One step.</summary>
    /// <param name="After">Since the step before it, at pace 1.</param>
    public sealed record Step(TimeSpan After, Action<Change> Apply);
}
