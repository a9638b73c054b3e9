using System.Runtime.CompilerServices;
using Autopilot.Api.Representations;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Workflows;

/// <summary>
/// The answer that was last written about each row. A summary depends on the row, on what is normal and on whether it is stale, and on
/// nothing else: while the store finds the same row, it is computed, written and hashed once. An answer is kept no longer than its row is.
/// </summary>
internal sealed class SummaryResponseCache
{
    private readonly ConditionalWeakTable<TrackedWorkflow, CachedResponse> _last = [];

    public TaggedBody Write(TrackedWorkflow workflow, Baseline baseline, bool stale, Format format)
    {
        if (
            _last.TryGetValue(workflow, out var last)
            && ReferenceEquals(last.Baseline, baseline)
            && last.Stale == stale
            && ReferenceEquals(last.Format, format)
        )
        {
            return last.Body;
        }

        var body = TaggedBody.Of(WorkflowFormats.Summary.Write(WorkflowSummarizer.Summarize(workflow, baseline, stale), format));
        _last.AddOrUpdate(workflow, new CachedResponse(baseline, stale, format, body));
        return body;
    }

    private sealed record CachedResponse(Baseline Baseline, bool Stale, Format Format, TaggedBody Body);
}
