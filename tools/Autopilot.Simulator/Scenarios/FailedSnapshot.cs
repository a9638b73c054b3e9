namespace Autopilot.Simulator.Scenarios;

/// <summary>The snapshot fails, and upstream says why in the list of backups alone; the upgrade goes on without it.</summary>
public sealed class FailedSnapshot : Scenario
{
    /// <inheritdoc/>
    public override Timeline Timeline { get; } =
        Timeline
            .Created.Then(Minutes(3), it => it.Start("PreCheck"))
            .Then(Seconds(61.5), it => it.Succeed("PreCheck"))
            .Then(Minutes(2), it => it.Start("Snapshot"))
            .Then(Seconds(94.25), it => it.Fail("Snapshot", "The disk of a control node could not be backed up."))
            .Then(Minutes(12), it => it.Start("Cluster"))
            .Then(Seconds(880.5), it => it.Succeed("Cluster"))
            .Then(Minutes(4), it => it.Start("PostCheck"))
            .Then(Seconds(40.2), it => it.Succeed("PostCheck").Complete());
}
