using Autopilot.Core.Notifications;

namespace Autopilot.Core.Tests.Notifications;

public sealed class RetryBackoffTests
{
    [Theory]
    [InlineData(1, 1, 10)]
    [InlineData(2, 1, 20)]
    [InlineData(2, 0, 10)]
    [InlineData(8, 1, 1280)]
    [InlineData(9, 1, 1800)]
    [InlineData(1000, 1, 1800)]
    [InlineData(1000, 0, 900)]
    public void Pauses_double_up_to_half_an_hour_and_jitter_halves_them_at_most(int failures, double random, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryBackoff.After(failures, random, null));

    [Fact]
    public void What_the_receiver_asks_for_is_heard_within_bounds()
    {
        Assert.Equal(TimeSpan.FromMinutes(2), RetryBackoff.After(1, 1, TimeSpan.FromMinutes(2)));
        Assert.Equal(RetryBackoff.Longest, RetryBackoff.After(1, 1, TimeSpan.FromDays(2)));
        Assert.Equal(TimeSpan.FromSeconds(10), RetryBackoff.After(1, 1, TimeSpan.FromSeconds(1)));
    }
}
