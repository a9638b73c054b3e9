using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows;

/// <summary>What a row of a timeline shows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TimelineKind>))]
public enum TimelineKind
{
    /// <summary>The task ran, or runs.</summary>
    Run,

    /// <summary>A person could have started the task and did not.</summary>
    Wait,

    /// <summary>The task was queued upstream.</summary>
    Queue,

    /// <summary>The task blocked the upgrade: it had failed, was paused, had expired or was rolled back.</summary>
    Blocked,
}
