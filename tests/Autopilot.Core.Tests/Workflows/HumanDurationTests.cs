using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Workflows;

public sealed class HumanDurationTests
{
    [Theory]
    [InlineData("00:00:00", "0 s")]
    [InlineData("-00:00:05", "0 s")]
    [InlineData("00:00:00.9999999", "0 s")]
    [InlineData("00:00:59.9", "59 s")]
    [InlineData("00:01:00", "1 min")]
    [InlineData("00:09:05.223784", "9 min 5 s")]
    [InlineData("00:59:59.9", "59 min 59 s")]
    [InlineData("01:00:00", "1 h")]
    [InlineData("02:10:59", "2 h 10 min")]
    [InlineData("23:59:59", "23 h 59 min")]
    [InlineData("1.00:00:00", "1 day")]
    [InlineData("1.04:30:00", "1 day 4 h")]
    [InlineData("2.00:59:00", "2 days")]
    [InlineData("2.23:00:00", "2 days 23 h")]
    [InlineData("3.00:00:00", "3 days")]
    [InlineData("400.23:00:00", "400 days")]
    public void A_duration_reads_as_people_say_it(string duration, string words) =>
        Assert.Equal(words, HumanDuration.Of(TimeSpan.Parse(duration, null)));

    [Fact]
    public void A_time_is_written_in_utc_to_the_minute() =>
        Assert.Equal("2023-11-25 07:58 UTC", HumanDuration.At(new DateTimeOffset(2023, 11, 25, 15, 58, 35, TimeSpan.FromHours(8))));
}
