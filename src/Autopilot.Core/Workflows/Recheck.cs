using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows;

/// <summary>When a new pre-check can pass an item that has failed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Recheck>))]
public enum Recheck
{
    /// <summary>As soon as the cause is mended.</summary>
    AtOnce,

    /// <summary>Once the change has ended, such as the reset of a node.</summary>
    AfterChange,

    /// <summary>Up to 24 hours after the last event that the check counts: it reads the logs of the past day.</summary>
    WithinDay,

    /// <summary>Once support has acted.</summary>
    AfterSupport,

    /// <summary>At once; a second failure is a case for support.</summary>
    TicketOnSecondFailure,

    /// <summary>At once, with another target version.</summary>
    OtherTarget,

    /// <summary>A new check is not needed for it.</summary>
    Never,
}
