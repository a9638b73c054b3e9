using System.Runtime.CompilerServices;
using Autopilot.Api.Representations;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Options;

namespace Autopilot.Api.Workflows;

/// <summary>
/// The answer that was last written about each row. A summary depends on the row, on what is normal and on how fresh the row is, and
/// on nothing else. While the store finds the same row, it is computed, written and hashed once. An answer is kept no longer than its row.
/// </summary>
internal sealed class SummaryResponseCache(IOptions<ConsoleOptions> console)
{
    private readonly ConditionalWeakTable<TrackedWorkflow, CachedResponse> _last = [];

    public TaggedBody Write(TrackedWorkflow workflow, Baseline baseline, Freshness freshness, Format format)
    {
        if (
            _last.TryGetValue(workflow, out var last)
            && ReferenceEquals(last.Baseline, baseline)
            && last.Freshness == freshness
            && ReferenceEquals(last.Format, format)
        )
        {
            return last.Body;
        }

        var body = TaggedBody.Of(WorkflowFormats.Summary.Write(Summarize(workflow, baseline, freshness), format));
        _last.AddOrUpdate(workflow, new CachedResponse(baseline, freshness, format, body));
        return body;
    }

    /// <summary>The summary as people and programs get it: with links to the console, where its address is set.</summary>
    public WorkflowSummary Summarize(TrackedWorkflow workflow, Baseline baseline, Freshness freshness) =>
        console.Value.AddTo(WorkflowSummarizer.Summarize(workflow, baseline, freshness));

    private sealed record CachedResponse(Baseline Baseline, Freshness Freshness, Format Format, TaggedBody Body);
}
