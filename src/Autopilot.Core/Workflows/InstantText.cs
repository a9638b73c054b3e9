using System.Globalization;

namespace Autopilot.Core.Workflows;

/// <summary>An instant as programs read it; people read <see cref="HumanDuration.At"/>.</summary>
public static class InstantText
{
    /// <summary>RFC 3339 in UTC, with <c>Z</c> and no trailing zeros: <c>2023-11-25T06:32:34.923248Z</c>.</summary>
    public static string Of(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
