using Autopilot.Core.Rows;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Tracking;

/// <summary>
/// Tracks what the settings name, once per process and only what is not stored yet: what a person untracked stays untracked.
/// </summary>
internal sealed partial class SettingsTargets(
    ITrackingStore store,
    IOptions<TrackingOptions> options,
    ILogger<SettingsTargets> logger,
    IClusterStore? clusters = null
)
{
    private volatile bool _done = options.Value is { Workflows.Count: 0, Clusters.Count: 0, Projects.Count: 0 };

    /// <summary>Does it in the process's first cycle, and again in the next where the store failed.</summary>
    /// <returns>Why not all of it could be done, or null.</returns>
    public async Task<string?> TrackAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_done)
        {
            return null;
        }

        try
        {
            foreach (var target in options.Value.Workflows)
            {
                var result = await store.TrackAsync(target, clusterName: null, now, onlyIfUnknown: true, cancellationToken);
                if (result.Status is TrackStatus.OtherCluster)
                {
                    LogOtherCluster(logger, target.WorkflowId, result.Workflow.Target.ClusterId, target.ClusterId);
                }
            }

            if (clusters is not null)
            {
                await TrackFleetAsync(clusters, now, cancellationToken);
            }

            _done = true;
            return null;
        }
        catch (StorageUnavailableException exception)
        {
            return $"What settings name could not be tracked yet: {exception.Message}";
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task TrackFleetAsync(IClusterStore store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var (projectId, clusterId) in options.Value.Clusters)
        {
            var requested = new TrackedCluster
            {
                ProjectId = projectId,
                ClusterId = clusterId,
                Origin = DiscoveryOrigin.Settings,
                TrackedAt = now,
                NextDiscoveryAt = now,
            };
            await store.TrackClusterAsync(requested, onlyIfUnknown: true, cancellationToken);
        }

        foreach (var projectId in options.Value.Projects)
        {
            await store.TrackProjectAsync(
                new TrackedProject
                {
                    ProjectId = projectId,
                    Origin = DiscoveryOrigin.Settings,
                    TrackedAt = now,
                    NextListAt = now,
                },
                onlyIfUnknown: true,
                cancellationToken
            );
        }
    }

    [LoggerMessage(
        EventId = 1201,
        EventName = "TargetUnderOtherCluster",
        Level = LogLevel.Warning,
        Message = "Workflow {WorkflowId} is tracked under cluster {KnownClusterId}; the settings' cluster {ClusterId} is not taken over"
    )]
    private static partial void LogOtherCluster(ILogger logger, string workflowId, string knownClusterId, string clusterId);
}
