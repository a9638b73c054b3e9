namespace Autopilot.Core.Workflows;

/// <summary>One backup task of a cluster, as upstream lists it.</summary>
/// <param name="Uid">Upstream's id of the task.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="Phase">As upstream says it.</param>
/// <param name="Progress">As upstream says it: its scale is not documented.</param>
/// <param name="Items">Its parts.</param>
public sealed record SnapshotTask(
    string? Uid,
    DateTimeOffset? CreatedAt,
    string? Phase,
    string? Progress,
    IReadOnlyList<SnapshotItem> Items
);
