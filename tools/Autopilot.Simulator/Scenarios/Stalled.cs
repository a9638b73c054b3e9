namespace Autopilot.Simulator.Scenarios;

/// <summary>The cluster task starts and never ends.</summary>
public sealed class Stalled : Scenario
{
    /// <inheritdoc/>
    public override Timeline Timeline { get; } =
        Timeline
            .Created.Then(Minutes(4), it => it.Start("PreCheck"))
            .Then(Seconds(66.6), it => it.Succeed("PreCheck"))
            .Then(Minutes(5), it => it.Start("Cluster"));
}
