using System.Net;
using Autopilot.Cce.Settings;
using Autopilot.Cce.Telemetry;
using Autopilot.Cce.Throttling;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Autopilot.Cce.Responses;

/// <summary>
/// Timeout and retry. The pipelines are built without Polly's own telemetry: it logs every attempt of every poll, and we have measurements
/// of our own.
/// </summary>
internal static class Resilience
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    /// <summary>Headers and body of one attempt together.</summary>
    public static ResiliencePipeline<HttpResponseMessage> Timeout(CceOptions options, WireClock wire) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = wire.Clock }
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.AttemptTimeout })
            .Build();

    /// <summary>
    /// 5xx, timeouts and lost connections, with growing, jittered pauses. Of the 4xx, only a 429, once: its pause is
    /// <see cref="UpstreamRateLimiter"/>'s business, which gives up where it is long.
    /// </summary>
    public static ResiliencePipeline<HttpResponseMessage> Retry(CceOptions options, WireClock wire, Func<double> random, ILogger logger) =>
        options.MaxAttempts == 1
            ? ResiliencePipeline<HttpResponseMessage>.Empty
            : new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = wire.Clock }
                .AddRetry(
                    new RetryStrategyOptions<HttpResponseMessage>
                    {
                        MaxRetryAttempts = options.MaxAttempts - 1,
                        BackoffType = DelayBackoffType.Exponential,
                        UseJitter = true,
                        Delay = options.RetryDelay > TimeSpan.Zero ? options.RetryDelay : TimeSpan.FromMilliseconds(1),
                        MaxDelay = LongestDelay,
                        Randomizer = random,
                        // What is worth one attempt only is not tried again.
                        ShouldHandle = args =>
                            ValueTask.FromResult(
                                (ResilienceHandler.RequestOf(args.Context) is not { } request || CceRequest.WithinOf(request) is null)
                                    && IsTransient(args.Outcome, args.AttemptNumber)
                            ),
                        DelayGenerator = args =>
                            ValueTask.FromResult<TimeSpan?>(
                                args.Outcome.Result?.StatusCode == HttpStatusCode.TooManyRequests ? TimeSpan.Zero : null
                            ),
                        OnRetry = args =>
                        {
                            CceLog.Retried(logger, args.AttemptNumber + 1, Reason(args.Outcome), args.RetryDelay.TotalMilliseconds);
                            return ValueTask.CompletedTask;
                        },
                    }
                )
                .Build();

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome, int attempt) =>
        outcome switch
        {
            { Exception: HttpRequestException or TimeoutRejectedException } => true,
            { Result: { StatusCode: HttpStatusCode.TooManyRequests } response } => attempt == 0
                && !ThrottleHandler.IsLocked(response.RequestMessage),
            { Result: { } response } => (int)response.StatusCode >= 500,
            _ => false,
        };

    private static string Reason(Outcome<HttpResponseMessage> outcome) =>
        outcome switch
        {
            { Result: { } response } => ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture),
            { Exception: HttpRequestException { HttpRequestError: var error } } => error.ToString(),
            _ => "timeout",
        };
}
