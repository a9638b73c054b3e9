namespace Autopilot.Api.Polling;

/// <summary>The limit that upstream's gateway named.</summary>
internal sealed record ThrottleResponse(int Limit, double WindowSeconds);
