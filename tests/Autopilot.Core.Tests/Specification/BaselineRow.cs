namespace Autopilot.Core.Tests.Specification;

/// <summary>What earlier runs of a task type took, in seconds; <paramref name="Minor"/> is none for runs of every version.</summary>
internal sealed record BaselineRow(string Type, string? Minor, int Count, double P50, double P80, double P95);
