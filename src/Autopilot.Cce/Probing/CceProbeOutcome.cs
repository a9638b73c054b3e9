namespace Autopilot.Cce.Probing;

/// <summary>How a step went.</summary>
public enum CceProbeOutcome
{
    Passed,
    Failed,

    /// <summary>It could not be found out; the message says why.</summary>
    NotTried,

    /// <summary>It works, and something about it is probably not meant so.</summary>
    Doubtful,
}
