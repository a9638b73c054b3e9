using System.Collections.Concurrent;
using Autopilot.Cce.Telemetry;
using Microsoft.Extensions.Logging;

namespace Autopilot.Cce.Refusals;

/// <summary>
/// One gate for each operation beside the reading of a workflow. An operation that the gateway does not offer (404 <c>APIGW.*</c>) closes its own gate alone, and is
/// asked again once a day; one that this process has used before, after ten minutes.
/// </summary>
internal sealed class OperationGates(TimeProvider clock, ILogger<OperationGates> logger)
{
    /// <summary>Between two requests of an operation that was never offered.</summary>
    public static readonly TimeSpan AskEvery = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, RefusalGate> _gates = new(StringComparer.Ordinal);

    /// <summary>The gate of an operation such as <c>ListClusters</c>.</summary>
    public RefusalGate Of(string operation) => _gates.GetOrAdd(operation, name => new RefusalGate(
        clock, AskEvery, (refusal, wait) => CceLog.NotOffered(logger, name, refusal.StatusCode, refusal.Code, refusal.RequestId, wait.TotalHours), lifted: null));

    /// <summary>The oldest refusal of any operation; null while none stands.</summary>
    public (DateTimeOffset Since, string Message)? Refusal =>
        _gates.Values.Select(gate => gate.Refusal).Where(refusal => refusal is not null).OrderBy(refusal => refusal!.Value.Since).FirstOrDefault();
}
