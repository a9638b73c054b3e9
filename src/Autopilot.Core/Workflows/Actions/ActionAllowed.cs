using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows.Actions;

/// <summary>Whether upstream allows an action now.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ActionAllowed>))]
public enum ActionAllowed
{
    /// <summary>It can be done.</summary>
    Yes,

    /// <summary>It is refused.</summary>
    No,

    /// <summary>Upstream documents neither.</summary>
    Unknown,
}
