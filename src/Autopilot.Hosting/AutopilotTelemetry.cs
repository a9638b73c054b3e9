using Autopilot.Cce.Telemetry;
using Autopilot.Core.Telemetry;
using Autopilot.Storage.Tables;

namespace Autopilot.Hosting;

/// <summary>The names under which the libraries measure and trace. A host decides where they are exported.</summary>
public static class AutopilotTelemetry
{
    /// <summary>The source of spans: cycles, and polls that a person requests. Single requests to upstream and storage have none.</summary>
    public const string SourceName = Instrumentation.Name;

    /// <summary>The meters: the domain's, the CCE client's and the storage client's.</summary>
    public static string[] MeterNames => [Instrumentation.Name, CceMetrics.MeterName, StorageMetrics.MeterName];
}
