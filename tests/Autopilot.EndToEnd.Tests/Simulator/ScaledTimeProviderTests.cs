using Autopilot.Simulator.Time;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.EndToEnd.Tests.Simulator;

public sealed class ScaledTimeProviderTests
{
    private static readonly DateTimeOffset Origin = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _real = new();

    [Fact]
    public void A_second_is_a_minute_at_sixty_for_the_time_of_day_and_for_timestamps()
    {
        var clock = new ScaledTimeProvider(Origin, 60, _real);
        var start = clock.GetTimestamp();

        _real.Advance(TimeSpan.FromSeconds(1.5));

        Assert.Equal(Origin + TimeSpan.FromSeconds(90), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(90), clock.GetElapsedTime(start));
    }

    [Fact]
    public async Task A_delay_takes_its_scaled_time_and_never_ends_before_its_moment()
    {
        var clock = new ScaledTimeProvider(Origin, 60, _real);

        var delay = Task.Delay(TimeSpan.FromMinutes(1), clock, TestContext.Current.CancellationToken);
        _real.Advance(TimeSpan.FromMilliseconds(999));
        var early = delay.IsCompleted;
        _real.Advance(TimeSpan.FromMilliseconds(2));
        await delay;

        Assert.False(early);
        Assert.True(clock.GetUtcNow() >= Origin + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_periodic_timer_ticks_once_a_scaled_period()
    {
        var clock = new ScaledTimeProvider(Origin, 60, _real);
        var ticks = 0;
        using var timer = clock.CreateTimer(_ => ticks++, null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

        _real.Advance(TimeSpan.FromSeconds(10) + TimeSpan.FromMilliseconds(1));

        Assert.Equal(10, ticks);
    }

    [Fact]
    public void A_period_too_short_to_show_is_still_a_period()
    {
        var clock = new ScaledTimeProvider(Origin, 100_000, _real);
        var ticks = 0;
        using var timer = clock.CreateTimer(_ => ticks++, null, TimeSpan.Zero, TimeSpan.FromSeconds(1));

        _real.Advance(TimeSpan.FromMilliseconds(5));

        Assert.True(ticks >= 5, $"It ticked {ticks} times.");
    }

    [Fact]
    public void An_endless_timer_waits_until_it_is_changed()
    {
        var clock = new ScaledTimeProvider(Origin, 60, _real);
        var ticks = 0;
        using var timer = clock.CreateTimer(_ => ticks++, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        _real.Advance(TimeSpan.FromDays(1));
        var before = ticks;
        timer.Change(TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        _real.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal((0, 1), (before, ticks));
    }

    [Fact]
    public async Task On_the_systems_clock_a_timeout_in_scaled_time_comes_in_real_seconds()
    {
        var clock = new ScaledTimeProvider(Origin, 3600, TimeProvider.System);

        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2), clock);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(TimeSpan.FromDays(2), clock, timeout.Token));

        Assert.InRange(clock.GetUtcNow(), Origin + TimeSpan.FromMinutes(2), Origin + TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task Many_threads_read_one_clock_that_never_runs_backwards()
    {
        var clock = new ScaledTimeProvider(Origin, 1000, TimeProvider.System);

        var backwards = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(() =>
                    {
                        var last = clock.GetUtcNow();
                        for (var i = 0; i < 20_000; i++)
                        {
                            var now = clock.GetUtcNow();
                            if (now < last)
                            {
                                return true;
                            }

                            last = now;
                        }

                        return false;
                    })
                )
        );

        Assert.DoesNotContain(true, backwards);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(2_000_000)]
    public void A_speed_that_is_no_speed_is_refused(double speed) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScaledTimeProvider(Origin, speed, _real));
}
