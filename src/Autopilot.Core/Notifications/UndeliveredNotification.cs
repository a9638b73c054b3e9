namespace Autopilot.Core.Notifications;

/// <summary>A notification that a webhook never took.</summary>
public sealed record UndeliveredNotification
{
    /// <summary>Name of the webhook.</summary>
    public required string Webhook { get; init; }

    /// <summary>Id of the notification, the same on every attempt and in every webhook.</summary>
    public required string Id { get; init; }

    /// <summary>The workflow that it is about.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>Orders the notifications of a workflow.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the transition was observed.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When its delivery was given up, UTC.</summary>
    public required DateTimeOffset GivenUpAt { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>How the last attempt failed.</summary>
    public string? Error { get; init; }

    /// <summary>What it would have said, in one sentence.</summary>
    public required string Headline { get; init; }
}
