using Autopilot.Core.Paging;

namespace Autopilot.Api.Mcp;

/// <summary>A page of upgrades in short: as many as were asked for, or all that are left.</summary>
internal sealed record UpgradeList(
    IReadOnlyList<UpgradeLine> Upgrades,
    IReadOnlyDictionary<string, int> Counts,
    int? Unreadable,
    PartialReason? Partial,
    string? ContinuationToken,
    string? Note
);
