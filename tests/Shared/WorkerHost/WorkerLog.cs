namespace Autopilot.Testing;

/// <summary>A line that the worker logged to its host.</summary>
/// <param name="Level">As the protocol names it: <c>Information</c>, <c>Warning</c>, …</param>
/// <param name="EventName">Name of the event, or its number where it has none.</param>
internal sealed record WorkerLog(string Level, string Category, string EventName, string Message);
