namespace Autopilot.Notifications.Formats;

/// <summary>Absolute addresses in an event, without keys; null for what is not known.</summary>
/// <param name="Summary">The upgrade's summary in this API.</param>
/// <param name="Timeline">The upgrade's timeline in this API.</param>
/// <param name="Console">The cloud's console, by <c>Notifications:ConsoleUrl</c>.</param>
internal sealed record EventLinks(string? Summary, string? Timeline, string? Console);
