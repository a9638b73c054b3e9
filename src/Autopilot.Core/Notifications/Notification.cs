using System.Globalization;
using System.Text.Json.Serialization;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Notifications;

/// <summary>One transition of a workflow, with everything that a message about it says, so that delivery reads nothing else.</summary>
public sealed record Notification
{
    /// <summary>The workflow that it is about.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>Counts the workflow's transitions, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the transition was observed.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The state that was notified, or known, before.</summary>
    public required NotificationState From { get; init; }

    /// <summary>The state that it notifies of.</summary>
    public required NotificationState To { get; init; }

    /// <summary>Whether the workflow has ended: no transition can follow, so there is nothing to wait for.</summary>
    public bool Final { get; init; }

    /// <summary>
    /// The last read of the workflow before this transition, which showed <see cref="From"/>; null in rows of older versions.
    /// </summary>
    public DateTimeOffset? ReadBefore { get; init; }

    /// <summary>Whether the workflow keeps changing: <see cref="To"/> did not last, as those before it.</summary>
    public bool Unsettled { get; init; }

    /// <summary>Whether a person asked for it to try the webhooks.</summary>
    public bool Sample { get; init; }

    /// <summary>What it says, as of the transition.</summary>
    public required NotificationFacts Facts { get; init; }

    /// <summary>
    /// The same for every delivery of this transition, and of no other one: after a purge sequences start again at 1, times do not repeat.
    /// </summary>
    [JsonIgnore]
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{WorkflowId}.{Sequence}.{At.ToUnixTimeSeconds()}");

    /// <summary>What changed.</summary>
    [JsonIgnore]
    public Transitions Changes => To.ChangesFrom(From);
}
