namespace Autopilot.Simulator.Scenarios;

/// <summary>The pre-check fails, and a person cancels the upgrade.</summary>
public sealed class Cancelled : Scenario
{
    /// <inheritdoc/>
    public override Timeline Timeline { get; } =
        Timeline
            .Created.Then(Minutes(4), it => it.Start("PreCheck"))
            .Then(Seconds(77.7), it => it.Fail("PreCheck", "The pre-upgrade check failed: 2 items did not pass.", CheckItems.Failed))
            .Then(Minutes(25), it => it.Cancel());
}
