using Autopilot.Core.Upstream;
using Microsoft.Extensions.Logging;

namespace Autopilot.Cce.Telemetry;

/// <summary>The client's log messages. Upstream's texts are redacted before they come here.</summary>
internal static partial class CceLog
{
    [LoggerMessage(
        4001,
        LogLevel.Error,
        "Upstream refuses this process ({failure}, status {status}, code {code}, request {requestId}). One request every 10 minutes "
            + "finds out whether that has changed. {message}",
        EventName = "UpstreamRefused"
    )]
    public static partial void Refused(
        ILogger logger,
        UpstreamFailure failure,
        int? status,
        string? code,
        string? requestId,
        string message
    );

    [LoggerMessage(
        4002,
        LogLevel.Information,
        "Upstream takes this process's requests again, after {seconds:0} s.",
        EventName = "UpstreamRefusalLifted"
    )]
    public static partial void RefusalLifted(ILogger logger, double seconds);

    [LoggerMessage(
        4003,
        LogLevel.Warning,
        "The gateway named a limit: {limit} requests in {windowSeconds} s. The process keeps to it from now on.",
        EventName = "ThrottleWindowLearnt"
    )]
    public static partial void WindowLearnt(ILogger logger, int limit, double windowSeconds);

    [LoggerMessage(
        4004,
        LogLevel.Warning,
        "The gateway answered 429 (limit {limit} in {windowSeconds} s); nothing is sent for {pauseSeconds:0.#} s.",
        EventName = "UpstreamThrottled"
    )]
    public static partial void Throttled(ILogger logger, double pauseSeconds, int? limit, double? windowSeconds);

    [LoggerMessage(4005, LogLevel.Information, "A token was got from IAM; it holds for {seconds:0} s.", EventName = "TokenRenewed")]
    public static partial void TokenRenewed(ILogger logger, double seconds);

    [LoggerMessage(
        4006,
        LogLevel.Warning,
        "IAM gave no new token ({failure}); the old one is used on, for {seconds:0} s at most.",
        EventName = "TokenRenewalPutOff"
    )]
    public static partial void TokenRenewalPutOff(ILogger logger, UpstreamFailure failure, double seconds);

    [LoggerMessage(
        4008,
        LogLevel.Warning,
        "The gateway does not offer {operation} (status {status}, code {code}, request {requestId}). It is asked again in "
            + "{hours:0.#} h; everything else continues.",
        EventName = "OperationNotOffered"
    )]
    public static partial void NotOffered(ILogger logger, string operation, int? status, string? code, string? requestId, double hours);

    [LoggerMessage(
        4009,
        LogLevel.Error,
        "Reading the answer to {operation} failed in an unexpected way (status {status}). It counts as an answer that cannot be read.",
        EventName = "AnswerNotRead"
    )]
    public static partial void AnswerNotRead(ILogger logger, Exception exception, string operation, int status);

    [LoggerMessage(
        4010,
        LogLevel.Error,
        "Sending {operation} failed in an unexpected way. It counts as an outage; the next poll tries again.",
        EventName = "RequestFailed"
    )]
    public static partial void RequestFailed(ILogger logger, Exception exception, string operation);

    [LoggerMessage(
        4007,
        LogLevel.Debug,
        "Attempt {attempt} failed ({reason}); another follows in {delayMs:0} ms.",
        EventName = "UpstreamRetried"
    )]
    public static partial void Retried(ILogger logger, int attempt, string reason, double delayMs);
}
