using Autopilot.Cce.Tests.Upstream;
using Autopilot.Core.Upstream;
using Microsoft.Extensions.Logging;

namespace Autopilot.Cce.Tests.Rejections;

public sealed class RejectionTests
{
    private const string BadSignature =
        """{"error_msg":"Incorrect IAM authentication information: verify aksk signature fail","error_code":"APIGW.0301","request_id":"r"}""";

    [Theory]
    [InlineData(401, BadSignature, UpstreamFailure.Rejected)]
    [InlineData(
        404,
        """{"error_msg":"The API does not exist","error_code":"APIGW.0101","request_id":"r"}""",
        UpstreamFailure.Misconfigured
    )]
    public async Task Of_200_reads_at_once_a_wrong_key_sends_one(int status, string body, UpstreamFailure expected)
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = async (context, _) =>
        {
            await Task.Delay(50);
            await UpstreamStub.Json(context, status, body);
        };

        var failures = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(client.FailAsync)));

        Assert.All(failures, f => Assert.Equal((expected, status, true), (f.Failure, f.StatusCode, f.StopsCycle)));
        Assert.Single(client.Stub.Requests);
        Assert.Equal(client.Clock.GetUtcNow(), client.Source.Status.RefusedSince);
        Assert.Single(client.Log.GetSnapshot(), r => r.Level == LogLevel.Error && r.Id.Name == "UpstreamRefused");
    }

    [Fact]
    public async Task While_rejected_one_request_in_ten_minutes_is_sent_until_one_succeeds()
    {
        await using var client = await ClientUnderTest.StartAsync();
        var since = client.Clock.GetUtcNow();
        client.Stub.Answer = (context, number) =>
            number <= 2 ? UpstreamStub.Json(context, 401, BadSignature) : UpstreamStub.Workflow(context);

        await client.FailAsync();
        client.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        var early = await client.FailAsync();
        Assert.Single(client.Stub.Requests);
        Assert.Equal(TimeSpan.FromSeconds(1), early.RetryAfter);

        client.Clock.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(client.FailAsync)));
        Assert.Equal(2, client.Stub.Requests.Count);
        Assert.Equal(since, client.Source.Status.RefusedSince);

        client.Clock.Advance(TimeSpan.FromMinutes(10));
        await client.ReadAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => client.ReadAsync())));
        Assert.Equal(23, client.Stub.Requests.Count);
        Assert.Null(client.Source.Status.RefusedSince);
        Assert.Null(client.Source.Status.RefusalMessage);
    }

    /// <summary>A clock that is wrong is what a signature is refused for: to set it right must not put the next try off.</summary>
    [Fact]
    public async Task When_the_clock_is_set_back_the_next_request_still_goes_out_after_ten_minutes()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, number) =>
            number == 1 ? UpstreamStub.Json(context, 401, BadSignature) : UpstreamStub.Workflow(context);
        await client.FailAsync();

        client.Clock.Off = TimeSpan.FromHours(-1);
        Assert.Equal(TimeSpan.FromMinutes(10), (await client.FailAsync()).RetryAfter);
        client.Clock.Advance(TimeSpan.FromMinutes(10));
        await client.ReadAsync();

        Assert.Equal(2, client.Stub.Requests.Count);
        Assert.Null(client.Source.Status.RefusedSince);
    }

    [Fact]
    public async Task Until_credentials_are_accepted_requests_go_one_at_a_time()
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:MaxAttempts", "1"));
        int inFlight = 0,
            beforeVerdict = 0;
        client.Stub.Answer = async (context, number) =>
        {
            var now = Interlocked.Increment(ref inFlight);
            if (number <= 3)
            {
                beforeVerdict = Math.Max(beforeVerdict, now);
            }

            await Task.Delay(30);
            Interlocked.Decrement(ref inFlight);
            // A gateway's 503 says nothing about our credentials.
            await (number <= 2 ? UpstreamStub.Json(context, 503, "") : UpstreamStub.Workflow(context));
        };

        await client.FailAsync();
        await client.FailAsync();
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => client.ReadAsync())));

        Assert.Equal(1, beforeVerdict);
        Assert.Equal(32, client.Stub.Requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Callers_that_wait_for_a_probe_share_its_outage(bool silent)
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:MaxAttempts", "1"), ("Cce:AttemptTimeout", "00:00:10"));
        var outage = new TaskCompletionSource();
        client.Stub.Answer = async (context, number) =>
        {
            if (number > 1)
            {
                await UpstreamStub.Workflow(context);
                return;
            }

            if (silent)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
            }

            await outage.Task;
            await UpstreamStub.Json(context, 503, "");
        };

        // A read reaches the circuit breaker before it first yields its thread.
        var reads = Task.WhenAll(Enumerable.Range(0, 45).Select(_ => client.FailAsync()).ToArray());
        outage.SetResult();
        var failures = silent ? await client.WhileTimePassesAsync(reads, TimeSpan.FromSeconds(1)) : await reads;

        Assert.Single(client.Stub.Requests);
        Assert.All(
            failures,
            f => Assert.Equal((UpstreamFailure.Unavailable, silent ? null : 503, silent), (f.Failure, f.StatusCode, f.TimedOut))
        );
        Assert.Single(failures.Select(f => f.Message).Distinct());
        Assert.Equal(45, failures.Distinct().Count());
        Assert.Null(client.Source.Status.RefusedSince);
        // The outage is not held against those who come later.
        Assert.Equal(ClientUnderTest.Workflow, (await client.ReadAsync()).State.Id);
    }

    [Theory]
    [InlineData(403, """{"errorCode":"CCE.01403001","errorMessage":"Forbidden."}""")]
    [InlineData(404, """{"errorCode":"CCE.01404001","errorMessage":"Not found."}""")]
    [InlineData(400, """{"errorCode":"CCE.01400001","errorMessage":"Bad."}""")]
    public async Task What_concerns_one_target_stops_no_other(int status, string body)
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, number) => number == 1 ? UpstreamStub.Json(context, status, body) : UpstreamStub.Workflow(context);

        var failure = await client.FailAsync();
        await client.ReadAsync();

        Assert.False(failure.StopsCycle);
        Assert.Null(client.Source.Status.RefusedSince);
    }

    [Fact]
    public async Task One_who_gives_up_waiting_alone_does_not_hold_up_the_others()
    {
        await using var client = await ClientUnderTest.StartAsync();
        using var cancel = new CancellationTokenSource();
        var arrived = new TaskCompletionSource();
        client.Stub.Answer = async (context, number) =>
        {
            if (number > 1)
            {
                await UpstreamStub.Workflow(context);
                return;
            }

            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        };

        var first = client.ReadAsync(cancel.Token);
        await arrived.Task;
        var second = client.ReadAsync();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(ClientUnderTest.Workflow, (await second).State.Id);
    }
}
