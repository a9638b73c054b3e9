using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows;

/// <summary>What a workflow's state means to the reader. A fixed set of our own.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Assessment>))]
public enum Assessment
{
    /// <summary>Cannot be determined, or nothing was read yet.</summary>
    Unknown,

    /// <summary>Nothing has started.</summary>
    NotStarted,

    /// <summary>Nothing runs; a person must act, and nothing is wrong.</summary>
    Waiting,

    /// <summary>Something runs or is queued.</summary>
    Progressing,

    /// <summary>The running task has taken longer than the 80th percentile (P80) of its history.</summary>
    Slow,

    /// <summary>The running task takes far longer than any normal run, or has been queued for over 30 minutes.</summary>
    Stalled,

    /// <summary>It cannot continue until a person fixes something.</summary>
    Blocked,

    /// <summary>A rollback is under way.</summary>
    RollingBack,

    /// <summary>Phase <c>Success</c>.</summary>
    Completed,

    /// <summary>Phase <c>Cancel</c>.</summary>
    Cancelled,

    /// <summary>Upstream no longer knows it.</summary>
    Gone,
}
