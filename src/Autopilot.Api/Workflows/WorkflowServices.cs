using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Workflows;

/// <summary>What the handlers of workflows need.</summary>
internal sealed record WorkflowServices(
    [FromServices] IWorkflowReader Rows, [FromServices] BaselineKeeper Baselines, [FromServices] Cadence Cadence, [FromServices] TimeProvider Clock, [FromServices] WrittenSummaries Written)
{
    /// <summary>The row, or null where nobody knows it. One that is being purged has been deleted as far as anybody is told.</summary>
    public async Task<TrackedWorkflow?> FindAsync(string id, CancellationToken cancellationToken) =>
        await Rows.FindAsync(id, cancellationToken) is { Purging: false } workflow ? workflow : null;

    public ValueTask<Baseline> BaselineAsync(CancellationToken cancellationToken) => Baselines.CurrentAsync(cancellationToken);

    public WorkflowSummary Summarize(TrackedWorkflow workflow, Baseline baseline) => WorkflowSummarizer.Summarize(workflow, baseline, Clock.GetUtcNow(), Cadence.IntervalOf(workflow));

    /// <summary>The summary as an answer, with its caching: for good once finished, else until the next poll.</summary>
    public async Task<Representation> AnswerAsync(TrackedWorkflow workflow, Format format, CancellationToken cancellationToken, int status = StatusCodes.Status200OK, string? location = null)
    {
        var baseline = await BaselineAsync(cancellationToken);
        var now = Clock.GetUtcNow();
        return new(Written.Write(workflow, baseline, WorkflowSummarizer.IsStale(workflow, now, Cadence.IntervalOf(workflow)), format), format)
        {
            Status = status,
            Location = location,
            Final = workflow.IsFinished,
            RetryAfter = workflow.IsFinished || !workflow.Tracked ? null : workflow.NextPollAt - now,
        };
    }
}
