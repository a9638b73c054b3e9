using System.Globalization;
using Autopilot.Api.Parameters;
using Autopilot.Core.Paging;
using Autopilot.Core.Rows;
using Autopilot.Core.Upstream;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Problems;

/// <summary>
/// The problem that a caller gets for an exception. The exception's text is not shown, but for an <see cref="UpstreamException"/>. Its
/// message is our own sentence, redacted where it was composed, and says what to do.
/// </summary>
internal static class ExceptionProblems
{
    /// <summary>Longest part of an upstream message that is passed on, in characters.</summary>
    private const int MaxDetail = 512;

    private static readonly TimeSpan StorageRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ThrottleRetry = TimeSpan.FromMinutes(1);

    /// <param name="changes">Whether the request was to change something.</param>
    public static Problem Of(Exception exception, bool changes = false) =>
        exception switch
        {
            RowUnreadableException unreadable => ProblemFactory.RowUnreadable(unreadable, changes),
            UpstreamException upstream => OfUpstream(upstream),
            StorageUnavailableException => new(
                StatusCodes.Status503ServiceUnavailable,
                ProblemCode.StorageUnavailable,
                "Storage unavailable",
                "The table storage does not answer or refuses us. Nothing was lost; try again shortly."
            )
            {
                RetryAfter = StorageRetry,
            },
            InvalidContinuationTokenException => ProblemFactory.InvalidParameter(
                ParameterCatalog.ContinuationToken.Name,
                ParameterCatalog.ContinuationToken.Rule
            ),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => ProblemFactory.PayloadTooLarge(),
            BadHttpRequestException bad => ProblemFactory.InvalidBody("The request's body could not be read to its end.", bad.StatusCode),
            OperationCanceledException => new(
                StatusCodes.Status503ServiceUnavailable,
                ProblemCode.ServiceUnavailable,
                "Service unavailable",
                "The service is stopping. Try again shortly."
            )
            {
                RetryAfter = StorageRetry,
            },
            _ => new(
                StatusCodes.Status500InternalServerError,
                ProblemCode.InternalError,
                "Internal error",
                "Something went wrong here; the log has it under this trace id."
            ),
        };

    private static Problem OfUpstream(UpstreamException exception)
    {
        var (status, code, title) = exception.Failure switch
        {
            UpstreamFailure.Denied or UpstreamFailure.Rejected or UpstreamFailure.Misconfigured => (
                StatusCodes.Status502BadGateway,
                ProblemCode.UpstreamRejected,
                "Upstream refuses"
            ),
            UpstreamFailure.Invalid => (StatusCodes.Status502BadGateway, ProblemCode.UpstreamInvalid, "Upstream's answer is invalid"),
            UpstreamFailure.Throttled or UpstreamFailure.Locked => (
                StatusCodes.Status429TooManyRequests,
                ProblemCode.UpstreamThrottled,
                "Upstream throttles"
            ),
            _ => (
                exception.TimedOut ? StatusCodes.Status504GatewayTimeout : StatusCodes.Status502BadGateway,
                ProblemCode.UpstreamUnavailable,
                "Upstream unavailable"
            ),
        };
        return new Problem(status, code, title, Cut(exception.Message, MaxDetail))
        {
            RetryAfter = exception.Failure switch
            {
                UpstreamFailure.Throttled => exception.RetryAfter ?? ThrottleRetry,
                UpstreamFailure.Locked => exception.RetryAfter ?? LockRetry,
                _ => exception.RetryAfter,
            },
            UpstreamCode = Cut(exception.Code, 64),
            UpstreamRequestId = Cut(exception.RequestId, 64),
        };
    }

    private static string? Cut(string? text, int length) =>
        text is null || text.Length <= length ? text : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, length - 1)}…");
}
