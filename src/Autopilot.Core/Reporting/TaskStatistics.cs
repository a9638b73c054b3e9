using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>One kind of task.</summary>
/// <param name="Type">The task.</param>
/// <param name="Runs">Attempts, all together.</param>
/// <param name="Failures">Those of them that failed.</param>
/// <param name="RunSeconds">Of the last attempt of each workflow, however it ended.</param>
/// <param name="WaitSeconds">From when it could have started to its first start.</param>
public sealed record TaskStatistics(UpgradeTaskType Type, int Runs, int Failures, Percentiles? RunSeconds, Percentiles? WaitSeconds);
