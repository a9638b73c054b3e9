using Autopilot.Cce.Throttling;
using Autopilot.Core.Upstream;
using CsCheck;

namespace Autopilot.Cce.Tests.Throttling;

public sealed class TokenBucketTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Permits of a caller that asks at the given intervals, never before its last permit.</summary>
    private static List<DateTimeOffset> Permits(ThrottleWindow window, bool spent, IEnumerable<double> distances)
    {
        var bucket = new TokenBucket(window, Start, spent);
        var (now, permits) = (Start, new List<DateTimeOffset>());
        foreach (var distance in distances)
        {
            now += TimeSpan.FromSeconds(distance);
            var permit = bucket.NextPermit(now);
            bucket.Take(permit);
            permits.Add(permit);
        }

        return permits;
    }

    [Fact]
    public void No_window_has_more_permits_than_its_limit() =>
        Gen.Select(
                Gen.Int[1, 300],
                Gen.Int[1, 600],
                Gen.Bool,
                Gen.OneOf(Gen.Const(0d), Gen.Double[0, 0.5], Gen.Double[0, 60]).Array[1, 800]
            )
            .Sample(
                (limit, seconds, spent, distances) =>
                {
                    var window = new ThrottleWindow(limit, TimeSpan.FromSeconds(seconds));
                    var permits = Permits(window, spent, distances);
                    for (var i = 0; i + limit < permits.Count; i++)
                    {
                        Assert.True(
                            permits[i + limit] - permits[i] >= window.Window,
                            $"{limit + 1} permits within {permits[i + limit] - permits[i]}"
                        );
                    }
                }
            );

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(60)]
    [InlineData(200)]
    public void Nearly_all_of_a_limit_can_be_used(int limit)
    {
        var permits = Permits(new ThrottleWindow(limit, TimeSpan.FromMinutes(5)), spent: true, Enumerable.Repeat(0d, limit * 4));

        var inAnHour = permits.Count(t => t < Start.AddMinutes(15)) / 3d;
        Assert.InRange(inAnHour, limit * 0.49, limit);
    }

    [Fact]
    public void Permits_are_given_in_the_order_of_requests()
    {
        var permits = Permits(new ThrottleWindow(30, TimeSpan.FromMinutes(1)), spent: false, Enumerable.Repeat(0d, 50));

        Assert.Equal(permits.Order(), permits);
        Assert.Equal(3, permits.Count(t => t == Start));
    }
}
