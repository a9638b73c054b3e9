using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>What the tracker tells of itself, on the meter <see cref="MeterName"/>. Alerts are made of these names: change none without them.</summary>
public sealed class TrackingMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Autopilot";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _polls;
    private readonly Counter<long> _cycles;
    private readonly Histogram<double> _cycleDuration;
    private readonly Counter<long> _looks;
    private readonly Counter<long> _found;
    private FrozenDictionary<Assessment, int> _assessments = FrozenDictionary<Assessment, int>.Empty;

    /// <summary>Creates the instruments.</summary>
    public TrackingMetrics()
    {
        _polls = _meter.CreateCounter<long>("autopilot.polls", "{poll}", "Polls of workflows, by outcome: changed, unchanged, failed.");
        _cycles = _meter.CreateCounter<long>("autopilot.cycles", "{cycle}", "Poll cycles, by whether they were complete.");
        _cycleDuration = _meter.CreateHistogram<double>("autopilot.cycle.duration", "s", "Duration of poll cycles.");
        _looks = _meter.CreateCounter<long>("autopilot.discovery.looks", "{look}", "Looks at clusters and projects, by kind and outcome: listed, failed.");
        _found = _meter.CreateCounter<long>("autopilot.discovery.found", "{workflow}", "Workflows that discovery found.");
        _meter.CreateObservableGauge("autopilot.workflows", ObserveAssessments, "{workflow}", "Active workflows, by assessment, as of the last cycle.");
    }

    internal void Polled(UpstreamFailure? failure, bool changed) => _polls.Add(1, new KeyValuePair<string, object?>("outcome", failure is not null ? "failed" : changed ? "changed" : "unchanged"));

    internal void LookedAt(string kind, bool failed, int found)
    {
        _looks.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", failed ? "failed" : "listed"));
        _found.Add(found);
    }

    internal void CycleDone(CycleResult result, IEnumerable<TrackedWorkflow> workflows, Baseline baseline)
    {
        _polls.Add(result.Changed, new KeyValuePair<string, object?>("outcome", "changed"));
        _polls.Add(result.Unchanged, new KeyValuePair<string, object?>("outcome", "unchanged"));
        _polls.Add(result.Failed, new KeyValuePair<string, object?>("outcome", "failed"));
        _cycles.Add(1, new KeyValuePair<string, object?>("complete", result.Complete));
        _cycleDuration.Record(result.DurationSeconds, new KeyValuePair<string, object?>("complete", result.Complete));
        _assessments = workflows.Where(w => !w.IsFinished).CountBy(w => WorkflowSummarizer.Assess(w, baseline)).ToFrozenDictionary();
    }

    private IEnumerable<Measurement<int>> ObserveAssessments() =>
        Enum.GetValues<Assessment>().Select(a => new Measurement<int>(_assessments.GetValueOrDefault(a), new KeyValuePair<string, object?>("assessment", a.ToString())));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
