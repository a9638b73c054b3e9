using System.Text.Json.Nodes;

namespace Autopilot.Functions.Tests.Worker;

/// <summary>One item of telemetry as Application Insights receives it.</summary>
/// <param name="Kind"><c>MessageData</c>, <c>ExceptionData</c>, <c>RequestData</c>, <c>RemoteDependencyData</c> or
/// <c>MetricData</c>.</param>
/// <param name="TraceId">The operation that it belongs to; null outside of any.</param>
/// <param name="Json">The whole of it.</param>
internal sealed record TelemetryEnvelope(string Kind, string? TraceId, string Json)
{
    public bool IsLog => Kind is "MessageData" or "ExceptionData";

    public bool IsSpan => Kind is "RequestData" or "RemoteDependencyData";

    public static TelemetryEnvelope Of(JsonNode item) =>
        new((string)item["data"]!["baseType"]!, (string?)item["tags"]?["ai.operation.id"], item.ToJsonString());
}
