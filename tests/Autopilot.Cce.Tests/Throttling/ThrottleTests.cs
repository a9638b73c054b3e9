using System.Diagnostics.Metrics;
using Autopilot.Cce.Telemetry;
using Autopilot.Cce.Tests.Upstream;
using Autopilot.Cce.Throttling;
using Autopilot.Core.Upstream;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Autopilot.Cce.Tests.Throttling;

public sealed class ThrottleTests
{
    private const string Window =
        """{"error_msg":"The throttling threshold has been reached: policy user over ratelimit,limit:200,time:5 minute","error_code":"APIGW.0308","request_id":"r"}""";
    private const string NoWindow =
        """{"error_msg":"The throttling threshold has been reached","error_code":"APIGW.0308","request_id":"r"}""";

    [Theory]
    [InlineData("policy user over ratelimit,limit:200,time:5 minute", 200, 300)]
    [InlineData("policy api over ratelimit,limit:1,time:1 second", 1, 1)]
    [InlineData("limit:1000,time:2 hour", 1000, 7200)]
    [InlineData("LIMIT: 20, TIME: 1 Day", 20, 86400)]
    public void The_window_is_read_from_the_text(string text, int limit, int seconds) =>
        Assert.Equal(new ThrottleWindow(limit, TimeSpan.FromSeconds(seconds)), ThrottleText.Window(text));

    [Theory]
    [InlineData(null)]
    [InlineData("The throttling threshold has been reached")]
    [InlineData("limit:0,time:5 minute")]
    [InlineData("limit:200,time:0 minute")]
    [InlineData("limit:200,time:5 fortnight")]
    [InlineData("limit:99999999999,time:5 minute")]
    [InlineData("limit:200,time:9999999 day")]
    public void A_text_that_names_no_sensible_window_names_none(string? text) => Assert.Null(ThrottleText.Window(text));

    [Theory]
    [InlineData("120", 120)]
    [InlineData("-5", null)]
    [InlineData("Mon, 23 Nov 2026 12:01:00 GMT", 60)]
    [InlineData("Mon, 23 Nov 2026 11:00:00 GMT", 0)]
    [InlineData("86400", 3600)]
    public void Retry_After_is_read_in_both_its_forms(string value, int? seconds)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", value);

        Assert.Equal(
            seconds is { } s ? TimeSpan.FromSeconds(s) : null,
            ThrottleText.RetryAfter(response, new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero))
        );
    }

    [Fact]
    public async Task Half_of_the_limit_is_unspent_until_more_than_half_was_asked_for()
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:RequestsPerMinute", "40"));
        var limiter = client.Get<UpstreamRateLimiter>();
        for (var i = 0; i < 20; i++)
        {
            Assert.True(limiter.IsHalfUnspent);
            await client.WhileTimePassesAsync(limiter.WaitAsync(CancellationToken.None), TimeSpan.FromMilliseconds(100));
        }

        Assert.True(limiter.IsHalfUnspent);
        await client.WhileTimePassesAsync(limiter.WaitAsync(CancellationToken.None), TimeSpan.FromMilliseconds(100));
        Assert.False(limiter.IsHalfUnspent);

        client.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(limiter.IsHalfUnspent);
    }

    [Fact]
    public async Task After_a_429_that_names_a_window_the_client_keeps_to_it_and_says_so()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, number) => number == 1 ? UpstreamStub.Json(context, 429, Window) : UpstreamStub.Workflow(context);
        Assert.Null(client.Source.Status.Throttle);

        await client.WhileTimePassesAsync(client.ReadAsync(), TimeSpan.FromMilliseconds(50));

        Assert.Equal(2, client.Stub.Requests.Count);
        Assert.Equal(new ThrottleWindow(200, TimeSpan.FromMinutes(5)), client.Source.Status.Throttle);
        Assert.Contains(client.Log.GetSnapshot(), r => r.Id.Name == "ThrottleWindowLearnt");
        // 20 permits of the burst are spent, so these come evenly: none sooner than 300 s / 180 after the one before.
        var limiter = client.Get<UpstreamRateLimiter>();
        List<DateTimeOffset> permits = [];
        for (var i = 0; i < 5; i++)
        {
            permits.Add(await client.WhileTimePassesAsync(limiter.WaitAsync(CancellationToken.None), TimeSpan.FromMilliseconds(20)));
        }

        Assert.All(permits.Zip(permits.Skip(1)), pair => Assert.True(pair.Second - pair.First > TimeSpan.FromSeconds(1.6)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task When_the_clock_is_set_permits_keep_their_times(int hours)
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:RequestsPerMinute", "10"));
        var limiter = client.Get<UpstreamRateLimiter>();
        await limiter.WaitAsync(CancellationToken.None);

        client.Clock.Off = TimeSpan.FromHours(hours);

        Assert.InRange(limiter.CurrentWait, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        client.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.Zero, limiter.CurrentWait);
    }

    [Fact]
    public async Task A_window_that_our_own_requests_have_spent_is_waited_out_without_asking()
    {
        await using var client = await ClientUnderTest.StartAsync();
        const string Small = """{"error_msg":"policy user over ratelimit,limit:5,time:5 minute","error_code":"APIGW.0308"}""";
        client.Stub.Answer = (context, number) => number == 6 ? UpstreamStub.Json(context, 429, Small) : UpstreamStub.Workflow(context);
        for (var i = 0; i < 5; i++)
        {
            await client.ReadAsync();
        }

        var failure = await client.FailAsync();
        var second = await client.FailAsync();

        Assert.Equal((UpstreamFailure.Throttled, TimeSpan.FromMinutes(5)), (failure.Failure, second.RetryAfter));
        Assert.Contains("5 requests in 300 s", second.Message, StringComparison.Ordinal);
        Assert.Equal(6, client.Stub.Requests.Count);
        client.Clock.Advance(TimeSpan.FromMinutes(5));
        await client.ReadAsync();
    }

    [Fact]
    public async Task A_429_without_a_window_is_tried_once_more_after_a_pause_and_pauses_grow()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) => UpstreamStub.Json(context, 429, NoWindow);
        var limiter = client.Get<UpstreamRateLimiter>();
        List<TimeSpan> waits = [];

        for (var i = 0; i < 3; i++)
        {
            var failure = await client.WhileTimePassesAsync(client.FailAsync(), TimeSpan.FromMilliseconds(100));
            Assert.Equal((UpstreamFailure.Throttled, 429, "APIGW.0308"), (failure.Failure, failure.StatusCode, failure.Code));
            Assert.Equal(failure.RetryAfter!.Value.TotalSeconds, limiter.CurrentWait.TotalSeconds, 5d);
            waits.Add(failure.RetryAfter.Value);
        }

        Assert.Equal(6, client.Stub.Requests.Count);
        // 2 s, 8 s and 32 s, each a quarter more or less.
        Assert.True(waits[1] > waits[0] * 2 && waits[2] > waits[1] * 2, string.Join(", ", waits));
        Assert.Null(client.Source.Status.Throttle);
    }

    [Fact]
    public async Task Retry_After_is_kept_to()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, number) =>
        {
            context.Response.Headers.RetryAfter = "300";
            return UpstreamStub.Json(context, 429, NoWindow);
        };

        var failure = await client.FailAsync();

        Assert.Equal((UpstreamFailure.Throttled, TimeSpan.FromSeconds(300)), (failure.Failure, failure.RetryAfter));
        Assert.Single(client.Stub.Requests);
    }

    [Fact]
    public async Task RequestsPerMinute_caps_the_process()
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:RequestsPerMinute", "20"), ("Cce:MaxThrottleWait", "00:00:11"));
        var limiter = client.Get<UpstreamRateLimiter>();

        await limiter.WaitAsync(CancellationToken.None);
        await limiter.WaitAsync(CancellationToken.None);
        // A tenth at once; the rest 60 s / 18 apart; the fourth that waits would wait longer than it may.
        Task<DateTimeOffset>[] waiting =
        [
            limiter.WaitAsync(CancellationToken.None),
            limiter.WaitAsync(CancellationToken.None),
            limiter.WaitAsync(CancellationToken.None),
        ];
        var failure = await Assert.ThrowsAsync<UpstreamException>(() => limiter.WaitAsync(CancellationToken.None));

        Assert.All(waiting, w => Assert.False(w.IsCompleted));
        Assert.Equal(UpstreamFailure.Throttled, failure.Failure);
        Assert.Contains("Cce:RequestsPerMinute", failure.Message, StringComparison.Ordinal);
        Assert.InRange(failure.RetryAfter!.Value, TimeSpan.FromSeconds(13), TimeSpan.FromSeconds(14));
        client.Clock.Advance(TimeSpan.FromSeconds(11));
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task A_wait_of_less_than_a_millisecond_is_waited_and_not_spun()
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:RequestsPerMinute", "60000"));
        var limiter = client.Get<UpstreamRateLimiter>();
        for (var i = 0; i < 6000; i++)
        {
            await limiter.WaitAsync(CancellationToken.None);
        }

        client.Clock.Advance(TimeSpan.FromMilliseconds(0.5));

        var waiting = limiter.WaitAsync(CancellationToken.None);

        Assert.False(waiting.IsCompleted);
        client.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await waiting;
    }

    [Fact]
    public async Task A_wait_for_a_permit_can_be_cancelled()
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:RequestsPerMinute", "2"));
        using var cancel = new CancellationTokenSource();
        await client.ReadAsync();

        var waiting = client.ReadAsync(cancel.Token);
        Assert.False(waiting.IsCompleted);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Single(client.Stub.Requests);
    }

    [Fact]
    public async Task Attempts_and_throttling_are_measured()
    {
        await using var client = await ClientUnderTest.StartAsync();
        var meters = client.Get<IMeterFactory>();
        using var attempts = new MetricCollector<double>(meters, CceMetrics.MeterName, "autopilot.cce.request.duration");
        using var throttled = new MetricCollector<long>(meters, CceMetrics.MeterName, "autopilot.cce.throttled");
        client.Stub.Answer = (context, number) =>
            number switch
            {
                1 => UpstreamStub.Json(context, 500, "{}"),
                2 => UpstreamStub.Workflow(context),
                _ => UpstreamStub.Json(context, 429, NoWindow),
            };

        await client.ReadAsync();
        await client.WhileTimePassesAsync(client.FailAsync(), TimeSpan.FromMilliseconds(100));

        Assert.Equal([500, 200, 429, 429], attempts.GetMeasurementSnapshot().Select(m => m.Tags["http.response.status_code"]));
        Assert.All(attempts.GetMeasurementSnapshot(), m => Assert.Equal("ShowWorkflow", m.Tags["operation"]));
        Assert.Equal(["gateway", "gateway"], throttled.GetMeasurementSnapshot().Select(m => m.Tags["by"]));
    }

    [Fact]
    public async Task After_a_pause_one_request_goes_alone_and_the_rest_follow()
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:MaxAttempts", "1"));
        var limiter = client.Get<UpstreamRateLimiter>();
        limiter.Refused(null, TimeSpan.FromSeconds(5), await limiter.WaitAsync(CancellationToken.None));
        var probe = limiter.WaitAsync(CancellationToken.None);
        var rest = Enumerable.Range(0, 20).Select(_ => limiter.WaitAsync(CancellationToken.None)).ToArray();

        var sent = await client.WhileTimePassesAsync(probe, TimeSpan.FromMilliseconds(100));
        client.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(rest, waiting => waiting.IsCompleted);
        limiter.Passed(sent);

        await Task.WhenAll(rest);
    }

    [Fact]
    public async Task A_probe_that_is_throttled_again_makes_the_others_wait_on()
    {
        await using var client = await ClientUnderTest.StartAsync();
        var requests = new List<DateTimeOffset>();
        client.Stub.Answer = (context, number) =>
        {
            lock (requests)
            {
                requests.Add(client.Clock.GetUtcNow());
            }

            return number <= 4 ? UpstreamStub.Json(context, 429, NoWindow) : UpstreamStub.Workflow(context);
        };
        await client.WhileTimePassesAsync(client.FailAsync(), TimeSpan.FromMilliseconds(100));

        await client.WhileTimePassesAsync(
            Task.WhenAll(
                    Enumerable
                        .Range(0, 60)
                        .Select(_ =>
                            Task.Run(async () =>
                            {
                                try
                                {
                                    await client.ReadAsync();
                                }
                                catch (UpstreamException)
                                {
                                    // The one whose second attempt is throttled as well.
                                }
                            })
                        )
                        .Append(Task.CompletedTask)
                )
                .ContinueWith(_ => true, TaskScheduler.Default),
            TimeSpan.FromMilliseconds(100)
        );

        // Two of the first read, one probe at each of the two openings that failed, and the sixty once it passed.
        Assert.InRange(requests.Count, 62, 64);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_probe_without_an_answer_hands_over_to_the_next(bool cancelled)
    {
        await using var client = await ClientUnderTest.StartAsync();
        var limiter = client.Get<UpstreamRateLimiter>();
        limiter.Refused(null, TimeSpan.FromSeconds(5), await limiter.WaitAsync(CancellationToken.None));
        using var cancel = new CancellationTokenSource();
        var sent = await client.WhileTimePassesAsync(limiter.WaitAsync(cancel.Token), TimeSpan.FromMilliseconds(100));
        var next = limiter.WaitAsync(CancellationToken.None);
        Assert.False(next.IsCompleted);

        if (cancelled)
        {
            await cancel.CancelAsync();
        }

        limiter.Unanswered(sent);

        await next;
    }
}
