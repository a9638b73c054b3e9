using System.Runtime.CompilerServices;
using Autopilot.Api.Workflows;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;

namespace Autopilot.Api.Reports;

/// <summary>
/// The upgrades that go on within a report's range: those that began before its end, since their own end is open. Only active rows are read for them, page by page.
/// </summary>
internal sealed class ActiveRuns(WorkflowServices services, RunQuery query)
{
    /// <summary>Most that a report shows.</summary>
    public const int MaxShown = 1000;

    /// <summary>Pages that a report looks at, however many there are.</summary>
    private const int MaxPages = 20;

    private const int PageSize = 1000;

    /// <summary>One page in the store's order; it may be short, even empty, and still have a token.</summary>
    /// <exception cref="InvalidContinuationTokenException">The token is not of this query.</exception>
    public async Task<Page<ActiveRun>> ReadPageAsync(int pageSize, string? continuationToken, CancellationToken cancellationToken)
    {
        var wanted = new WorkflowQuery { ClusterId = query.ClusterId, ProjectId = query.ProjectId, Active = true };
        var page = await services.Store.ListAsync(wanted, pageSize, continuationToken, cancellationToken);
        var baseline = await services.BaselineAsync(cancellationToken);
        var now = services.Clock.GetUtcNow();
        return new(
            [
                .. page.Items
                    .Where(row => ActiveRun.IsWithin(row, query.To) && (query.TargetVersion is null || row.State?.TargetVersion == query.TargetVersion))
                    .Select(row => ActiveRun.Of(row, baseline, now, services.Cadence.IntervalOf(row)))
                    .OfType<ActiveRun>(),
            ],
            page.ContinuationToken);
    }

    /// <summary>All of them, read as they are asked for.</summary>
    public async IAsyncEnumerable<ActiveRun> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var page = await ReadPageAsync(PageSize, token, cancellationToken);
            foreach (var run in page.Items)
                yield return run;
            token = page.ContinuationToken;
        }
        while (token is not null);
    }

    /// <summary>The longest so far first, and whether there are more than were looked at or are shown.</summary>
    public async Task<(IReadOnlyList<ActiveRun> Runs, bool Cut)> LongestAsync(CancellationToken cancellationToken)
    {
        List<ActiveRun> longest = [];
        var (found, pages) = (0, 0);
        string? token = null;
        do
        {
            var page = await ReadPageAsync(PageSize, token, cancellationToken);
            found += page.Items.Count;
            longest.AddRange(page.Items);
            longest.Sort(ActiveRun.LongestFirst);
            if (longest.Count > MaxShown)
                longest.RemoveRange(MaxShown, longest.Count - MaxShown);
            token = page.ContinuationToken;
        }
        while (token is not null && ++pages < MaxPages);
        return (longest, found > longest.Count || token is not null);
    }
}
