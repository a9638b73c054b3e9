namespace Autopilot.Core.Workflows;

/// <summary>The one task that the workflow cannot move past now.</summary>
public sealed record BlockingTask
{
    /// <summary>The task that blocks.</summary>
    public required UpgradeTaskType Type { get; init; }

    /// <summary>Upstream's id of its latest run; null until it was started.</summary>
    public string? TaskId { get; init; }

    /// <summary>Its status, by upstream's names.</summary>
    public required UpgradeTaskStatus Status { get; init; }

    /// <summary>Why it blocks.</summary>
    public required BlockingReason Reason { get; init; }

    /// <summary>Since when it blocks, UTC; null where neither upstream nor an observation gives it.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>True where only an observation gives <see cref="Since"/>, and not a time of upstream's; left out otherwise.</summary>
    public bool? SinceObserved { get; init; }

    /// <summary>How long it has blocked, as of the observation; null where that is unknown.</summary>
    public double? BlockedSeconds { get; init; }

    /// <summary>What happened and for how long.</summary>
    public required string Message { get; init; }

    /// <summary>What a person does next.</summary>
    public required string Remediation { get; init; }

    /// <summary>Upstream's own details of a failure; null when it has given none.</summary>
    public IReadOnlyList<FailureDetail>? Details { get; init; }

    /// <summary>Pages that say more; null where none is known.</summary>
    public IReadOnlyList<ReferenceLink>? References { get; init; }

    /// <summary>Finished upgrades that failed on the same; null where none is known, and of what has not failed.</summary>
    public Precedents? Precedents { get; init; }

    /// <summary>The message without what it quotes of <see cref="Details"/>, for where they stand beside it.</summary>
    public string MessageWithoutDetails() => Details is { Count: > 0 } ? FailurePhrases.WithoutSentences(Message) : Message;
}
