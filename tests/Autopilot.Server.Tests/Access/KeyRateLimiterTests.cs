using Autopilot.Server.Access;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Server.Tests.Access;

public sealed class KeyRateLimiterTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(50));

    [Theory]
    [InlineData(1)]
    [InlineData(59)]
    [InlineData(60)]
    [InlineData(61)]
    [InlineData(119)]
    [InlineData(120)]
    [InlineData(7_000)]
    public void A_key_makes_exactly_so_many_requests_in_every_minute(int perMinute)
    {
        var limiter = Pace(perMinute);
        for (var minute = 0; minute < 5; minute++)
        {
            Assert.Equal(perMinute, Enumerable.Range(0, perMinute + 50).Count(_ => limiter.Take(0) is null));
            _clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Theory]
    [InlineData(1, 700)]
    [InlineData(60, 130)]
    [InlineData(119, 90)]
    [InlineData(119, 1)]
    [InlineData(1_000, 7)]
    public void A_key_that_calls_without_pause_gets_its_number_in_any_minute(int perMinute, int everyMilliseconds)
    {
        var limiter = Pace(perMinute);
        var passed = new List<TimeSpan>();
        var minutes = 5;
        for (var at = TimeSpan.Zero; at < TimeSpan.FromMinutes(minutes); at += TimeSpan.FromMilliseconds(everyMilliseconds))
        {
            if (limiter.Take(0) is null)
            {
                passed.Add(at);
            }

            _clock.Advance(TimeSpan.FromMilliseconds(everyMilliseconds));
        }

        // The minute moves on by tenths of a second.
        for (var i = perMinute; i < passed.Count; i++)
        {
            Assert.True(
                passed[i] - passed[i - perMinute] > TimeSpan.FromSeconds(59.9),
                $"{perMinute + 1} requests passed within {passed[i] - passed[i - perMinute]}."
            );
        }

        Assert.InRange(passed.Count, perMinute * minutes, perMinute * minutes);
    }

    [Fact]
    public void A_caller_that_waits_for_Retry_After_is_served_and_not_much_sooner()
    {
        var limiter = Pace(3);
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(limiter.Take(0));
            _clock.Advance(TimeSpan.FromSeconds(7));
        }

        var wait = limiter.Take(0)!.Value;
        Assert.InRange(wait.TotalSeconds, 38.9, 39.1);
        _clock.Advance(wait - TimeSpan.FromSeconds(0.2));
        Assert.NotNull(limiter.Take(0));
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Null(limiter.Take(0));
        Assert.NotNull(limiter.Take(0));
    }

    [Fact]
    public void Each_key_has_its_own_number()
    {
        var limiter = Pace(2);
        Assert.Equal((null, null, null, null), (limiter.Take(0), limiter.Take(1), limiter.Take(0), limiter.Take(1)));
        Assert.NotNull(limiter.Take(0));
        Assert.NotNull(limiter.Take(1));
    }

    private KeyRateLimiter Pace(int perMinute)
    {
        var options = Options.Create(
            new ServerOptions { ApiKeys = [Running.TestKeys.Api, Running.TestKeys.OtherApi], RequestsPerMinute = perMinute }
        );
        return new KeyRateLimiter(options, new KeyRing(options), _clock);
    }
}
