using Autopilot.Core.Rows;
using Autopilot.Core.Upstream;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Tracking.Discovery;

/// <summary>A shard's part of discovery in one cycle: the scans that are due, and one write for all of them.</summary>
internal sealed partial class ShardDiscovery
{
    private readonly Shard _shard;
    private readonly FleetDiscovery? _fleet;
    private readonly CycleContext _cycle;
    private readonly Lock _lock = new();
    private readonly List<TrackedCluster> _clusters = [];
    private readonly List<TrackedProject> _projects = [];
    private readonly List<TrackedCluster> _gone = [];
    private readonly List<string> _errors = [];
    private int _scans,
        _failed,
        _throttled,
        _discovered,
        _recorded;

    /// <param name="fleet">Null where the process has nothing to discover with.</param>
    public ShardDiscovery(Shard shard, ShardContents contents, FleetDiscovery? fleet, CycleContext cycle)
    {
        (_shard, _fleet, _cycle) = (shard, fleet, cycle);
        if (fleet is null)
        {
            return;
        }

        Due =
        [
            .. contents
                .Clusters.Where(cluster => fleet.IsDue(cluster, cycle))
                .Select(cluster => new DueScan(cluster.NextDiscoveryAt, token => RunAsync(() => ScanAsync(cluster, token)))),
            .. contents
                .Projects.Where(project => fleet.IsDue(project, cycle))
                .Select(project => new DueScan(project.NextListAt, token => RunAsync(() => ScanAsync(project, token)))),
        ];
    }

    /// <summary>The scans of this cycle.</summary>
    public IReadOnlyList<DueScan> Due { get; } = [];

    /// <summary>Stores the results of the scans, in a transaction of their own, and adds them to the shard's part of the cycle.</summary>
    public async Task<CycleResult> WriteAsync(CycleResult result)
    {
        if (_scans + _errors.Count == 0)
        {
            return result with { ClustersThrottled = _throttled, Complete = result.Complete && _throttled == 0 };
        }

        try
        {
            if (_clusters.Count + _projects.Count > 0)
            {
                await _fleet!.Store.WriteAsync(_shard, _clusters, _projects, CancellationToken.None);
            }

            foreach (var cluster in _gone)
            {
                await _fleet!.Store.ForgetClusterAsync(cluster, CancellationToken.None);
                LogForgotten(_fleet.Logger, cluster.ClusterId);
            }
        }
        catch (StorageUnavailableException exception)
        {
            _errors.Add($"What was discovered in shard {_shard.Key} could not be written, and is scanned again: {exception.Message}");
        }
        catch (Exception exception)
        {
            LogNotWritten(_fleet!.Logger, exception, _shard.Key);
            _errors.Add($"What was discovered in shard {_shard.Key} could not be written; the log says more.");
        }

        return result with
        {
            Clusters = _scans,
            ClustersFailed = _failed,
            ClustersThrottled = _throttled,
            Discovered = _discovered,
            Recorded = _recorded,
            Complete = result.Complete && _errors.Count + _throttled == 0,
            Errors = [.. result.Errors, .. _errors],
        };
    }

    /// <returns>The failure that must stop the whole cycle, or null.</returns>
    private async Task<UpstreamException?> RunAsync(Func<Task> scan)
    {
        try
        {
            await scan();
            return null;
        }
        catch (UpstreamException exception) when (exception.StopsCycle)
        {
            return exception;
        }
        catch (UpstreamException)
        {
            // The limit is the process's: the scan stays due and comes first in the next cycle.
            Interlocked.Increment(ref _throttled);
        }
        catch (StorageUnavailableException exception)
        {
            lock (_lock)
            {
                _errors.Add($"What was discovered could not be stored: {exception.Message}");
            }
        }

        return null;
    }

    private async Task ScanAsync(TrackedCluster cluster, CancellationToken cancellationToken)
    {
        var scan = await _fleet!.ScanAsync(cluster, _cycle, cancellationToken);
        lock (_lock)
        {
            (scan.Gone ? _gone : _clusters).Add(scan.After);
            _scans++;
            _failed += scan.After.Failure is null ? 0 : 1;
            _discovered += scan.Discovered;
            _recorded += scan.Recorded;
        }
    }

    private async Task ScanAsync(TrackedProject project, CancellationToken cancellationToken)
    {
        var after = await _fleet!.ScanAsync(project, _cycle, cancellationToken);
        lock (_lock)
        {
            _projects.Add(after);
            _scans++;
            _failed += after.Failure is null ? 0 : 1;
        }
    }

    [LoggerMessage(
        EventId = 1311,
        EventName = "DiscoveryNotWritten",
        Level = LogLevel.Error,
        Message = "Shard {Shard}: what was discovered could not be written"
    )]
    private static partial void LogNotWritten(ILogger logger, Exception exception, string shard);

    [LoggerMessage(
        EventId = 1312,
        EventName = "ClusterForgotten",
        Level = LogLevel.Information,
        Message = "Cluster {ClusterId} came by its project and has long been gone: it is forgotten"
    )]
    private static partial void LogForgotten(ILogger logger, string clusterId);
}
