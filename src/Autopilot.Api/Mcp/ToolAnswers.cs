using Autopilot.Api.Changes;
using Autopilot.Api.Workflows;
using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Mcp;

/// <summary>A page of upgrades in short: as many as were asked for, or all that are left.</summary>
internal sealed record UpgradeList(
    IReadOnlyList<UpgradeLine> Upgrades, IReadOnlyDictionary<string, int> Counts, int? Unreadable, PartialReason? Partial, string? ContinuationToken);

/// <summary>One upgrade in short: parts of its summary, so that a list fits an agent's context.</summary>
internal sealed record UpgradeLine(
    string Id,
    string? ClusterId,
    string? ClusterName,
    string? FromVersion,
    string? TargetVersion,
    WorkflowPhase? Phase,
    Assessment Assessment,
    string Headline,
    int? Percent,
    double? BlockedSeconds,
    DateTimeOffset? ObservedAt,
    bool Stale)
{
    public static UpgradeLine Of(WorkflowSummary summary) => new(
        summary.Id,
        summary.ClusterId,
        summary.ClusterName,
        summary.FromVersion,
        summary.TargetVersion,
        summary.Phase,
        summary.Assessment,
        summary.Headline,
        summary.Progress?.Percent,
        summary.BlockingTask?.BlockedSeconds,
        summary.ObservedAt,
        summary.Stale);
}

/// <summary>What holds an upgrade up, and what is worth knowing beside it.</summary>
internal sealed record BlockerExplanation(string Id, Assessment Assessment, string Headline, DateTimeOffset? ObservedAt, bool Stale, BlockingTask? BlockingTask, IReadOnlyList<Insight> Insights);

/// <summary>A page of an upgrade's changes, newest first: as many as were asked for, or all that are left.</summary>
internal sealed record UpgradeHistory(
    string Id, string Headline, bool Stale, IReadOnlyList<HistoryItem> Changes, int? Unreadable, PartialReason? Partial, string? ContinuationToken);

/// <summary>The upgrades that wait for a person, the most urgent first.</summary>
/// <param name="Counts">How many that go on have each assessment, of all that match, those that need no one included.</param>
internal sealed record AttentionList(
    IReadOnlyList<AttentionItem> Upgrades, IReadOnlyDictionary<string, int> Counts, int? Unreadable, PartialReason? Partial, string? ContinuationToken);

/// <summary>A page of changes over all clusters, newest first.</summary>
/// <param name="Since">The earliest observation, inclusive: the token of the next page belongs to it.</param>
internal sealed record ChangeList(DateTimeOffset Since, IReadOnlyList<FleetChangeItem> Changes, int? Unreadable, PartialReason? Partial, string? ContinuationToken);
