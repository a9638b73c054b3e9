using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows;

/// <summary>How serious an insight is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InsightLevel>))]
public enum InsightLevel
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Worth acting on.</summary>
    Warning,

    /// <summary>Must be acted on.</summary>
    Error,
}
