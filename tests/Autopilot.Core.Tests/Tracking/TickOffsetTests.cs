using Autopilot.Core.Tracking;
using CsCheck;

namespace Autopilot.Core.Tests.Tracking;

public sealed class TickOffsetTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(1);

    [Fact]
    public void The_first_interval_is_at_most_the_set_one_and_later_ones_are_equal_to_it() =>
        Gen.Select(Gen.Int[1, 120], Gen.Int[1, 600], Gen.UInt, Gen.Int[0, 1_000_000], Gen.Int[-29, 29])
            .Sample(
                (tickSeconds, intervalSeconds, hash, ticks, jitter) =>
                {
                    var tick = TimeSpan.FromSeconds(tickSeconds);
                    var interval = TimeSpan.FromSeconds(intervalSeconds);
                    // A cycle that starts a little early or late.
                    var from = DateTimeOffset.UnixEpoch + ticks * tick + tick * (jitter / 60d);
                    var first = TickOffset.Next(from, tick, interval, hash);
                    Assert.InRange(first, tick, interval > tick ? interval : tick);
                    Assert.Equal(0, first.Ticks % tick.Ticks);

                    var every = Math.Max(1, (long)(interval / tick)) * tick;
                    Assert.Equal(every, TickOffset.Next(from + first, tick, interval, hash));
                }
            );

    [Fact]
    public void A_thousand_workflows_that_were_tracked_together_spread_evenly_over_the_ticks()
    {
        var due = Enumerable
            .Range(0, 1000)
            .Select(_ => Guid.NewGuid().ToString())
            .CountBy(id => TickOffset.Next(Start, Tick, 5 * Tick, TickOffset.HashOf(id)))
            .ToDictionary();
        Assert.Equal(5, due.Count);
        Assert.All(due.Values, count => Assert.InRange(count, 120, 280));
    }

    [Fact]
    public void An_id_has_the_same_tick_offset_in_every_process() =>
        Assert.Equal(12160764u, TickOffset.HashOf("c271e39e-1a6e-4d3d-8fa8-2a36329c68d1"));
}
