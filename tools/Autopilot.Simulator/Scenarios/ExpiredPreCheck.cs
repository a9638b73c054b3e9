namespace Autopilot.Simulator.Scenarios;

/// <summary>The pre-check succeeds and is not used for an hour. It expires and must be run again under a new id.</summary>
public sealed class ExpiredPreCheck : Scenario
{
    /// <inheritdoc/>
    public override Timeline Timeline { get; } =
        Timeline
            .Created.Then(Minutes(5), it => it.Start("PreCheck"))
            .Then(Seconds(58.004113), it => it.Succeed("PreCheck"))
            .Then(Minutes(95), it => it.Start("PreCheck"))
            .Then(Seconds(61.8), it => it.Succeed("PreCheck"))
            .Then(Minutes(2), it => it.Start("Cluster"))
            .Then(Seconds(777.120345), it => it.Succeed("Cluster"))
            .Then(Minutes(5), it => it.Start("PostCheck"))
            .Then(Seconds(40), it => it.Succeed("PostCheck").Complete());
}
