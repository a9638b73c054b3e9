using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Tracking;

/// <summary>Tracks what the settings name, once per process and only what nobody knows yet: what a person untracked stays untracked.</summary>
internal sealed partial class SettingsTargets(IWorkflowStore store, IOptions<TrackingOptions> options, ILogger<SettingsTargets> logger)
{
    private volatile bool _done = options.Value.Workflows.Count == 0;

    /// <summary>Does it in the process's first cycle, and again in the next where the store failed.</summary>
    /// <returns>Why not all of it could be done, or null.</returns>
    public async Task<string?> TrackAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_done)
            return null;
        try
        {
            foreach (var target in options.Value.Workflows)
            {
                var result = await store.TrackAsync(target, clusterName: null, now, onlyIfUnknown: true, cancellationToken);
                if (result.Status is TrackStatus.OtherCluster)
                    LogOtherCluster(logger, target.WorkflowId, result.Workflow.Target.ClusterId, target.ClusterId);
            }

            _done = true;
            return null;
        }
        catch (StorageUnavailableException exception)
        {
            return $"The workflows that settings name could not be tracked yet: {exception.Message}";
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    [LoggerMessage(EventId = 1201, EventName = "TargetUnderOtherCluster", Level = LogLevel.Warning, Message = "Workflow {WorkflowId} is tracked under cluster {KnownClusterId}; the settings' cluster {ClusterId} is not taken over")]
    private static partial void LogOtherCluster(ILogger logger, string workflowId, string knownClusterId, string clusterId);
}
