namespace Autopilot.Core.Reporting;

/// <summary>What half and what four of five did not exceed, by nearest rank: values that occurred.</summary>
/// <param name="Runs">Upgrades that have the figure.</param>
/// <param name="P50">Seconds.</param>
/// <param name="P80">Seconds.</param>
public sealed record OutlookTimes(int Runs, double P50, double P80);
