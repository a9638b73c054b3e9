namespace Autopilot.Core.Reporting;

/// <summary>One item that the pre-check failed on.</summary>
/// <param name="Name">The item, by upstream's name.</param>
/// <param name="Runs">Upgrades in which it failed at least once.</param>
/// <param name="Rate">Of the section's upgrades, 0 to 1.</param>
/// <param name="Failures">Failed pre-checks that named it, all together.</param>
public sealed record PreCheckItemOutlook(string Name, int Runs, double Rate, int Failures);
