using Autopilot.Server.Scheduling;

namespace Autopilot.Server.Tests.FanOut;

/// <summary>What an idle worker costs, and how soon it is there when there is work.</summary>
public sealed class QueueBackoffTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void An_idle_worker_reads_at_most_14_times_a_minute()
    {
        var (backoff, now, scans) = (new QueueBackoff(), TimeSpan.Zero, 0);
        while (now < 100 * Minute)
        {
            scans++;
            now += backoff.Missed(Until(now));
        }

        Assert.InRange(scans, 100 * 8, 100 * 14);
    }

    [Fact]
    public void Without_a_schedule_it_reads_every_ten_seconds()
    {
        var backoff = new QueueBackoff();
        for (var i = 0; i < 10; i++)
        {
            backoff.Missed(null);
        }

        Assert.Equal(TimeSpan.FromSeconds(10), backoff.Missed(null));
    }

    [Fact]
    public void A_dispatch_up_to_two_seconds_late_waits_no_longer_than_it_is_late()
    {
        for (var late = 0.1; late < 2; late += 0.1)
        {
            var (backoff, now) = (new QueueBackoff(), TimeSpan.Zero);
            var sent = 5 * Minute + TimeSpan.FromSeconds(late);
            while (now < sent)
            {
                now += backoff.Missed(Until(now));
            }

            Assert.InRange(now - sent, TimeSpan.Zero, TimeSpan.FromSeconds(Math.Max(late, 0.1)));
        }
    }

    [Fact]
    public void After_work_it_reads_again_soon()
    {
        var backoff = new QueueBackoff();
        for (var i = 0; i < 10; i++)
        {
            backoff.Missed(null);
        }

        backoff.Found();

        Assert.Equal(QueueBackoff.Shortest, backoff.Missed(null));
    }

    [Fact]
    public void A_tick_of_a_second_makes_no_busy_loop()
    {
        var (backoff, now, scans) = (new QueueBackoff(), TimeSpan.Zero, 0);
        while (now < Minute)
        {
            scans++;
            now += backoff.Missed(TimeSpan.FromSeconds(1 - now.TotalSeconds % 1));
        }

        Assert.InRange(scans, 60, 60 * 6);
    }

    private static TimeSpan Until(TimeSpan now) => TimeSpan.FromTicks(Minute.Ticks - now.Ticks % Minute.Ticks);
}
