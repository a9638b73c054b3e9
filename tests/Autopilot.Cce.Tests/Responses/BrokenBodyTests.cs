using System.Text;
using Autopilot.Cce.Responses;
using Autopilot.Cce.Tests.Upstream;
using Autopilot.Cce.Throttling;
using Autopilot.Core.Upstream;
using CsCheck;

namespace Autopilot.Cce.Tests.Responses;

/// <summary>The status of an error drives the circuit breakers, whatever its body.</summary>
public sealed class BrokenBodyTests
{
    public static TheoryData<string> Kinds => [.. BrokenBodies.Kinds];

    public static TheoryData<string> Readable => [.. BrokenBodies.Readable];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_refused_key_is_tried_once_by_40_reads(string kind)
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) =>
            BrokenBodies.SendAsync(context, kind, 401, "APIGW.0301", "Incorrect IAM authentication information");

        var failures = await client.WhileTimePassesAsync(
            Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(client.FailAsync))),
            TimeSpan.FromMilliseconds(1)
        );

        Assert.All(
            failures,
            failure => Assert.Equal((UpstreamFailure.Rejected, 401, true), (failure.Failure, failure.StatusCode, failure.StopsCycle))
        );
        Assert.Single(client.Stub.Requests);
        Assert.NotNull(client.Source.Status.RefusedSince);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_refused_password_is_tried_once_by_40_reads(string kind)
    {
        await using var client = await ClientUnderTest.StartAsync(
            ("Cce:Iam:Username", "watcher"),
            ("Cce:Iam:Password", "p@ss-word-9"),
            ("Cce:Iam:DomainName", "account")
        );
        client.Stub.AnswerToken = context => BrokenBodies.SendAsync(context, kind, 401, "IAM.0101", "The username or password is wrong");

        var failures = await client.WhileTimePassesAsync(
            Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(client.FailAsync))),
            TimeSpan.FromMilliseconds(1)
        );

        Assert.All(
            failures,
            failure => Assert.Equal((UpstreamFailure.Rejected, 401, true), (failure.Failure, failure.StatusCode, failure.StopsCycle))
        );
        Assert.Single(client.Stub.TokenRequests);
        Assert.Empty(client.Stub.Requests);
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task A_window_is_kept_to_where_the_message_can_be_read(string kind)
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, number) =>
            number == 1
                ? BrokenBodies.SendAsync(context, kind, 429, "APIGW.0308", "policy user over ratelimit,limit:200,time:5 minute")
                : UpstreamStub.Workflow(context);

        await client.WhileTimePassesAsync(client.ReadAsync(), TimeSpan.FromMilliseconds(50));

        Assert.Equal(new ThrottleWindow(200, TimeSpan.FromMinutes(5)), client.Source.Status.Throttle);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Throttling_pauses_the_process_whatever_the_body_is(string kind)
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:MaxAttempts", "1"));
        client.Stub.Answer = (context, _) =>
            BrokenBodies.SendAsync(context, kind, 429, "APIGW.0308", "The throttling threshold has been reached");

        var failure = await client.WhileTimePassesAsync(client.FailAsync(), TimeSpan.FromMilliseconds(1));

        Assert.Equal((UpstreamFailure.Throttled, 429), (failure.Failure, failure.StatusCode));
        Assert.True(client.Get<UpstreamRateLimiter>().CurrentWait > TimeSpan.Zero);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_rejection_of_one_workflow_concerns_that_workflow_alone(string kind)
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, number) =>
            number == 1 ? BrokenBodies.SendAsync(context, kind, 403, "CCE.01403001", "Forbidden") : UpstreamStub.Workflow(context);

        var failure = await client.WhileTimePassesAsync(client.FailAsync(), TimeSpan.FromMilliseconds(1));
        await client.ReadAsync();

        Assert.Equal((UpstreamFailure.Denied, 403, false), (failure.Failure, failure.StatusCode, failure.StopsCycle));
        Assert.Equal(2, client.Stub.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_missing_workflow_is_not_found_where_the_code_can_be_read(string kind)
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) => BrokenBodies.SendAsync(context, kind, 404, "CCE.01404001", "Not found");

        var failure = await client.WhileTimePassesAsync(client.FailAsync(), TimeSpan.FromMilliseconds(1));

        Assert.Equal(BrokenBodies.Readable.Contains(kind) ? UpstreamFailure.NotFound : UpstreamFailure.Invalid, failure.Failure);
        Assert.False(failure.StopsCycle);
    }

    [Theory]
    [InlineData("broken gzip")]
    [InlineData("cut gzip")]
    public async Task A_good_status_with_a_body_that_does_not_decompress_is_invalid(string kind)
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, number) =>
            number == 1 ? BrokenBodies.SendAsync(context, kind, 200, "", "") : UpstreamStub.Workflow(context);

        var failure = await client.FailAsync();
        await client.ReadAsync();

        Assert.Equal((UpstreamFailure.Invalid, 200, false), (failure.Failure, failure.StatusCode, failure.StopsCycle));
        Assert.Equal(2, client.Stub.Requests.Count);
    }

    [Fact]
    public async Task While_rejected_an_inconclusive_probe_keeps_requests_stopped()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, number) =>
            number == 1 ? UpstreamStub.Json(context, 401, "{}") : BrokenBodies.SendAsync(context, "broken gzip", 200, "", "");
        await client.FailAsync();
        client.Clock.Advance(TimeSpan.FromMinutes(10));

        for (var i = 0; i < 40; i++)
        {
            await client.FailAsync();
        }

        Assert.Equal(2, client.Stub.Requests.Count);
    }

    [Fact]
    public void Any_bytes_are_an_error_body_and_name_a_window_or_none() =>
        Gen
            .Byte.Array[0, 300]
            .Sample(bytes =>
            {
                Assert.True(ErrorBody.Read(bytes).Code is null or { Length: > 0 });
                var json = (byte[])[.. "{\"error_code\":\"x\",\""u8, .. bytes, .. "\":\""u8, .. bytes, .. "\"}"u8];
                Assert.True(ThrottleText.Window(ErrorBody.Read(json).Message) is null);
                Assert.True(
                    ErrorBody.Read(json) is { Readable: false } or { Code: "x" } or { Code.Length: > 0 },
                    Encoding.UTF8.GetString(json)
                );
            });
}
