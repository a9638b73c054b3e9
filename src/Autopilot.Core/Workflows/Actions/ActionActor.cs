using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows.Actions;

/// <summary>Who acts.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ActionActor>))]
public enum ActionActor
{
    /// <summary>A person of the customer's.</summary>
    User,

    /// <summary>The cloud's support.</summary>
    Support,

    /// <summary>The cloud's service itself.</summary>
    Upstream,
}
