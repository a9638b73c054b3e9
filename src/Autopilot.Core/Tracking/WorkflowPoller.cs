using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>Polls one workflow at a person's wish, at once. Concurrent wishes for the same workflow share one read.</summary>
public sealed class WorkflowPoller
{
    private const int MaxRounds = 4;

    private readonly PollingServices _services;
    private readonly TrackingMetrics _metrics;
    private readonly SharedRuns<string, TrackedWorkflow?> _polls = new();

    internal WorkflowPoller(PollingServices services, TrackingMetrics metrics)
    {
        _services = services;
        _metrics = metrics;
    }

    /// <summary>Reads it from upstream, stores what it shows, and answers the row as it then is; of a finished or untracked one the stored row. Null when unknown.</summary>
    /// <exception cref="UpstreamException">Upstream did not give it. A 404 of CCE is no exception but recorded: the row says so.</exception>
    /// <exception cref="StorageUnavailableException">The store cannot be reached.</exception>
    public Task<TrackedWorkflow?> PollAsync(string workflowId, CancellationToken cancellationToken) =>
        // The whole poll is shared and not the GET alone: an answer proves something only about the row that was read before it was asked for.
        _polls.RunAsync(workflowId, ending => PollNowAsync(workflowId, ending), cancellationToken);

    private async Task<TrackedWorkflow?> PollNowAsync(string workflowId, CancellationToken reading)
    {
        using var activity = TrackingActivity.Source.StartActivity("poll workflow")?.SetTag("autopilot.workflow", workflowId);
        var row = await _services.Store.FindAsync(workflowId, CancellationToken.None);
        for (var round = 1; ; round++)
        {
            if (row is null or { Tracked: false } or { Purging: true } or { IsFinished: true })
                return row;

            var (write, failure) = await ObserveAsync(row, reading);
            var report = await _services.Store.WriteAsync(Shard.Of(workflowId), [write], board: null, CancellationToken.None);
            switch (report.Outcomes[0])
            {
                case WriteOutcome.Landed or WriteOutcome.AlreadyKnown:
                    _metrics.Polled(failure?.Failure, changed: write.Appended is not null && report.Outcomes[0] is WriteOutcome.Landed);
                    if (failure is not null and not { Failure: UpstreamFailure.NotFound })
                        throw failure;
                    if (report.Outcomes[0] is WriteOutcome.AlreadyKnown)
                        return await _services.Store.FindAsync(workflowId, CancellationToken.None);
                    if (write.After.IsFinished)
                        await _services.Store.FinishAsync(report.Landed(0, write), FinishedRun.Of(write.After), CancellationToken.None);
                    return write.After;
                case WriteOutcome.Superseded when round < MaxRounds:
                    row = report.Current[0];
                    break;
                case WriteOutcome.TooLarge:
                    throw new UpstreamException(UpstreamFailure.Invalid, $"A state of {write.Appended?.Document.Length ?? 0} bytes does not fit into the table; the last good state is kept.");
                default:
                    return await _services.Store.FindAsync(workflowId, CancellationToken.None);
            }
        }
    }

    private async Task<(WorkflowWrite Write, UpstreamException? Failure)> ObserveAsync(TrackedWorkflow row, CancellationToken reading)
    {
        var began = _services.Clock.GetUtcNow();
        var baseline = await _services.Baselines.CurrentAsync(CancellationToken.None);
        WorkflowWrite write;
        UpstreamException? failure = null;
        try
        {
            var observation = await _services.Upstream.ReadAsync(row.Target, reading);
            write = ObservedWorkflow.Answered(row, observation, baseline, _services.Clock.GetUtcNow());
            write = await FailureReading.ExplainAsync(write, _services, CancellationToken.None);
        }
        catch (UpstreamException exception) when (exception.IsWorkflowsOwn)
        {
            failure = exception;
            write = ObservedWorkflow.Failed(row, exception, _services.Clock.GetUtcNow(), _services.Options);
        }

        return (write with { After = write.After with { NextPollAt = _services.Cadence.NextPollAt(write.After, began, _services.Cadence.Tick) } }, failure);
    }
}
