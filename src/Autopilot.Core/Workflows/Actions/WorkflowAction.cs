namespace Autopilot.Core.Workflows.Actions;

/// <summary>Whether one action is possible now, on what this rests, and whether it is advised.</summary>
public sealed record WorkflowAction
{
    /// <summary>The action.</summary>
    public required UpgradeAction Action { get; init; }

    /// <summary>Whether upstream allows it now.</summary>
    public required ActionAllowed Allowed { get; init; }

    /// <summary>What that rests on; left out where nothing is documented.</summary>
    public ActionBasis? Basis { get; init; }

    /// <summary>Why it is allowed, refused or unknown: one sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>Who acts.</summary>
    public required ActionActor By { get; init; }

    /// <summary>Whether headline and remediation say it. Only an action that is allowed is advised.</summary>
    public required bool Advised { get; init; }

    /// <summary>
    /// True where upstream allows it and documents nothing about what follows, as of a cancel after the cluster stage has started: never
    /// advised, and left out of the forms for people. Left out otherwise.
    /// </summary>
    public bool? Caution { get; init; }
}
