namespace Autopilot.Simulator.Scenarios;

/// <summary>The cluster task fails and is retried under the same id, with a later start; the second run succeeds.</summary>
public sealed class FailedClusterRetried : Scenario
{
    /// <inheritdoc/>
    public override Timeline Timeline { get; } =
        Timeline
            .Created.Then(Minutes(5), it => it.Start("PreCheck"))
            .Then(Seconds(60.925994), it => it.Succeed("PreCheck"))
            .Then(Minutes(8), it => it.Start("Cluster"))
            .Then(Seconds(545.223784), it => it.Fail("Cluster", "Failed to upgrade the control plane."))
            .Then(Minutes(22), it => it.Retry("Cluster"))
            .Then(Seconds(803.66817), it => it.Succeed("Cluster"))
            .Then(Minutes(3), it => it.Start("PostCheck"))
            .Then(Seconds(36.75), it => it.Succeed("PostCheck").Complete());
}
