namespace Autopilot.Simulator.Scenarios;

/// <summary>One task as upstream would know it: of every task ever started, not only of the latest.</summary>
public sealed record TaskState
{
    public required string Id { get; init; }

    /// <summary><c>PreCheck</c>, <c>Snapshot</c>, <c>Cluster</c>, <c>PostCheck</c> or <c>Rollback</c>.</summary>
    public required string Type { get; init; }

    /// <summary><c>Queuing</c>, <c>Running</c>, <c>Success</c> or <c>Failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When it was asked for; it may have been queued before it ran.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Absent while it runs, also while it runs again.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Only of a pre-check that passed: its end and an hour.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Upstream's words about a failure; empty otherwise.</summary>
    public string Message { get; init; } = "";

    /// <summary>Only of a pre-check that has ended.</summary>
    public IReadOnlyList<CheckItem> Items { get; init; } = [];
}
