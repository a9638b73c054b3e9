using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows;

/// <summary>A task of a finished upgrade that failed, or one item that it failed on.</summary>
/// <param name="Type">The task.</param>
/// <param name="Item">The item, cut to 128 characters; null for the task as a whole.</param>
/// <param name="ClusterId">The upgrade's cluster.</param>
/// <param name="WorkflowId">The upgrade.</param>
/// <param name="EndedAt">When the upgrade ended.</param>
/// <param name="BlockedSeconds">How long failures blocked the upgrade, all together; null where that is unknown.</param>
public sealed record FailurePrecedent(
    UpgradeTaskType Type,
    string? Item,
    string ClusterId,
    string WorkflowId,
    DateTimeOffset EndedAt,
    double? BlockedSeconds
)
{
    /// <summary>Whether the attempt that followed the first failure succeeded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Resolved { get; init; }

    /// <summary>Of a task as a whole: whether what it failed on is known by name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Named { get; init; }
}
