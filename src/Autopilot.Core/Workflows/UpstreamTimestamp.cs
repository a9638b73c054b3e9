using System.Text;

namespace Autopilot.Core.Workflows;

/// <summary>
/// Reads every form of time that upstream is known to send. One is Go's <c>time.String()</c> with any zone name and 0–9 fraction digits:
/// <c>2023-11-25 06:32:34.923248 +0000 UTC</c>. The others are the same with a monotonic clock (<c> m=+0.01</c>), and RFC 3339. The numeric
/// offset counts and the zone name does not (<c>CST</c> is ambiguous); digits beyond 100 ns are cut, not rounded. Linear, allocates
/// nothing, never throws.
/// </summary>
internal static class UpstreamTimestamp
{
    private const int LongestKnown = 128;
    private const int LongestOffsetMinutes = 14 * 60;

    /// <summary>
    /// False when the text is no time, or one before 2015. True with null for what means "none": only white space, Go's zero time or Unix
    /// time 0, in any zone.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset? instant)
    {
        instant = null;
        text = text.Trim();
        if (text.Length > LongestKnown)
        {
            return false;
        }

        Span<byte> ascii = stackalloc byte[LongestKnown];
        return Encoding.ASCII.TryGetBytes(text, ascii, out var written) && TryParse(ascii[..written], out instant);
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out DateTimeOffset?)"/>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out DateTimeOffset? instant)
    {
        instant = null;
        var text = utf8.Trim(" \t\r\n"u8);
        if (text.IsEmpty)
        {
            return true;
        }

        text = WithoutMonotonicReading(text);
        if (
            text.Length < 19
            || text[4] != '-'
            || text[7] != '-'
            || text[10] is not ((byte)' ' or (byte)'T' or (byte)'t')
            || text[13] != ':'
            || text[16] != ':'
            || !Digits(text[..4], out var year)
            || !Digits(text[5..7], out var month)
            || !Digits(text[8..10], out var day)
            || !Digits(text[11..13], out var hour)
            || !Digits(text[14..16], out var minute)
            || !Digits(text[17..19], out var second)
        )
        {
            return false;
        }

        var rest = text[19..];
        if (!TakeFraction(ref rest, out var fractionTicks) || !TakeOffset(ref rest, out var offsetMinutes) || !IsZoneWordOrNothing(rest))
        {
            return false;
        }

        if (month is < 1 or > 12 || day < 1 || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        // West of Greenwich Go's zero time falls into the last day of the year 0.
        var isYearZero = year == 0 && month == 12 && day == 31;
        if (!isYearZero && (year < 1 || day > DateTime.DaysInMonth(year, month)))
        {
            return false;
        }

        var date = isYearZero ? -TimeSpan.TicksPerDay : new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks;
        return TryInstant(
            date + new TimeSpan(hour, minute, second).Ticks + fractionTicks - (offsetMinutes * TimeSpan.TicksPerMinute),
            out instant
        );
    }

    /// <summary>A zero value means none; any other time before 2015 is none of an upgrade's.</summary>
    private static bool TryInstant(long ticks, out DateTimeOffset? instant)
    {
        // Local mean times have seconds, which the offset is written without.
        var isZero = ticks == DateTimeOffset.UnixEpoch.Ticks || Math.Abs(ticks) < TimeSpan.TicksPerMinute;
        var isTime = ticks >= Clocks.Earliest.Ticks && ticks <= DateTimeOffset.MaxValue.Ticks;
        instant = isTime ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        return isTime || isZero;
    }

    private static ReadOnlySpan<byte> WithoutMonotonicReading(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOf(" m="u8);
        return at >= 0 && at + 3 < text.Length && text[at + 3] is (byte)'+' or (byte)'-' ? text[..at].TrimEnd(" \t"u8) : text;
    }

    private static bool TakeFraction(ref ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        if (rest.IsEmpty || rest[0] != '.')
        {
            return true;
        }

        var digits = 1;
        for (; digits < rest.Length && rest[digits] is >= (byte)'0' and <= (byte)'9'; digits++)
        {
            if (digits <= 7)
            {
                ticks = (ticks * 10) + (rest[digits] - '0');
            }
        }

        for (var missing = digits; missing <= 7; missing++)
        {
            ticks *= 10;
        }

        rest = rest[digits..];
        return digits is > 1 and <= 10;
    }

    private static bool TakeOffset(ref ReadOnlySpan<byte> rest, out int minutes)
    {
        minutes = 0;
        rest = rest.TrimStart(" \t"u8);
        if (rest.IsEmpty)
        {
            return false;
        }

        if (rest[0] is (byte)'Z' or (byte)'z')
        {
            rest = rest[1..];
            return true;
        }

        if (rest[0] is not ((byte)'+' or (byte)'-') || rest.Length < 5)
        {
            return false;
        }

        var minutesAt = rest[3] == ':' ? 4 : 3;
        if (
            rest.Length < minutesAt + 2
            || !Digits(rest[1..3], out var hours)
            || !Digits(rest.Slice(minutesAt, 2), out var rest60)
            || rest60 > 59
        )
        {
            return false;
        }

        minutes = (hours * 60) + rest60;
        if (minutes > LongestOffsetMinutes)
        {
            return false;
        }

        minutes = rest[0] == '-' ? -minutes : minutes;
        rest = rest[(minutesAt + 2)..];
        return true;
    }

    private static bool IsZoneWordOrNothing(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            return true;
        }

        var word = rest.TrimStart(" \t"u8);
        return word.Length < rest.Length && word.IndexOfAny(" \t"u8) < 0;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        return true;
    }
}
