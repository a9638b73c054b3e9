using System.Collections.Concurrent;
using Autopilot.Cce.Telemetry;
using Microsoft.Extensions.Logging;

namespace Autopilot.Cce.Rejections;

/// <summary>
/// One circuit breaker for each operation besides the read of a workflow. An operation that the gateway does not offer (404 <c>APIGW.*</c>)
/// opens its own circuit alone, and is tried again once a day. One that this process has used before is tried after ten minutes.
/// </summary>
internal sealed class OperationCircuitBreakers(TimeProvider clock, ILogger<OperationCircuitBreakers> logger)
{
    /// <summary>Between two requests of an operation that was never offered.</summary>
    public static readonly TimeSpan AskEvery = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, CredentialCircuitBreaker> _breakers = new(StringComparer.Ordinal);

    /// <summary>The circuit breaker of an operation such as <c>ListClusters</c>.</summary>
    public CredentialCircuitBreaker Of(string operation) =>
        _breakers.GetOrAdd(
            operation,
            name => new CredentialCircuitBreaker(
                clock,
                AskEvery,
                (rejection, wait) =>
                    CceLog.NotOffered(logger, name, rejection.StatusCode, rejection.Code, rejection.RequestId, wait.TotalHours),
                lifted: null
            )
        );

    /// <summary>The oldest rejection of any operation; null while none is in force.</summary>
    public (DateTimeOffset Since, string Message)? Refusal =>
        _breakers
            .Values.Select(breaker => breaker.Refusal)
            .Where(rejection => rejection is not null)
            .OrderBy(rejection => rejection!.Value.Since)
            .FirstOrDefault();
}
