namespace Autopilot.Core.Workflows;

/// <summary>Names what differs between two neighbouring states.</summary>
public static class StateChanges
{
    /// <summary>The differences, in execution order; never empty for states with different hashes (then at least <c>other</c>).</summary>
    public static IReadOnlyList<StateChange> Between(UpgradeWorkflow? before, UpgradeWorkflow after) => throw new NotImplementedException();
}
