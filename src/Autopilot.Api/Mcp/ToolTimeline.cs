using Autopilot.Core.Workflows;

namespace Autopilot.Api.Mcp;

/// <summary>A timeline whose last rows are shown: see <see cref="UpgradeTimeline"/> for its members.</summary>
internal sealed record ToolTimeline
{
    public required string WorkflowId { get; init; }
    public string? ClusterName { get; init; }
    public string? FromVersion { get; init; }
    public string? TargetVersion { get; init; }
    public Assessment? Assessment { get; init; }
    public string? Headline { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public IReadOnlyList<TimelineTask>? Tasks { get; init; }
    public IReadOnlyList<TimelineRow> Rows { get; init; } = [];

    /// <summary>Rows before those that are shown; null where all are.</summary>
    public int? EarlierRows { get; init; }

    /// <param name="most">Rows at most.</param>
    public static ToolTimeline Of(UpgradeTimeline timeline, int most) =>
        new()
        {
            WorkflowId = timeline.WorkflowId,
            ClusterName = timeline.ClusterName,
            FromVersion = timeline.FromVersion,
            TargetVersion = timeline.TargetVersion,
            Assessment = timeline.Assessment,
            Headline = timeline.Headline,
            From = timeline.From,
            To = timeline.To,
            EndedAt = timeline.EndedAt,
            Tasks = timeline.Tasks,
            Rows = timeline.Rows.Count <= most ? timeline.Rows : [.. timeline.Rows.Skip(timeline.Rows.Count - most)],
            EarlierRows = timeline.Rows.Count <= most ? null : timeline.Rows.Count - most,
        };
}
