namespace Autopilot.Simulator.Scenarios;

/// <summary>The upgrade itself is done; for hours no person confirms it.</summary>
public sealed class AwaitingConfirmation : Scenario
{
    /// <inheritdoc/>
    public override Timeline Timeline { get; } =
        Timeline
            .Created.Then(Minutes(6), it => it.Start("PreCheck"))
            .Then(Seconds(64.2), it => it.Succeed("PreCheck"))
            .Then(Minutes(4), it => it.Start("Cluster"))
            .Then(Seconds(871.443), it => it.Succeed("Cluster"))
            .Then(Hours(7), it => it.Start("PostCheck"))
            .Then(Seconds(39.1), it => it.Succeed("PostCheck").Complete());
}
