using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>How often one task had to be run again.</summary>
/// <param name="Type">The task.</param>
/// <param name="Runs">Upgrades in which the task ran.</param>
/// <param name="SecondAttempts">Those of them in which it ran more than once.</param>
/// <param name="SecondAttemptRate">The one of the other, 0 to 1.</param>
public sealed record TaskAttemptOutlook(UpgradeTaskType Type, int Runs, int SecondAttempts, double SecondAttemptRate);
