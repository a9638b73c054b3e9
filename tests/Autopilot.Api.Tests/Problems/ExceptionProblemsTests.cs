using Autopilot.Api.Problems;
using Autopilot.Core.Paging;
using Autopilot.Core.Rows;
using Autopilot.Core.Upstream;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Tests.Problems;

public sealed class ExceptionProblemsTests
{
    [Theory]
    [InlineData(UpstreamFailure.Denied, false, 502, "UpstreamRejected", null)]
    [InlineData(UpstreamFailure.Rejected, false, 502, "UpstreamRejected", null)]
    [InlineData(UpstreamFailure.Misconfigured, false, 502, "UpstreamRejected", null)]
    [InlineData(UpstreamFailure.Unavailable, false, 502, "UpstreamUnavailable", null)]
    [InlineData(UpstreamFailure.Unavailable, true, 504, "UpstreamUnavailable", null)]
    [InlineData(UpstreamFailure.Invalid, false, 502, "UpstreamInvalid", null)]
    [InlineData(UpstreamFailure.Throttled, false, 429, "UpstreamThrottled", 60d)]
    [InlineData(UpstreamFailure.Locked, false, 429, "UpstreamThrottled", 30d)]
    public void Every_upstream_failure_has_its_status_and_code(
        UpstreamFailure failure,
        bool timedOut,
        int status,
        string code,
        double? retryAfterSeconds
    )
    {
        var problem = ExceptionProblems.Of(
            new UpstreamException(failure, "Our own sentence.")
            {
                TimedOut = timedOut,
                Code = "CCE.01",
                RequestId = "r1",
            }
        );
        Assert.Equal((status, code, "Our own sentence."), (problem.Status, problem.Code, problem.Detail));
        Assert.Equal(retryAfterSeconds, problem.RetryAfter?.TotalSeconds);
        Assert.Equal(("CCE.01", "r1"), (problem.UpstreamCode, problem.UpstreamRequestId));
    }

    [Fact]
    public void Retry_After_of_upstream_is_passed_on()
    {
        var problem = ExceptionProblems.Of(
            new UpstreamException(UpstreamFailure.Throttled, "Slow down.") { RetryAfter = TimeSpan.FromSeconds(17) }
        );
        Assert.Equal(TimeSpan.FromSeconds(17), problem.RetryAfter);
    }

    [Fact]
    public void A_long_message_is_cut() =>
        Assert.Equal(512, ExceptionProblems.Of(new UpstreamException(UpstreamFailure.Invalid, new string('x', 10_000))).Detail!.Length);

    [Fact]
    public void The_text_of_other_exceptions_is_not_returned()
    {
        Exception[] exceptions =
        [
            new StorageUnavailableException("hunter2"),
            new InvalidContinuationTokenException("hunter2"),
            new BadHttpRequestException("hunter2", 400),
            new OperationCanceledException("hunter2"),
            new InvalidOperationException("hunter2", new IOException("hunter2")),
        ];
        foreach (var exception in exceptions)
        {
            Assert.DoesNotContain("hunter2", ExceptionProblems.Of(exception).ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_body_that_the_server_itself_found_too_large_has_the_same_code()
    {
        var problem = ExceptionProblems.Of(new BadHttpRequestException("Request body too large.", 413));
        Assert.Equal((413, "PayloadTooLarge"), (problem.Status, problem.Code));
    }

    [Fact]
    public void A_request_that_meets_the_end_of_the_process_may_be_tried_again()
    {
        var problem = ExceptionProblems.Of(new TaskCanceledException());
        Assert.Equal((503, "ServiceUnavailable", 10d), (problem.Status, problem.Code, problem.RetryAfter!.Value.TotalSeconds));
    }
}
