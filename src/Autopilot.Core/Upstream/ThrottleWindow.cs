namespace Autopilot.Core.Upstream;

/// <summary>A limit that the gateway named: at most <paramref name="Limit"/> requests in <paramref name="Window"/>.</summary>
public sealed record ThrottleWindow(int Limit, TimeSpan Window);
