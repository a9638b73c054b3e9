namespace Autopilot.Simulator.Scenarios;

/// <summary>The cluster task fails, support rolls it back, and a person closes the workflow.</summary>
public sealed class RolledBack : Scenario
{
    /// <inheritdoc/>
    public override Timeline Timeline { get; } =
        Timeline
            .Created.Then(Minutes(5), it => it.Start("PreCheck"))
            .Then(Seconds(59.31), it => it.Succeed("PreCheck"))
            .Then(Minutes(3), it => it.Start("Snapshot"))
            .Then(Seconds(128.9), it => it.Succeed("Snapshot"))
            .Then(Minutes(2), it => it.Start("Cluster"))
            .Then(Seconds(702.012), it => it.Fail("Cluster", "Failed to upgrade the control plane."))
            .Then(Minutes(18), it => it.Start("Rollback"))
            .Then(Seconds(423.55), it => it.Succeed("Rollback").LeavePending())
            .Then(Minutes(45), it => it.Cancel());
}
