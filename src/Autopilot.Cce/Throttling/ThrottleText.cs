using System.Globalization;
using System.Text.RegularExpressions;
using Autopilot.Core.Upstream;

namespace Autopilot.Cce.Throttling;

/// <summary>What a 429 says about how long to be quiet.</summary>
internal static partial class ThrottleText
{
    /// <summary>
    /// The window in a text such as <c>policy user over ratelimit,limit:200,time:5 minute</c>; null where none is named, or one that makes
    /// no sense.
    /// </summary>
    public static ThrottleWindow? Window(string? message)
    {
        if (
            message is null
            || Form().Match(message) is not { Success: true } match
            || !int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            || !int.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || limit < 1
            || count < 1
        )
        {
            return null;
        }

        var seconds =
            count
            * (
                match.Groups[3].Value.ToLowerInvariant() switch
                {
                    "second" => 1L,
                    "minute" => 60,
                    "hour" => 3600,
                    _ => 86400,
                }
            );
        return seconds <= 31 * 86400L ? new ThrottleWindow(limit, TimeSpan.FromSeconds(seconds)) : null;
    }

    /// <summary>The header of that name, seconds or a date; never negative, an hour at most.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var wait = response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - now : null;
        return wait is { } given ? TimeSpan.FromTicks(Math.Clamp(given.Ticks, 0, TimeSpan.TicksPerHour)) : null;
    }

    [GeneratedRegex(@"limit:\s*(\d{1,9})\s*,\s*time:\s*(\d{1,7})\s*(second|minute|hour|day)", RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
