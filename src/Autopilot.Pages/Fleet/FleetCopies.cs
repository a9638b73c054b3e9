using Autopilot.Api.Health;
using Autopilot.Api.Workflows;
using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;

namespace Autopilot.Pages.Fleet;

/// <summary>
/// What all pages about the fleet are made of. However many are open, the fleet is read at most once in five seconds, and not at all while
/// no page asks. The API and MCP don't use it.
/// </summary>
internal sealed class FleetCopies(
    WorkflowLister lister,
    SummaryResponseCache summaries,
    Cadence cadence,
    ReadinessProbe readiness,
    TimeProvider clock
)
{
    /// <summary>Lines of a page.</summary>
    public const int PageSize = 200;

    /// <summary>Different questions about what is over that are remembered.</summary>
    private const int MostQuestions = 50;

    private readonly SharedCopy<FleetCopy> _active = new(clock);
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Text, string? After), SharedCopy<FinishedCopy>> _finished = [];

    /// <summary>All active upgrades, those first that need a person.</summary>
    public Task<FleetCopy> ActiveAsync(CancellationToken cancellationToken) => _active.GetAsync(ReadActiveAsync, cancellationToken);

    /// <summary>A page of what is over or no longer tracked.</summary>
    /// <param name="text">The whole name or id of a cluster; empty for all.</param>
    /// <param name="after">Token of the page before; null begins.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<FinishedCopy> FinishedAsync(string text, string? after, CancellationToken cancellationToken)
    {
        SharedCopy<FinishedCopy> shared;
        lock (_lock)
        {
            if (!_finished.TryGetValue((text, after), out shared!))
            {
                if (_finished.Count >= MostQuestions)
                {
                    foreach (var (question, _) in _finished.Where(one => one.Value.IsOld).ToList())
                    {
                        _finished.Remove(question);
                    }
                }

                _finished[(text, after)] = shared = new(clock);
            }
        }

        return shared.GetAsync(token => ReadFinishedAsync(text, after, token), cancellationToken);
    }

    private async Task<FleetCopy> ReadActiveAsync(CancellationToken cancellationToken)
    {
        var health = readiness.ProbeAsync(cancellationToken);
        var fleet = await lister.ReadFleetAsync(LineOf, cancellationToken);
        return new(fleet, (await health).Findings);
    }

    private async Task<FinishedCopy> ReadFinishedAsync(string text, string? after, CancellationToken cancellationToken)
    {
        var list = await lister.ListAsync(
            new WorkflowQuery { Active = false, Cluster = text.Length == 0 ? null : new AnyOf<string>([text]) },
            default,
            PageSize,
            after,
            cancellationToken
        );
        return new([.. list.Items.Select(item => LineOf(item.Row, list.Baseline))], list.ContinuationToken, list.Unreadable);
    }

    private FleetLine LineOf(TrackedWorkflow row, Baseline baseline) =>
        FleetLine.Of(summaries.Summarize(row, baseline, Freshness.Of(row, clock.GetUtcNow(), cadence.IntervalOf(row))));
}
