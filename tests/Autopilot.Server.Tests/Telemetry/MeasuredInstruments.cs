using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Autopilot.Server.Tests.Telemetry;

/// <summary>Every instrument of this process that a server would export, and the tags that it was measured with.</summary>
internal sealed class MeasuredInstruments : IDisposable
{
    private static readonly string[] Others = ["Microsoft.AspNetCore.Hosting", "System.Runtime"];
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> _tags = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);

    public MeasuredInstruments()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!Hosting.AutopilotTelemetry.MeterNames.Contains(instrument.Meter.Name) && !Others.Contains(instrument.Meter.Name))
            {
                return;
            }

            _instruments[instrument.Name] = instrument;
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Note(instrument, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        _listener.Start();
    }

    /// <summary>Every instrument by its name.</summary>
    public IReadOnlyDictionary<string, Instrument> All => _instruments;

    /// <summary>The tags that an instrument was measured with.</summary>
    public IEnumerable<string> TagsOf(string instrument) => _tags.TryGetValue(instrument, out var tags) ? tags.Keys : [];

    /// <summary>Measures what is only measured on request.</summary>
    public void Observe() => _listener.RecordObservableInstruments();

    /// <summary>
    /// The names under which Prometheus has an instrument, by the rules of the OpenTelemetry specification ("Prometheus and OpenMetrics
    /// Compatibility"):
    /// dots become underscores, the unit and <c>_total</c> of a counter follow.
    /// </summary>
    public static IEnumerable<string> PrometheusNames(Instrument instrument)
    {
        var kind = instrument.GetType().Name.Split('`')[0];
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        var name = $"{instrument.Name.Replace('.', '_')}{unit}";
        return kind switch
        {
            "Counter" or "ObservableCounter" => [$"{name}_total"],
            "Histogram" => [$"{name}_bucket", $"{name}_count", $"{name}_sum"],
            _ => [name],
        };
    }

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (tag, _) in tags)
        {
            _tags.GetOrAdd(instrument.Name, _ => new(StringComparer.Ordinal))[tag] = true;
        }
    }
}
