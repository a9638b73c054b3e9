using Autopilot.Cce.Tests.Upstream;
using Autopilot.Core.Upstream;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Cce.Tests.Responses;

public sealed class RetryTests
{
    [Fact]
    public async Task A_server_error_is_retried_until_it_is_over()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, number) =>
            number < 3
                ? UpstreamStub.Json(context, 500, """{"errorCode":"CCE.01500001","errorMessage":"Internal error."}""")
                : UpstreamStub.Workflow(context);

        await client.ReadAsync();

        Assert.Equal(3, client.Stub.Requests.Count);
    }

    [Fact]
    public async Task A_lasting_server_error_is_reported_with_its_code_and_request_id()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) =>
        {
            context.Response.Headers["X-Request-Id"] = "5b2a8a5e0f0b4b0e9a3a";
            return UpstreamStub.Json(context, 500, """{"errorCode":"CCE.01500001","errorMessage":"Internal error."}""");
        };

        var failure = await client.FailAsync();

        Assert.Equal(
            (UpstreamFailure.Unavailable, 500, "CCE.01500001", "5b2a8a5e0f0b4b0e9a3a", false),
            (failure.Failure, failure.StatusCode, failure.Code, failure.RequestId, failure.TimedOut)
        );
        Assert.Equal(4, client.Stub.Requests.Count);
    }

    [Theory]
    [InlineData("headers")]
    [InlineData("body")]
    public async Task An_answer_that_is_slow_is_given_up_and_tried_again(string what)
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:AttemptTimeout", "00:00:00.3"), ("Cce:MaxAttempts", "2"));
        client.Stub.Answer = async (context, _) =>
        {
            if (what == "body")
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("""{"kind":""");
                await context.Response.Body.FlushAsync();
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        };

        var failure = await client.FailAsync();

        Assert.Equal((UpstreamFailure.Unavailable, true), (failure.Failure, failure.TimedOut));
        Assert.Contains("Cce:AttemptTimeout", failure.Message, StringComparison.Ordinal);
        // Counted here and not at the stub: on a busy machine an attempt may be given up before it gets there.
        Assert.Single(client.Log.GetSnapshot(), r => r.Id.Name == "UpstreamRetried");
    }

    [Fact]
    public async Task A_connection_that_is_cut_in_the_middle_of_a_body_is_tried_again()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = async (context, number) =>
        {
            if (number == 3)
            {
                await UpstreamStub.Workflow(context);
                return;
            }

            context.Response.ContentLength = 4000;
            await context.Response.WriteAsync("""{"kind":"WorkFlowTask",""");
            await context.Response.Body.FlushAsync();
            context.Abort();
        };

        await client.ReadAsync();

        Assert.Equal(3, client.Stub.Requests.Count);
    }

    [Fact]
    public async Task A_connection_that_is_always_cut_makes_upstream_unavailable()
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:MaxAttempts", "1"));
        client.Stub.Answer = async (context, _) =>
        {
            context.Response.ContentLength = 4000;
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            context.Abort();
        };

        var failure = await client.FailAsync();

        Assert.Equal((UpstreamFailure.Unavailable, false), (failure.Failure, failure.TimedOut));
        Assert.Contains("cut the connection", failure.Message, StringComparison.Ordinal);
        Assert.Single(client.Stub.Requests);
    }

    [Fact]
    public async Task A_refused_connection_means_that_upstream_is_unavailable()
    {
        await using var client = await ClientUnderTest.StartAsync();
        await client.Stub.DisposeAsync();

        var failure = await client.FailAsync();

        Assert.Equal(UpstreamFailure.Unavailable, failure.Failure);
        Assert.Contains(client.Stub.Address.Authority, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_caller_gets_no_failure()
    {
        await using var client = await ClientUnderTest.StartAsync();
        using var cancel = new CancellationTokenSource();
        client.Stub.Answer = async (context, _) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ReadAsync(cancel.Token));

        Assert.Single(client.Stub.Requests);
    }
}
