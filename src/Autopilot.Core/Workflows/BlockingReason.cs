using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows;

/// <summary>Why the workflow cannot move past a task now.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BlockingReason>))]
public enum BlockingReason
{
    /// <summary>A status that this version does not know.</summary>
    Unknown,

    /// <summary>A rollback runs.</summary>
    RollingBack,

    /// <summary>The task failed.</summary>
    TaskFailed,

    /// <summary>A rollback has succeeded: the cluster stage must be run again.</summary>
    RolledBack,

    /// <summary>The task is paused.</summary>
    Paused,

    /// <summary>The task runs.</summary>
    InProgress,

    /// <summary>The task waits for upstream's own resources.</summary>
    Queued,

    /// <summary>The pre-check passed, but its result has expired before anything used it.</summary>
    PreCheckExpired,

    /// <summary>Only the post-check is left: a person must confirm the upgrade.</summary>
    AwaitingConfirmation,

    /// <summary>Next up, and not started yet.</summary>
    AwaitingStart,
}
