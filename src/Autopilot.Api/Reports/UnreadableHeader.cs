using System.Globalization;

namespace Autopilot.Api.Reports;

/// <summary>The header of a report as CSV: how many stored rows cannot be read and are left out. Absent where there are none.</summary>
internal static class UnreadableHeader
{
    public const string Name = "Autopilot-Unreadable";

    public static string ValueOf(int rows) => rows.ToString(CultureInfo.InvariantCulture);
}
