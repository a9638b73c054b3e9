namespace Autopilot.Cce.Probing;

/// <summary>One line of the check.</summary>
/// <param name="Message">A sentence that carries no secret and says what to do.</param>
public sealed record CceProbeResult(CceProbeStep Step, CceProbeOutcome Outcome, string Message);
