using Autopilot.Core.Reporting;
using Autopilot.Core.Retention;
using Autopilot.Core.Rows;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Tracking.Discovery;

/// <summary>
/// Scans one cluster or one project and stores what is new. An active workflow is tracked and read at once; an ended one is recorded once.
/// A scan costs one GET, and rarely another for the cluster's name.
/// </summary>
internal sealed partial class FleetDiscovery(
    IClusterStore store,
    IWorkflowReader workflows,
    ITrackingStore tracking,
    IObservationStore observations,
    IClusterSource source,
    UpstreamConcurrencyLimiter upstream,
    WorkflowPoller poller,
    DiscoveryOptions options,
    PollingOptions polling,
    RetentionOptions retention,
    TrackingMetrics metrics,
    TimeProvider clock,
    ILogger<FleetDiscovery> logger
)
{
    /// <summary>
    /// Most new workflows that one scan stores. The rest is left for the next tick, so that a cluster with a long past does not use up the
    /// cycle's budget.
    /// </summary>
    public const int MaxNew = 100;

    /// <summary>Most known ids that are kept although upstream does not list them any more; the latest are kept.</summary>
    private const int MaxRemembered = 200;

    private const int MaxMessage = 512;
    private const int ProjectConcurrency = 8;
    private static readonly TimeSpan UnknownNameEvery = TimeSpan.FromHours(1);

    public IClusterStore Store => store;

    public ILogger Logger => logger;

    /// <summary>Whether a cluster is to be scanned in a cycle.</summary>
    public bool IsDue(TrackedCluster cluster, CycleContext cycle) =>
        !cycle.DueOnly
        || DiscoveryCadence.IsDue(
            cluster.NextDiscoveryAt,
            cycle.StartedAt,
            cycle.Tick,
            options.Every,
            options.MaxBackoff,
            cluster.Failure?.Count ?? 0
        );

    /// <summary>Whether a project's list is to be read in a cycle.</summary>
    public bool IsDue(TrackedProject project, CycleContext cycle) =>
        !cycle.DueOnly
        || DiscoveryCadence.IsDue(
            project.NextListAt,
            cycle.StartedAt,
            cycle.Tick,
            options.ProjectsEvery,
            options.MaxBackoff,
            project.Failure?.Count ?? 0
        );

    /// <summary>Scans a cluster.</summary>
    /// <exception cref="UpstreamException">It stops the cycle, or is throttled: the scan did not happen, and the cluster stays
    /// due.</exception>
    /// <exception cref="StorageUnavailableException">What was found could not be stored, and the cluster stays due.</exception>
    public async Task<ClusterScan> ScanAsync(TrackedCluster before, CycleContext cycle, CancellationToken cancellationToken)
    {
        var named = before;
        try
        {
            named = await NameAsync(before, cancellationToken);
            var listed = await upstream.ListAsync(before.ProjectId, before.ClusterId, cancellationToken);
            var scan = await ReconcileAsync(named, ListedWorkflowRules.Usable(before.ClusterId, listed), cycle, cancellationToken);
            metrics.RecordScan("cluster", failed: false, scan.Discovered + scan.Recorded);
            return scan;
        }
        catch (Exception exception) when (IsOwnFailure(exception))
        {
            metrics.RecordScan("cluster", failed: true, 0);
            var now = clock.GetUtcNow();
            var failure = Fail(before.Failure, exception, now);
            LogClusterFailed(
                logger,
                before.ClusterId,
                failure.Count == 1 ? LogLevel.Warning : LogLevel.Debug,
                failure.Kind,
                failure.Code,
                failure.Count,
                failure.Message
            );
            var gone =
                before.Origin is DiscoveryOrigin.Project
                && failure.Kind is UpstreamFailure.NotFound
                && now - failure.Since >= polling.GoneFor;
            return new ClusterScan(
                named with
                {
                    Failure = failure,
                    NextDiscoveryAt = DiscoveryCadence.NextAfterFailure(
                        cycle.StartedAt,
                        cycle.Tick,
                        options.Every,
                        options.MaxBackoff,
                        failure.Count
                    ),
                },
                0,
                0,
                gone
            );
        }
    }

    /// <summary>Scans a project's cluster list.</summary>
    /// <exception cref="UpstreamException">As for <see cref="ScanAsync(TrackedCluster, CycleContext, CancellationToken)"/>.</exception>
    /// <exception cref="StorageUnavailableException">As there.</exception>
    public async Task<TrackedProject> ScanAsync(TrackedProject before, CycleContext cycle, CancellationToken cancellationToken)
    {
        try
        {
            var listed = await upstream.InSlotAsync(token => source.ListClustersAsync(before.ProjectId, token), cancellationToken);
            var known = before.Clusters.ToHashSet();
            var news = listed.Where(cluster => !known.Contains(cluster)).OrderBy(cluster => cluster.Id, StringComparer.Ordinal).ToList();
            var now = clock.GetUtcNow();
            await Parallel.ForEachAsync(
                news.Take(MaxNew),
                new ParallelOptions { MaxDegreeOfParallelism = ProjectConcurrency, CancellationToken = cancellationToken },
                async (cluster, token) =>
                {
                    var requested = new TrackedCluster
                    {
                        ProjectId = before.ProjectId,
                        ClusterId = cluster.Id,
                        Name = cluster.Name,
                        NameReadAt = now,
                        Origin = DiscoveryOrigin.Project,
                        TrackedAt = now,
                        NextDiscoveryAt = now,
                    };
                    await store.TrackClusterAsync(requested, onlyIfUnknown: true, token);
                }
            );
            metrics.RecordScan("project", failed: false, 0);
            var left = news.Skip(MaxNew).ToHashSet();
            return before with
            {
                ListedAt = now,
                Failure = null,
                Clusters = left.Count == 0 ? listed : [.. listed.Where(cluster => !left.Contains(cluster))],
                NextListAt =
                    left.Count > 0
                        ? cycle.StartedAt
                        : DiscoveryCadence.NextAt(cycle.StartedAt, cycle.Tick, options.ProjectsEvery, Shard.Of(before.ProjectId)),
            };
        }
        catch (Exception exception) when (IsOwnFailure(exception))
        {
            metrics.RecordScan("project", failed: true, 0);
            var failure = Fail(before.Failure, exception, clock.GetUtcNow());
            LogProjectFailed(
                logger,
                before.ProjectId,
                failure.Count == 1 ? LogLevel.Warning : LogLevel.Debug,
                failure.Kind,
                failure.Code,
                failure.Count,
                failure.Message
            );
            return before with
            {
                Failure = failure,
                NextListAt = DiscoveryCadence.NextAfterFailure(
                    cycle.StartedAt,
                    cycle.Tick,
                    options.ProjectsEvery,
                    options.MaxBackoff,
                    failure.Count
                ),
            };
        }
    }

    /// <summary>Whether a failure concerns this cluster alone: not one that stops the cycle, lacks a permit, or is the store's.</summary>
    private static bool IsOwnFailure(Exception exception) =>
        exception switch
        {
            UpstreamException upstream => upstream is { StopsCycle: false, Failure: not UpstreamFailure.Throttled },
            OperationCanceledException or StorageUnavailableException => false,
            _ => true,
        };

    /// <summary>404s are counted by themselves, as those of a workflow are.</summary>
    private PollFailure Fail(PollFailure? before, Exception exception, DateTimeOffset now)
    {
        var (kind, code, message) = exception is UpstreamException upstream
            ? (upstream.Failure, upstream.Code, upstream.Message)
            : (UpstreamFailure.Invalid, null, "The answer could not be worked on; the log says more.");
        if (exception is not UpstreamException)
        {
            LogScanFailed(logger, exception);
        }

        var goesOn = before is not null && (before.Kind is UpstreamFailure.NotFound) == (kind is UpstreamFailure.NotFound);
        return new PollFailure(
            kind,
            code,
            message.Length <= MaxMessage ? message : message[..MaxMessage],
            goesOn ? before!.Since : now,
            goesOn ? before!.Count + 1 : 1
        )
        {
            Cause = (exception as UpstreamException)?.Cause,
        };
    }

    /// <summary>
    /// The row with its name from upstream, where a read of it is due. A failure to read the name fails nothing: the ids identify the
    /// cluster.
    /// </summary>
    private async Task<TrackedCluster> NameAsync(TrackedCluster cluster, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // The project's list has the name, at no cost.
        if (cluster.NameGiven || cluster is { Origin: DiscoveryOrigin.Project, Name: not null })
        {
            return cluster;
        }

        if (
            cluster.NameReadAt is { } readAt
            && now - readAt < (cluster.Name is null && UnknownNameEvery < options.NamesEvery ? UnknownNameEvery : options.NamesEvery)
        )
        {
            return cluster;
        }

        try
        {
            var shown = await upstream.InSlotAsync(
                token => source.ShowClusterAsync(cluster.ProjectId, cluster.ClusterId, token),
                cancellationToken
            );
            return cluster with { Name = shown.Name ?? cluster.Name, NameReadAt = now };
        }
        catch (UpstreamException exception) when (!exception.StopsCycle)
        {
            LogNameNotRead(logger, cluster.ClusterId, exception.Failure, exception.Code);
            return exception.Failure is UpstreamFailure.Throttled ? cluster : cluster with { NameReadAt = now };
        }
    }

    private async Task<ClusterScan> ReconcileAsync(
        TrackedCluster cluster,
        IReadOnlyList<(string Id, WorkflowObservation Observation)> listed,
        CycleContext cycle,
        CancellationToken cancellationToken
    )
    {
        var known = cluster.Settled.ToHashSet(StringComparer.Ordinal);
        var settled = new List<string>(listed.Count);
        var (discovered, recorded, looked) = (0, 0, 0);
        foreach (var (id, observation) in listed)
        {
            if (known.Contains(id))
            {
                settled.Add(id);
                if (cluster.Name != cluster.NamePassedOn && !ListedWorkflowRules.HasEnded(observation))
                {
                    await PassNameOnAsync(cluster, id, cancellationToken);
                }

                continue;
            }

            if (++looked > MaxNew)
            {
                continue;
            }

            if (!ListedWorkflowRules.HasEnded(observation))
            {
                discovered += await TrackAsync(cluster, id, cancellationToken) ? 1 : 0;
            }
            else
            {
                recorded += await RecordAsync(cluster, id, observation, cycle, cancellationToken) ? 1 : 0;
            }

            settled.Add(id);
        }

        var more = looked > MaxNew;
        // A list that is short for once must not bring back what a person purged.
        var listedIds = listed.Select(found => found.Id).ToHashSet(StringComparer.Ordinal);
        settled.AddRange(cluster.Settled.Where(id => !listedIds.Contains(id)).Take(MaxRemembered));
        if (discovered + recorded > 0)
        {
            LogFound(logger, cluster.ClusterId, discovered, recorded);
        }

        return new ClusterScan(
            cluster with
            {
                DiscoveredAt = clock.GetUtcNow(),
                NextDiscoveryAt = more
                    ? cycle.StartedAt
                    : DiscoveryCadence.NextAt(cycle.StartedAt, cycle.Tick, options.Every, Shard.Of(cluster.ClusterId)),
                Listed = listed.Count,
                Settled = settled,
                NamePassedOn = cluster.Name,
                CurrentWorkflowId = listed.Count > 0 && !ListedWorkflowRules.HasEnded(listed[0].Observation) ? listed[0].Id : null,
                Failure = null,
            },
            discovered,
            recorded,
            Gone: false
        );
    }

    /// <summary>
    /// Tracks a workflow that is unknown here, and polls it at once, as a person's request does. What may be gone at the next tick is in
    /// the history then.
    /// </summary>
    private async Task<bool> TrackAsync(TrackedCluster cluster, string id, CancellationToken cancellationToken)
    {
        var target = new WorkflowTarget(cluster.ProjectId, cluster.ClusterId, id);
        var result = await tracking.TrackAsync(target, cluster.Name, clock.GetUtcNow(), onlyIfUnknown: true, cancellationToken);
        if (result.Status is TrackStatus.OtherCluster)
        {
            LogOtherCluster(logger, id, result.Workflow.Target.ClusterId, cluster.ClusterId);
        }

        if (result.Status is not TrackStatus.Created)
        {
            return false;
        }

        try
        {
            await poller.PollAsync(result.Workflow, cancellationToken);
        }
        catch (UpstreamException exception) when (!exception.StopsCycle)
        {
            // Its own row says so, or it is due at once in the next cycle.
            LogFirstReadFailed(logger, id, exception.Failure, exception.Code);
        }

        return true;
    }

    private async Task<bool> RecordAsync(
        TrackedCluster cluster,
        string id,
        WorkflowObservation observation,
        CycleContext cycle,
        CancellationToken cancellationToken
    )
    {
        var target = new WorkflowTarget(cluster.ProjectId, cluster.ClusterId, id);
        var ended = ListedWorkflowRules.Ended(target, cluster.Name, observation, cycle.Baseline, clock.GetUtcNow());
        // What retention would take away again, or has taken, is not recorded.
        if (ended.After.EndedAt < RetentionLimits.At(clock.GetUtcNow(), retention).HistoryBefore)
        {
            return false;
        }

        if (await store.RecordAsync(ended, cancellationToken) is not { } row)
        {
            return false;
        }

        await observations.FinishAsync(row, FinishedUpgrade.Of(row), cancellationToken);
        return true;
    }

    private async Task PassNameOnAsync(TrackedCluster cluster, string id, CancellationToken cancellationToken)
    {
        try
        {
            if (
                await workflows.FindAsync(id, cancellationToken)
                    is { Tracked: true, IsFinished: false, Purging: false, ClusterNameGiven: false } workflow
                && workflow.Target.ClusterId == cluster.ClusterId
                && workflow.ClusterName != cluster.Name
            )
            {
                await tracking.TrackAsync(workflow.Target, cluster.Name, clock.GetUtcNow(), onlyIfUnknown: true, cancellationToken);
            }
        }
        catch (RowUnreadableException)
        {
            // One workflow's row: the cycle counts it, and the cluster's others go on.
        }
    }

    [LoggerMessage(
        EventId = 1321,
        EventName = "WorkflowsFound",
        Level = LogLevel.Information,
        Message = "Cluster {ClusterId}: {Discovered} workflows were found and are tracked, {Recorded} had ended and are recorded"
    )]
    private static partial void LogFound(ILogger logger, string clusterId, int discovered, int recorded);

    [LoggerMessage(
        EventId = 1322,
        EventName = "ClusterNotDiscovered",
        Message = "Cluster {ClusterId}: its workflows could not be listed: {Failure} (code {Code}, {Count} in a row): {Reason}"
    )]
    private static partial void LogClusterFailed(
        ILogger logger,
        string clusterId,
        LogLevel level,
        UpstreamFailure failure,
        string? code,
        int count,
        string reason
    );

    [LoggerMessage(
        EventId = 1323,
        EventName = "ProjectNotListed",
        Message = "Project {ProjectId}: its clusters could not be listed: {Failure} (code {Code}, {Count} in a row): {Reason}"
    )]
    private static partial void LogProjectFailed(
        ILogger logger,
        string projectId,
        LogLevel level,
        UpstreamFailure failure,
        string? code,
        int count,
        string reason
    );

    [LoggerMessage(
        EventId = 1324,
        EventName = "ClusterNameNotRead",
        Level = LogLevel.Debug,
        Message = "Cluster {ClusterId}: its name could not be read: {Failure} (code {Code})"
    )]
    private static partial void LogNameNotRead(ILogger logger, string clusterId, UpstreamFailure failure, string? code);

    [LoggerMessage(
        EventId = 1325,
        EventName = "FoundUnderOtherCluster",
        Level = LogLevel.Warning,
        Message = "Workflow {WorkflowId} is known under cluster {KnownClusterId}; that cluster {ClusterId} lists it too is not taken over"
    )]
    private static partial void LogOtherCluster(ILogger logger, string workflowId, string knownClusterId, string clusterId);

    [LoggerMessage(
        EventId = 1326,
        EventName = "FirstReadFailed",
        Level = LogLevel.Information,
        Message = "Workflow {WorkflowId} was found but could not be read yet: {Failure} (code {Code})"
    )]
    private static partial void LogFirstReadFailed(ILogger logger, string workflowId, UpstreamFailure failure, string? code);

    [LoggerMessage(EventId = 1327, EventName = "LookBroke", Level = LogLevel.Error, Message = "What upstream lists could not be worked on")]
    private static partial void LogScanFailed(ILogger logger, Exception exception);
}
