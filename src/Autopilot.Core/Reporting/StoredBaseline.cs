using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>A baseline as it is stored.</summary>
/// <param name="Baseline">What is normal.</param>
/// <param name="ComputedAt">When its runs were read.</param>
public sealed record StoredBaseline(Baseline Baseline, DateTimeOffset ComputedAt);
