namespace Autopilot.Simulator.Scenarios;

/// <summary>The cluster task fails, and so does the rollback that follows it.</summary>
public sealed class FailedRollback : Scenario
{
    /// <inheritdoc/>
    public override Timeline Timeline { get; } =
        Timeline
            .Created.Then(Minutes(3), it => it.Start("PreCheck"))
            .Then(Seconds(61.5), it => it.Succeed("PreCheck"))
            .Then(Minutes(2), it => it.Start("Cluster"))
            .Then(Seconds(702.012), it => it.Fail("Cluster", "Failed to upgrade the control plane."))
            .Then(Minutes(18), it => it.Start("Rollback"))
            .Then(Seconds(423.55), it => it.Fail("Rollback", "The backup could not be restored on node 2."));
}
