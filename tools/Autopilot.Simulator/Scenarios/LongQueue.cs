namespace Autopilot.Simulator.Scenarios;

/// <summary>The cluster task is queued for longer than it then takes.</summary>
public sealed class LongQueue : Scenario
{
    /// <inheritdoc/>
    public override Timeline Timeline { get; } =
        Timeline
            .Created.Then(Minutes(4), it => it.Start("PreCheck"))
            .Then(Seconds(60.2), it => it.Succeed("PreCheck"))
            .Then(Minutes(3), it => it.Queue("Cluster"))
            .Then(Minutes(47), it => it.Run("Cluster"))
            .Then(Seconds(866.91), it => it.Succeed("Cluster"))
            .Then(Minutes(4), it => it.Start("PostCheck"))
            .Then(Seconds(37.33), it => it.Succeed("PostCheck").Complete());
}
