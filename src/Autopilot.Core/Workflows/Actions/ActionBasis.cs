using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows.Actions;

/// <summary>What a statement about an action rests on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ActionBasis>))]
public enum ActionBasis
{
    /// <summary>Upstream's documents say it of this state.</summary>
    Documented,

    /// <summary>It follows from what they say; upstream may decide otherwise.</summary>
    Inferred,
}
