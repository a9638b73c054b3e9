using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Autopilot.Cce.Telemetry;

/// <summary>What can be measured about upstream. The meter is named <see cref="MeterName"/>.</summary>
public sealed class CceMetrics
{
    /// <summary>Name of the meter, for exporters.</summary>
    public const string MeterName = "Autopilot.Cce";

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _throttled;

    public CceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram(
            "autopilot.cce.request.duration",
            "s",
            "Attempts upstream, headers and body together, by operation and status.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] }
        );
        _throttled = meter.CreateCounter<long>(
            "autopilot.cce.throttled",
            "{request}",
            "Requests that the gateway answered by 429, and reads that were given up since their permit was too far off."
        );
    }

    internal void Attempt(string operation, int? status, string? error, TimeSpan duration)
    {
        var tags = new TagList { { "operation", operation } };
        if (status is { } code)
        {
            tags.Add("http.response.status_code", code);
        }

        if (error is not null)
        {
            tags.Add("error.type", error);
        }

        _duration.Record(duration.TotalSeconds, tags);
    }

    /// <param name="by"><c>gateway</c> or <c>client</c>.</param>
    internal void Throttled(string by) => _throttled.Add(1, new KeyValuePair<string, object?>("by", by));
}
