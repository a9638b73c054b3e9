namespace Autopilot.Simulator.Scenarios;

/// <summary>An upgrade as it should be, with a backup.</summary>
public sealed class SmoothUpgrade : Scenario
{
    /// <inheritdoc/>
    public override Timeline Timeline { get; } =
        Timeline
            .Created.Then(Minutes(4), it => it.Start("PreCheck"))
            .Then(Seconds(60.925994), it => it.Succeed("PreCheck"))
            .Then(Minutes(3), it => it.Start("Snapshot"))
            .Then(Seconds(141.306207), it => it.Succeed("Snapshot"))
            .Then(Minutes(2), it => it.Start("Cluster"))
            .Then(Seconds(845.223784), it => it.Succeed("Cluster"))
            .Then(Minutes(6), it => it.Start("PostCheck"))
            .Then(Seconds(38.51204), it => it.Succeed("PostCheck").Complete());
}
