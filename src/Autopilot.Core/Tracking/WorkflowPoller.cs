using Autopilot.Core.Concurrency;
using Autopilot.Core.Rows;
using Autopilot.Core.Telemetry;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>
/// Polls one workflow at once, for a person's request or for discovery. Concurrent requests for the same workflow share one poll.
/// </summary>
public sealed class WorkflowPoller
{
    private readonly IWorkflowReader _workflows;
    private readonly PollingServices _services;
    private readonly TrackingMetrics _metrics;
    private readonly SingleFlight<string, TrackedWorkflow?> _polls = new();

    internal WorkflowPoller(IWorkflowReader workflows, PollingServices services, TrackingMetrics metrics)
    {
        _workflows = workflows;
        _services = services;
        _metrics = metrics;
    }

    /// <summary>
    /// Reads it from upstream, stores what it shows, and answers the row as it then is; of a finished or untracked one the stored row. Null
    /// when unknown.
    /// </summary>
    /// <exception cref="UpstreamException">Upstream did not give it, or what it gave could not be understood or stored. The row keeps the
    /// last good state and records the failure. A 404 of CCE is no exception: the answered row records it.</exception>
    /// <exception cref="StorageUnavailableException">The store cannot be reached.</exception>
    public Task<TrackedWorkflow?> PollAsync(string workflowId, CancellationToken cancellationToken) =>
        // The whole poll is shared and not the GET alone: an answer proves something only about the row that was read before it was asked
        // for.
        _polls.RunAsync(workflowId, ending => PollNowAsync(workflowId, null, ending), cancellationToken);

    /// <summary>The same, from a row that has just been stored and so needs no read.</summary>
    /// <inheritdoc cref="PollAsync(string, CancellationToken)"/>
    public Task<TrackedWorkflow?> PollAsync(TrackedWorkflow stored, CancellationToken cancellationToken) =>
        _polls.RunAsync(stored.Target.WorkflowId, ending => PollNowAsync(stored.Target.WorkflowId, stored, ending), cancellationToken);

    private async Task<TrackedWorkflow?> PollNowAsync(string workflowId, TrackedWorkflow? stored, CancellationToken reading)
    {
        using var activity = Instrumentation.Activities.StartActivity("poll workflow")?.SetTag("autopilot.workflow", workflowId);
        var row = stored ?? await _workflows.FindAsync(workflowId, CancellationToken.None);
        if (row is null or { Tracked: false } or { Purging: true } or { IsFinished: true })
        {
            return row;
        }

        var cycle = new CycleContext(
            _services.Clock.GetUtcNow(),
            _services.Cadence.Tick,
            DueOnly: false,
            await _services.Baselines.CurrentAsync(CancellationToken.None)
        );
        var batch = new PollBatch(Shard.Of(workflowId), cycle, _services, ended: []);
        await batch.ReadAsync(row, reading);
        if (stored is null)
        {
            // Beside discovery, reads of workflows may wait.
            await batch.ReadProgressAsync(reading);
        }

        await batch.WriteAsync(status: null, reading);

        var polled = batch.Results[workflowId];
        _metrics.Polled(polled.Outcome);
        if (polled.Failure is { Failure: not UpstreamFailure.NotFound } failure)
        {
            throw failure;
        }

        if (polled.Outcome is PollOutcome.Superseded)
        {
            reading.ThrowIfCancellationRequested();
        }

        return polled.Stored ?? await _workflows.FindAsync(workflowId, CancellationToken.None);
    }
}
