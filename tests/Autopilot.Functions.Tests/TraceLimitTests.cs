using System.Diagnostics;
using Autopilot.Hosting;
using OpenTelemetry.Trace;

namespace Autopilot.Functions.Tests;

public sealed class TraceLimitTests
{
    private readonly TestClock _clock = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Sampled_parents_are_limited_like_traces_without_a_parent(int tracesPerSecond)
    {
        var limit = new TraceLimit(tracesPerSecond, _clock);

        Assert.Equal(
            tracesPerSecond,
            Enumerable.Range(0, 400).Count(number => IsSampled(limit, number % 2 == 0 ? default : Parent(sampled: true)))
        );
    }

    [Fact]
    public void A_second_later_as_many_may_come_and_after_an_hour_no_more()
    {
        var limit = new TraceLimit(5, _clock);

        foreach (var pause in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)])
        {
            _clock.Advance(pause);
            Assert.Equal(5, Enumerable.Range(0, 400).Count(_ => IsSampled(limit, Parent(sampled: true))));
        }

        _clock.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal(2, Enumerable.Range(0, 400).Count(_ => IsSampled(limit, Parent(sampled: true))));
    }

    [Fact]
    public void An_unsampled_parent_is_followed_and_takes_nothing_from_the_limit()
    {
        var limit = new TraceLimit(1, _clock);

        Assert.False(IsSampled(limit, Parent(sampled: false)));
        Assert.True(IsSampled(limit, Parent(sampled: true)));
    }

    [Fact]
    public void A_span_within_a_sampled_one_of_this_process_is_counted_once()
    {
        var limit = new TraceLimit(1, _clock);
        Assert.True(IsSampled(limit, default));
        using var outer = new Activity("outer") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();

        Assert.True(IsSampled(limit, outer.Context));
        Assert.False(IsSampled(limit, Parent(sampled: true)));
    }

    private static ActivityContext Parent(bool sampled) =>
        new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), sampled ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None);

    private static bool IsSampled(TraceLimit limit, ActivityContext parent) =>
        limit.ShouldSample(new SamplingParameters(parent, ActivityTraceId.CreateRandom(), "test", ActivityKind.Internal)).Decision
        == SamplingDecision.RecordAndSample;

    private sealed class TestClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
