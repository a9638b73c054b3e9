using Autopilot.Core.Settings;

namespace Autopilot.Functions.Telemetry;

/// <summary>Section <c>Telemetry</c>: what is sent to Application Insights.</summary>
internal sealed class TelemetryOptions
{
    private const int MostTraces = 1000;

    /// <summary>
    /// <c>Telemetry:TracesPerSecond</c>: traces that each process sends in a second, 0–1,000, those of sampled callers included; the rest
    /// are sampled out. A trace that its caller has not sampled is not sent. Default 5, as the exporter has it. Logs and metrics are always
    /// sent.
    /// </summary>
    public int TracesPerSecond { get; set; } = 5;

    public static void Read(TelemetryOptions options, SettingsReader settings) =>
        options.TracesPerSecond = settings.Integer("Telemetry:TracesPerSecond", options.TracesPerSecond, 0, MostTraces);
}
