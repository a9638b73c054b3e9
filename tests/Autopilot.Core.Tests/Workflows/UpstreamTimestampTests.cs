using Autopilot.Core.Workflows;
using CsCheck;

namespace Autopilot.Core.Tests.Workflows;

public sealed class UpstreamTimestampTests
{
    [Theory]
    [InlineData("2023-11-25 06:32:34.923248 +0000 UTC", "2023-11-25T06:32:34.9232480")]
    [InlineData("2022-12-16 13:40:20.75671 +0800 CST", "2022-12-16T05:40:20.7567100")]
    [InlineData("2022-12-16 13:40:45.78542824 +0000 UTC", "2022-12-16T13:40:45.7854282")]
    [InlineData("2022-12-16 13:40:45.965500819 +0000 UTC", "2022-12-16T13:40:45.9655008")]
    [InlineData("2022-12-16 13:40:45.999999999 +0000 UTC", "2022-12-16T13:40:45.9999999")]
    [InlineData("2022-12-16 13:40:45.9 +0000 UTC", "2022-12-16T13:40:45.9000000")]
    [InlineData("2020-09-20 00:00:00 +0000 +0000", "2020-09-20T00:00:00.0000000")]
    [InlineData("2020-09-20 00:00:00 -0330 -0330", "2020-09-20T03:30:00.0000000")]
    [InlineData("2020-09-20 00:00:00 +0000", "2020-09-20T00:00:00.0000000")]
    [InlineData("2019-04-03T03:25:34Z", "2019-04-03T03:25:34.0000000")]
    [InlineData("2025-08-05T17:10:44.648388+08:00", "2025-08-05T09:10:44.6483880")]
    [InlineData("2023-06-28T08:56:33.710000Z", "2023-06-28T08:56:33.7100000")]
    [InlineData(" 2020-02-20T21:11:09Z", "2020-02-20T21:11:09.0000000")]
    [InlineData("2020-02-20T21:11:09Z \t", "2020-02-20T21:11:09.0000000")]
    [InlineData("2023-11-25 06:32:34.923248 +0000 UTC m=+0.000012345", "2023-11-25T06:32:34.9232480")]
    [InlineData("2023-11-25 06:32:34.923248 +0000 UTC m=-12.5", "2023-11-25T06:32:34.9232480")]
    [InlineData("2024-02-29 23:59:59 -1400 X", "2024-03-01T13:59:59.0000000")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999")]
    [InlineData("2015-01-01 08:00:00 +0800 CST", "2015-01-01T00:00:00.0000000")]
    public void Every_form_upstream_is_known_to_send_gives_its_instant(string text, string expected)
    {
        Assert.True(UpstreamTimestamp.TryParse(text, out var instant));
        Assert.Equal(expected, instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", null));
        Assert.Equal(TimeSpan.Zero, instant!.Value.Offset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u00a0")]
    [InlineData("0001-01-01 00:00:00 +0000 UTC")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("0001-01-01 08:05:43 +0805 LMT")]
    [InlineData("0000-12-31 19:03:58 -0456 LMT")]
    [InlineData("1970-01-01 00:00:00 +0000 UTC")]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("1970-01-01 08:00:00 +0800 CST")]
    [InlineData("1969-12-31 19:00:00 -0500 EST")]
    public void Nothing_and_the_zero_time_mean_none(string text)
    {
        Assert.True(UpstreamTimestamp.TryParse(text, out var instant));
        Assert.Null(instant);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2023-13-25 06:32:34 +0000 UTC")]
    [InlineData("2023-00-25 06:32:34 +0000 UTC")]
    [InlineData("2023-02-29 06:32:34 +0000 UTC")]
    [InlineData("2023-11-00 06:32:34 +0000 UTC")]
    [InlineData("2023-11-25 24:00:00 +0000 UTC")]
    [InlineData("2023-11-25 06:60:34 +0000 UTC")]
    [InlineData("2023-11-25 06:32:60 +0000 UTC")]
    [InlineData("2023-11-25 06:32:34 +1401 UTC")]
    [InlineData("2023-11-25 06:32:34 +0060 UTC")]
    [InlineData("2023-11-25 06:32:34 +08 UTC")]
    [InlineData("2023-11-25 06:32:34 +08:0")]
    [InlineData("2023-11-25 06:32:34 UTC")]
    [InlineData("2023-11-25 06:32:34")]
    [InlineData("2023-11-25 06:32:34. +0000 UTC")]
    [InlineData("2023-11-25 06:32:34.1234567890 +0000 UTC")]
    [InlineData("2023-11-25 06:32:34 +0000 UTC and more")]
    [InlineData("2023-11-25 06:32:34 +0000UTC")]
    [InlineData("2023-11-25_06:32:34 +0000 UTC")]
    [InlineData("2023/11/25 06:32:34 +0000 UTC")]
    [InlineData("2023-11-25 06:32:34 +0000 UTC m=now")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("２０２３-11-25 06:32:34 +0000 UTC")]
    [InlineData("1700000000")]
    [InlineData("2014-12-31 23:59:59.9999999 +0000 UTC")]
    [InlineData("2015-01-01 07:59:59 +0800 CST")]
    [InlineData("1970-01-01 00:00:01 +0000 UTC")]
    [InlineData("0001-06-01 00:00:00 +0000 UTC")]
    [InlineData("0000-06-01 00:00:00 +0000 UTC")]
    public void What_is_no_time_is_refused_and_not_guessed(string text)
    {
        Assert.False(UpstreamTimestamp.TryParse(text, out var instant));
        Assert.Null(instant);
    }

    [Fact]
    public void A_text_longer_than_any_time_is_refused() =>
        Assert.False(UpstreamTimestamp.TryParse("2023-11-25 06:32:34 +0000 UTC" + new string('x', 200), out _));

    [Fact]
    public void Any_text_at_all_is_either_a_time_in_utc_or_none() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["0123456789-: +.TZmU=\u0661"], 0, 40])
            .Sample(text =>
                !(UpstreamTimestamp.TryParse(text, out var instant) && instant is { } time)
                || (time.Offset == TimeSpan.Zero && time.Year >= 1)
            );

    [Fact]
    public void What_go_prints_comes_back_to_the_tick()
    {
        var instants = Gen.Long[new DateTime(2015, 1, 1).Ticks, new DateTime(9999, 12, 30).Ticks];
        Gen.Select(instants, Gen.Int[-14 * 60, 14 * 60])
            .Sample(
                (ticks, minutes) =>
                {
                    var local = new DateTimeOffset(ticks, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(minutes));
                    var zone = $"{(minutes < 0 ? '-' : '+')}{Math.Abs(minutes) / 60:00}{Math.Abs(minutes) % 60:00}";
                    var fraction = local.ToString(".FFFFFFF", null);
                    var text = $"{local.ToString("yyyy-MM-dd HH:mm:ss", null)}{(fraction == "." ? "" : fraction)} {zone} {zone}";
                    return UpstreamTimestamp.TryParse(text, out var back) && back?.Ticks == ticks;
                }
            );
    }
}
