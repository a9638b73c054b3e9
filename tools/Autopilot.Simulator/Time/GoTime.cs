using System.Globalization;

namespace Autopilot.Simulator.Time;

/// <summary>Times as upstream writes them: Go's <c>time.Time.String()</c>, microseconds, trailing zeros trimmed.</summary>
internal static class GoTime
{
    public static string Format(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture) + " +0000 UTC";
}
