namespace Autopilot.Core.Reporting;

/// <summary>
/// Median (P50) and 80th percentile (P80): what half and four of five did not exceed, by nearest rank, so values that occurred.
/// </summary>
/// <param name="Runs">Upgrades that have the figure.</param>
/// <param name="P50">Median, in seconds.</param>
/// <param name="P80">80th percentile, in seconds.</param>
public sealed record OutlookTimes(int Runs, double P50, double P80);
