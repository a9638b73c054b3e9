namespace Autopilot.Core.Tracking.FanOut;

/// <summary>What one dispatch did. <c>Sent + Empty + Failed = 16</c>.</summary>
/// <param name="Errors">What went wrong, in a sentence each.</param>
public sealed record DispatchResult(int Sent, int Empty, int Failed, double DurationSeconds, IReadOnlyList<string> Errors);
