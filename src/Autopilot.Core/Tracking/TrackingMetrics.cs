using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Autopilot.Core.Rows;
using Autopilot.Core.Telemetry;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>
/// Figures of the tracker, on the meter <see cref="Instrumentation.Name"/>. Alerts are made of these names: change none without them.
/// </summary>
public sealed class TrackingMetrics : IDisposable
{
    private readonly Meter _meter = new(Instrumentation.Name);
    private readonly Counter<long> _polls;
    private readonly Counter<long> _cycles;
    private readonly Histogram<double> _cycleDuration;
    private readonly Counter<long> _dispatched;
    private readonly Counter<long> _shardsSkipped;
    private readonly Counter<long> _scans;
    private readonly Counter<long> _found;
    private readonly TimeProvider _clock;
    private FrozenDictionary<Shard, ShardAssessments> _assessments = FrozenDictionary<Shard, ShardAssessments>.Empty;

    /// <summary>Creates the instruments.</summary>
    public TrackingMetrics(TimeProvider clock)
    {
        _clock = clock;
        _polls = _meter.CreateCounter<long>("autopilot.polls", "{poll}", "Polls of workflows, by outcome: changed, unchanged, failed.");
        _cycles = _meter.CreateCounter<long>(
            "autopilot.cycles",
            "{cycle}",
            "Poll cycles, by whether they were complete; with the queue, one for each shard that was polled."
        );
        _cycleDuration = _meter.CreateHistogram<double>("autopilot.cycle.duration", "s", "Duration of poll cycles.");
        _dispatched = _meter.CreateCounter<long>(
            "autopilot.shards.dispatched",
            "{shard}",
            "Shards of a dispatch, by outcome: sent, empty, failed."
        );
        _shardsSkipped = _meter.CreateCounter<long>(
            "autopilot.shards.skipped",
            "{shard}",
            "Shards that were not polled, by reason: leased, late, repeated."
        );
        _scans = _meter.CreateCounter<long>(
            "autopilot.discovery.looks",
            "{look}",
            "Scans of clusters and projects, by kind and outcome: listed, failed."
        );
        _found = _meter.CreateCounter<long>("autopilot.discovery.found", "{workflow}", "Workflows that discovery found.");
        _meter.CreateObservableGauge(
            "autopilot.workflows",
            ObserveAssessments,
            "{workflow}",
            "Active workflows, by assessment, of the shards that this process polled lately."
        );
        _meter.CreateObservableGauge(
            "autopilot.rows.unreadable",
            ObserveUnreadable,
            "{row}",
            "Stored rows that cannot be read, of the shards that this process polled lately."
        );
    }

    /// <summary>One poll of one workflow outside a cycle; counted where it proved anything about the workflow.</summary>
    internal void Polled(PollOutcome outcome)
    {
        if (outcome is PollOutcome.Changed or PollOutcome.Unchanged or PollOutcome.Failed)
        {
            CountPolls(1, outcome);
        }
    }

    internal void RecordScan(string kind, bool failed, int found)
    {
        _scans.Add(
            1,
            new KeyValuePair<string, object?>("kind", kind),
            new KeyValuePair<string, object?>("outcome", failed ? "failed" : "listed")
        );
        _found.Add(found);
    }

    /// <param name="freshFor">As with <see cref="ShardDone"/>.</param>
    internal void CycleDone(CycleResult result, IEnumerable<ShardResult> shards, TimeSpan freshFor)
    {
        Count(result);
        var freshUntil = _clock.GetUtcNow() + freshFor;
        _assessments = shards
            .Where(shard => shard.Result is not null)
            .ToFrozenDictionary(shard => shard.Shard, shard => new ShardAssessments(shard.Assessments, shard.Unreadable, freshUntil));
    }

    /// <param name="freshFor">How long this process may report the shard: by then another may have polled it.</param>
    internal void ShardDone(CycleResult result, ShardResult shard, TimeSpan freshFor)
    {
        Count(result);
        var now = _clock.GetUtcNow();
        var mine = new ShardAssessments(shard.Assessments, shard.Unreadable, now + freshFor);
        lock (_meter)
        {
            _assessments = _assessments
                .Where(one => one.Key != shard.Shard && one.Value.FreshUntil > now)
                .Append(new(shard.Shard, mine))
                .ToFrozenDictionary();
        }
    }

    /// <summary>A shard's message was dealt with in another way than by polling.</summary>
    internal void ShardSkipped(string reason) => _shardsSkipped.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>A shard could not even be read.</summary>
    internal void ShardFailed() => _cycles.Add(1, new KeyValuePair<string, object?>("complete", false));

    internal void Dispatched(DispatchResult result)
    {
        _dispatched.Add(result.Sent, new KeyValuePair<string, object?>("outcome", "sent"));
        _dispatched.Add(result.Empty, new KeyValuePair<string, object?>("outcome", "empty"));
        _dispatched.Add(result.Failed, new KeyValuePair<string, object?>("outcome", "failed"));
        // Where nothing was sent, no other process counts this tick.
        if (result.Failed > 0 || result.Sent == 0)
        {
            _cycles.Add(1, new KeyValuePair<string, object?>("complete", result.Failed == 0));
        }
    }

    /// <summary>Some clusters were polled at a person's request.</summary>
    internal void Polled(CycleResult result)
    {
        CountPolls(result.Changed, PollOutcome.Changed);
        CountPolls(result.Unchanged, PollOutcome.Unchanged);
        CountPolls(result.Failed, PollOutcome.Failed);
    }

    private void Count(CycleResult result)
    {
        Polled(result);
        // A shard that another process is polling is no failure, and unreadable rows have a metric of their own: what can be shown is as
        // fresh as without them.
        var complete = result.Complete || result.NothingLeft;
        _cycles.Add(1, new KeyValuePair<string, object?>("complete", complete));
        _cycleDuration.Record(result.DurationSeconds, new KeyValuePair<string, object?>("complete", complete));
        if (result.LeasedShards > 0)
        {
            _shardsSkipped.Add(result.LeasedShards, new KeyValuePair<string, object?>("reason", "leased"));
        }
    }

    private void CountPolls(int polls, PollOutcome outcome) =>
        _polls.Add(
            polls,
            new KeyValuePair<string, object?>(
                "outcome",
                outcome is PollOutcome.Failed ? "failed"
                    : outcome is PollOutcome.Changed ? "changed"
                    : "unchanged"
            )
        );

    private IEnumerable<Measurement<int>> ObserveAssessments()
    {
        var now = _clock.GetUtcNow();
        var fresh = _assessments.Values.Where(shard => shard.FreshUntil > now).Select(shard => shard.Workflows).ToList();
        return Enum.GetValues<Assessment>()
            .Select(a => new Measurement<int>(
                fresh.Sum(shard => shard.GetValueOrDefault(a)),
                new KeyValuePair<string, object?>("assessment", a.ToString())
            ));
    }

    private int ObserveUnreadable()
    {
        var now = _clock.GetUtcNow();
        return _assessments.Values.Where(shard => shard.FreshUntil > now).Sum(shard => shard.Unreadable);
    }

    private sealed record ShardAssessments(IReadOnlyDictionary<Assessment, int> Workflows, int Unreadable, DateTimeOffset FreshUntil);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
