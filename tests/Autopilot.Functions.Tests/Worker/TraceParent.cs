using System.Diagnostics;

namespace Autopilot.Functions.Tests.Worker;

/// <summary>A caller's trace, as the header <c>traceparent</c> of W3C Trace Context has it.</summary>
internal sealed record TraceParent(string TraceId, string Header)
{
    public static TraceParent Random(bool sampled)
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        return new TraceParent(trace, $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-{(sampled ? "01" : "00")}");
    }
}
