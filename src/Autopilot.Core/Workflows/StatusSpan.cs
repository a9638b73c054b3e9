namespace Autopilot.Core.Workflows;

/// <summary>
/// A time in which a run was seen queued, paused or in a status that we don't know. Upstream gives no times for these; only observations
/// do.
/// </summary>
/// <param name="Status">The status that was seen.</param>
/// <param name="From">The first observation of it, by our clock.</param>
/// <param name="Until">The first observation of another status; null while it lasts.</param>
public sealed record StatusSpan(UpgradeTaskStatus Status, DateTimeOffset From, DateTimeOffset? Until)
{
    /// <summary>Most that are kept of one run, the newest.</summary>
    public const int MaxKept = 20;

    /// <summary>
    /// The spans of a run once <paramref name="status"/> was observed at <paramref name="observedAt"/>; null when there are none.
    /// </summary>
    internal static IReadOnlyList<StatusSpan>? After(IReadOnlyList<StatusSpan>? known, UpgradeTaskStatus status, DateTimeOffset observedAt)
    {
        var last = known is { Count: > 0 } ? known[^1] : null;
        if (last is { Until: null } && last.Status == status)
        {
            return known;
        }

        var lasts = status == UpgradeTaskStatus.Pause || !status.IsKnown || (status.IsOpen() && status != UpgradeTaskStatus.Running);
        if (!lasts && last is not { Until: null })
        {
            return known;
        }

        IEnumerable<StatusSpan> spans = known ?? [];
        spans = last is { Until: null } ? spans.SkipLast(1).Append(last with { Until = observedAt }) : spans;
        spans = lasts ? spans.Append(new StatusSpan(status, observedAt, null)) : spans;
        return [.. spans.TakeLast(MaxKept)];
    }
}
