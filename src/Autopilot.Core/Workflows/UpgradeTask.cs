namespace Autopilot.Core.Workflows;

/// <summary>
/// One task of a workflow as one document shows it (an entry of <c>pointStatuses</c>). A time before 2015 is no time and is left out.
/// </summary>
public sealed record UpgradeTask
{
    /// <summary>What the task does.</summary>
    public required UpgradeTaskType Type { get; init; }

    /// <summary>Upstream's id of the latest run, absent until the task was started.</summary>
    public string? TaskId { get; init; }

    /// <summary>Status; <see cref="UpgradeTaskStatus.NotStarted"/> where upstream gives none.</summary>
    public UpgradeTaskStatus Status
    {
        get;
        init => field = value == default ? UpgradeTaskStatus.NotStarted : value;
    } = UpgradeTaskStatus.NotStarted;

    /// <summary>Start of the latest run, UTC.</summary>
    public DateTimeOffset? StartedAt
    {
        get;
        init => field = Clocks.Plausible(value);
    }

    /// <summary>End of the latest run, UTC; absent while it runs.</summary>
    public DateTimeOffset? EndedAt
    {
        get;
        init => field = Clocks.Plausible(value);
    }

    /// <summary>Until when the result is valid, UTC; only a pre-check has one.</summary>
    public DateTimeOffset? ExpiresAt
    {
        get;
        init => field = Clocks.Plausible(value);
    }
}
