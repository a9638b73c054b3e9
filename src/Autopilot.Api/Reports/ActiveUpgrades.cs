using Autopilot.Api.Workflows;
using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;

namespace Autopilot.Api.Reports;

/// <summary>
/// The upgrades that go on within a report's range: those that began before its end, since their own end is open. Only active rows are read
/// for them, all of them at once.
/// </summary>
internal sealed class ActiveUpgrades(WorkflowServices services, WorkflowLister lister, RunQuery query)
{
    /// <summary>Most that a report shows.</summary>
    public const int MaxShown = 1000;

    private string Query => $"active runs {query.ClusterId} {query.ClusterName} {query.ProjectId} {query.TargetVersion} {query.To:O}";

    /// <summary>Reads a token; false where it is not one of these runs, and may be one of finished runs.</summary>
    public bool TryToken(string? token, out SortKey? after)
    {
        after = null;
        try
        {
            after = ContinuationToken.Decode(token, Query);
            return true;
        }
        catch (InvalidContinuationTokenException)
        {
            return false;
        }
    }

    /// <summary>A page of them, the oldest first, those whose creation is unknown last: full, or the last one.</summary>
    public async Task<Page<ActiveUpgrade>> ReadPageAsync(int pageSize, SortKey? after, CancellationToken cancellationToken)
    {
        var (runs, unreadable) = await ReadAsync(cancellationToken);
        var page = runs.Where(run => after is null || SortKey.Compare(KeyOf(run), after.Value, descendingText: false) > 0)
            .Take(pageSize + 1)
            .ToList();
        return page.Count > pageSize
            ? new Page<ActiveUpgrade>(page[..pageSize], ContinuationToken.Encode(Query, KeyOf(page[pageSize - 1])))
            {
                Unreadable = unreadable,
            }
            : new Page<ActiveUpgrade>(page, null) { Unreadable = unreadable };
    }

    /// <summary>All of them, the oldest first, and how many rows cannot be read.</summary>
    public async Task<(IReadOnlyList<ActiveUpgrade> Runs, int Unreadable)> ReadAsync(CancellationToken cancellationToken)
    {
        List<ActiveUpgrade> runs = [];
        var now = services.Clock.GetUtcNow();
        var (_, unreadable) = await lister.ReadActiveAsync(
            new WorkflowQuery { ClusterId = query.ClusterName is null ? query.ClusterId : null, ProjectId = query.ProjectId },
            (row, baseline) =>
            {
                if (
                    query.IsOfClusters(row.Target.ClusterId, row.ClusterName)
                    && ActiveUpgrade.IsWithin(row, query.To)
                    && (query.TargetVersion is null || row.State?.TargetVersion == query.TargetVersion)
                    && ActiveUpgrade.Of(row, baseline, now, services.Cadence.IntervalOf(row)) is { } run
                )
                {
                    runs.Add(run);
                }
            },
            cancellationToken
        );
        runs.Sort((x, y) => SortKey.Compare(KeyOf(x), KeyOf(y), descendingText: false));
        return (runs, unreadable);
    }

    /// <summary>The longest so far first, whether there are more than are shown, and how many rows cannot be read.</summary>
    public async Task<(IReadOnlyList<ActiveUpgrade> Runs, bool Cut, int Unreadable)> LongestAsync(CancellationToken cancellationToken)
    {
        var (runs, unreadable) = await ReadAsync(cancellationToken);
        return ([.. runs.Order(ActiveUpgrade.LongestFirst).Take(MaxShown)], runs.Count > MaxShown, unreadable);
    }

    private static SortKey KeyOf(ActiveUpgrade run) => new(0, "", run.CreatedAt?.UtcTicks ?? long.MaxValue, run.WorkflowId);
}
