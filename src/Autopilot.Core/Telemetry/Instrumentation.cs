using System.Diagnostics;

namespace Autopilot.Core.Telemetry;

/// <summary>The one name of the meter and of the activity source, so that a host subscribes to one word.</summary>
public static class Instrumentation
{
    /// <summary>The name. Alerts and dashboards depend on it.</summary>
    public const string Name = "Autopilot";

    /// <summary>Spans of cycles and of polls that a person requests, around those of the clients.</summary>
    internal static readonly ActivitySource Activities = new(Name);
}
