using System.Diagnostics;
using Autopilot.Hosting;
using OpenTelemetry;

namespace Autopilot.Functions.Telemetry;

/// <summary>Redacts each span before it is exported: it stands before the exporter.</summary>
internal sealed class RedactingProcessor : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data) => SpanRedaction.Apply(data);
}
