using System.Diagnostics;

namespace Autopilot.Core.Tracking;

/// <summary>Traces of the tracker: a span per cycle and per poll at a person's wish, around the client's own.</summary>
internal static class TrackingActivity
{
    /// <summary>Bears the meter's name, so that a head names one word.</summary>
    public static readonly ActivitySource Source = new(TrackingMetrics.MeterName);
}
