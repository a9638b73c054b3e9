namespace Autopilot.Simulator.Serving;

/// <summary>One answer that showed a state.</summary>
/// <param name="At">When it was made, on the simulator's clock.</param>
/// <param name="ByToken">Whether the request came with a token of IAM; else it was signed.</param>
/// <param name="Delivered">Whether it was sent to its end, as far as the connection shows.</param>
public sealed record ServedResponse(DateTimeOffset At, bool ByToken, bool Delivered);
