using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Core.Listing;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Workflows;

/// <summary>What the handlers of workflows need.</summary>
internal sealed record WorkflowServices(
    [FromServices] IWorkflowReader Rows,
    [FromServices] BaselineCache Baselines,
    [FromServices] Cadence Cadence,
    [FromServices] TimeProvider Clock,
    [FromServices] SummaryResponseCache Written,
    [FromServices] ClusterDirectory Names
)
{
    /// <summary>
    /// The workflow that a reference stands for: the one with this id, else the upgrade of the cluster with this id or name. Of several
    /// clusters of a name the only one whose upgrade goes on is meant.
    /// </summary>
    public Task<WorkflowResolution> FindAsync(Reference reference, CancellationToken cancellationToken) =>
        FindAsync(reference, FindAsync, cancellationToken);

    /// <param name="reference">An id, which costs what <paramref name="find"/> costs, or a name.</param>
    /// <param name="find">Finds a workflow by its id, or does more with it; null where it is unknown.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<WorkflowResolution> FindAsync(
        Reference reference,
        Func<string, CancellationToken, Task<TrackedWorkflow?>> find,
        CancellationToken cancellationToken
    )
    {
        if (reference.Id is { } id && await find(id, cancellationToken) is { } workflow)
        {
            return new(workflow, null);
        }

        var clusters = await Names.FindAsync(reference.Text, cancellationToken);
        if (clusters.Count == 0)
        {
            return new(
                null,
                reference.MayBeName
                    ? ProblemFactory.NothingNamed(reference.Text, reference.Id)
                    : ProblemFactory.WorkflowNotFound(reference.Id!)
            );
        }

        if (ClusterDirectory.Meant(clusters) is not { } cluster)
        {
            return new(null, ProblemFactory.AmbiguousCluster(reference.Text, clusters));
        }

        return cluster.WorkflowId is { } upgrade && await find(upgrade, cancellationToken) is { } named
            ? new(named, null) { Others = [.. clusters.Where(other => other != cluster)] }
            : new(null, ProblemFactory.NoUpgrade(cluster)) { WithoutUpgrade = cluster };
    }

    /// <summary>The row, or null where it is unknown. One that is being purged counts as deleted.</summary>
    public async Task<TrackedWorkflow?> FindAsync(string id, CancellationToken cancellationToken) =>
        await Rows.FindAsync(id, cancellationToken) is { Purging: false } workflow ? workflow : null;

    public ValueTask<Baseline> BaselineAsync(CancellationToken cancellationToken) => Baselines.CurrentAsync(cancellationToken);

    public WorkflowSummary Summarize(TrackedWorkflow workflow, Baseline baseline) =>
        Written.Summarize(workflow, baseline, Freshness.Of(workflow, Clock.GetUtcNow(), Cadence.IntervalOf(workflow)));

    public async Task<UpgradeTimeline> TimelineAsync(TrackedWorkflow workflow, CancellationToken cancellationToken) =>
        UpgradeTimeline.Of(
            workflow,
            await BaselineAsync(cancellationToken),
            Freshness.Of(workflow, Clock.GetUtcNow(), Cadence.IntervalOf(workflow)).ExpiredUnread
        );

    /// <summary>The summary as an answer, with its caching: for good once finished, else until the next poll.</summary>
    public async Task<Representation> RespondAsync(
        TrackedWorkflow workflow,
        Format format,
        CancellationToken cancellationToken,
        int status = StatusCodes.Status200OK,
        string? location = null
    )
    {
        var baseline = await BaselineAsync(cancellationToken);
        var now = Clock.GetUtcNow();
        return new(Written.Write(workflow, baseline, Freshness.Of(workflow, now, Cadence.IntervalOf(workflow)), format), format)
        {
            Status = status,
            Location = location,
            Final = workflow.IsFinished,
            RetryAfter = workflow.IsFinished || !workflow.Tracked ? null : workflow.NextPollAt - now,
        };
    }
}
