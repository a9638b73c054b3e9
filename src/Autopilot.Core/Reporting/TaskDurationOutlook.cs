using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>How long one task took.</summary>
/// <param name="Type">The task.</param>
/// <param name="RunSeconds">Of the last attempt, the one that succeeded.</param>
public sealed record TaskDurationOutlook(UpgradeTaskType Type, OutlookTimes RunSeconds);
