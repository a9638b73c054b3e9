namespace Autopilot.Api.Polling;

/// <summary>The limit that upstream's gateway named.</summary>
/// <param name="Limit">Requests that the gateway allows in a window.</param>
/// <param name="WindowSeconds">Length of the window, in seconds.</param>
internal sealed record ThrottleResponse(int Limit, double WindowSeconds);
