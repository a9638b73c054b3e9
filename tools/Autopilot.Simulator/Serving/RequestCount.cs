namespace Autopilot.Simulator.Serving;

/// <summary>Requests of one kind.</summary>
public sealed record RequestCount(string Method, string Path, int Status, int Count);
