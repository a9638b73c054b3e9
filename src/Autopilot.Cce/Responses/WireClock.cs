namespace Autopilot.Cce.Responses;

/// <summary>
/// The clock of the wire: a stopwatch on real sockets runs in real time, also where the domain's clock is made to run fast.
/// </summary>
internal sealed record WireClock(TimeProvider Clock);
