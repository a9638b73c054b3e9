using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Autopilot.Hosting;

/// <summary>
/// Samples at most so many traces a second, those of sampled callers included. The exporter's own limit does not apply to them, and every
/// invocation of the platform has a caller. A trace that its caller has not sampled is not sampled. It stands here, as the worker loads the
/// base of each type of the function app at its start, wanted or not.
/// </summary>
/// <param name="tracesPerSecond">0 or more; as many may come at once.</param>
public sealed class TraceLimit(int tracesPerSecond, TimeProvider clock) : Sampler
{
    /// <summary>The span exists, so that logs bear its trace id, but is not sent.</summary>
    private static readonly SamplingResult Unsampled = new(SamplingDecision.RecordOnly);

    private readonly Lock _lock = new();
    private double _left = tracesPerSecond;
    private long _at = clock.GetTimestamp();

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        if (parent.TraceId != default && !parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
        {
            return Unsampled;
        }

        // A span within one that this process has begun: the trace is counted already.
        var within = parent.TraceId != default && Activity.Current?.SpanId == parent.SpanId;
        return within || Take() ? new SamplingResult(SamplingDecision.RecordAndSample) : Unsampled;
    }

    private bool Take()
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            _left = Math.Min(tracesPerSecond, _left + (clock.GetElapsedTime(_at, now).TotalSeconds * tracesPerSecond));
            _at = now;
            if (_left < 1)
            {
                return false;
            }

            _left--;
            return true;
        }
    }
}
