using Autopilot.Core.Reporting;

namespace Autopilot.Formats.Reports;

/// <summary>The place of a group.</summary>
/// <param name="Key">Its whole name.</param>
/// <param name="Label">What stands below it.</param>
/// <param name="Year">Of time: what stands below that where it is another than before.</param>
/// <param name="Group">Null where there were no upgrades.</param>
internal sealed record GroupSlot(string Key, string Label, string? Year, ReportGroup? Group)
{
    /// <summary>Of time: its number within its year, from 0.</summary>
    public int Ordinal { get; init; }
}
