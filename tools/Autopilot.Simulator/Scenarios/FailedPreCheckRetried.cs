namespace Autopilot.Simulator.Scenarios;

/// <summary>
/// The pre-check fails with named items; a person repairs them and checks again, which makes a new task; the rest succeeds.
/// </summary>
public sealed class FailedPreCheckRetried : Scenario
{
    /// <inheritdoc/>
    public override Timeline Timeline { get; } =
        Timeline
            .Created.Then(Minutes(3), it => it.Start("PreCheck"))
            .Then(Seconds(72.481902), it => it.Fail("PreCheck", "The pre-upgrade check failed: 2 items did not pass.", CheckItems.Failed))
            .Then(Minutes(14), it => it.Start("PreCheck"))
            .Then(Seconds(63.118471), it => it.Succeed("PreCheck"))
            .Then(Minutes(3), it => it.Start("Cluster"))
            .Then(Seconds(912.770351), it => it.Succeed("Cluster"))
            .Then(Minutes(4), it => it.Start("PostCheck"))
            .Then(Seconds(41.209), it => it.Succeed("PostCheck").Complete());
}
