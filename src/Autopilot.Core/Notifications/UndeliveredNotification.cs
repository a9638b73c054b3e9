namespace Autopilot.Core.Notifications;

/// <summary>A notification that a webhook never took.</summary>
public sealed record UndeliveredNotification
{
    public required string Webhook { get; init; }
    public required string Id { get; init; }
    public required string WorkflowId { get; init; }
    public required long Sequence { get; init; }

    /// <summary>When the transition was observed.</summary>
    public required DateTimeOffset At { get; init; }

    public required DateTimeOffset GivenUpAt { get; init; }
    public required int Attempts { get; init; }

    /// <summary>How the last attempt failed.</summary>
    public string? Error { get; init; }

    public required string Headline { get; init; }
}
