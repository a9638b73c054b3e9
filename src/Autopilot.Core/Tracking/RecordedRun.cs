using Autopilot.Core.Reporting;

namespace Autopilot.Core.Tracking;

/// <summary>The stored run of a workflow.</summary>
/// <param name="EndedAt">The end by which it is stored, exactly.</param>
/// <param name="Content">Null where the run cannot be read.</param>
public sealed record RecordedRun(DateTimeOffset EndedAt, FinishedUpgrade? Content);
