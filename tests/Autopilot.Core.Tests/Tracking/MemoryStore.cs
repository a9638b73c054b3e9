using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Tracking;

/// <summary>
/// The store's ports in memory: versions and conditions are kept, nothing else. The real store's own rules are tested on the real tables.
/// </summary>
internal sealed partial class MemoryStore : IShardReader, IWorkflowReader, IObservationStore, ITrackingStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TrackedWorkflow> _rows = [];
    private readonly Dictionary<string, List<HistoryState>> _history = [];
    private readonly ShardStatus?[] _boards = new ShardStatus?[Shard.Count];
    private readonly Dictionary<string, Shard> _shards = [];
    private int _version;

    public List<FinishedUpgrade> Runs { get; } = [];

    /// <summary>Notifications that were stored.</summary>
    public List<Core.Notifications.Notification> Notifications { get; } = [];

    /// <summary>Called once per call that writes workflows, before it is evaluated: the place for another writer to step in.</summary>
    public Action<Shard>? BeforeWrite { get; set; }

    /// <summary>Awaited by each read of a shard: the place for a slow answer.</summary>
    public Func<Shard, Task>? BeforeRead { get; set; }

    /// <summary>Shards that cannot be reached.</summary>
    public HashSet<Shard> Down { get; } = [];

    /// <summary>How many rows of a shard cannot be read.</summary>
    public Dictionary<Shard, int> Unreadable { get; } = [];

    /// <summary>What a read of one workflow's row throws, by its id.</summary>
    public Dictionary<string, Exception> Failing { get; } = [];

    /// <summary>Shards whose status a newer version wrote.</summary>
    public HashSet<Shard> Newer { get; } = [];

    /// <summary>Workflows that the store fails to move to the finished ones.</summary>
    public HashSet<string> NotFinishing { get; } = [];

    public Exception WhyNotFinishing { get; set; } = new InvalidOperationException("a bug");

    public HashSet<string> TooLarge { get; } = [];

    /// <summary>Workflows whose writes always fail.</summary>
    public HashSet<string> Refused { get; } = [];

    /// <summary>Writes per call whose outcome it claims to have read back.</summary>
    public int Ambiguous { get; set; }

    /// <summary>What each request to track returned.</summary>
    public List<bool> OnlyIfUnknown { get; } = [];

    public TrackedWorkflow this[string id] => _rows[id];

    public IReadOnlyList<HistoryState> HistoryOf(string id) => _history.GetValueOrDefault(id) ?? [];

    public IReadOnlyList<ShardStatus?> Boards => _boards;

    public TrackedWorkflow Put(TrackedWorkflow row)
    {
        lock (_lock)
        {
            return _rows[row.Target.WorkflowId] = row with { ETag = $"v{++_version}" };
        }
    }

    public void Remove(string id) => _rows.Remove(id);

    /// <summary>Computed once for each id: a large fleet is read often.</summary>
    private Shard ShardOf(string id) => _shards.TryGetValue(id, out var shard) ? shard : _shards[id] = Shard.Of(id);

    public async Task<ShardContents> ReadShardAsync(Shard shard, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (BeforeRead is { } before)
        {
            await before(shard);
        }

        Reach(shard);
        if (Newer.Contains(shard))
        {
            throw new RowUnreadableException(
                new UnreadableRow(StoredRowKind.Board, "Workflows", shard.Key, "b|", "has format version 2") { IsFromNewerVersion = true }
            );
        }

        lock (_lock)
        {
            return new ShardContents(
                [.. _rows.Values.Where(r => r.Tracked && ShardOf(r.Target.WorkflowId) == shard && !Runs.Any(f => f.Target == r.Target))],
                _boards[shard.Index]
            )
            {
                Clusters = Fleet is null ? [] : [.. Fleet.Clusters.Values.Where(c => c.Tracked && Shard.Of(c.ClusterId) == shard)],
                Unreadable = Unreadable.GetValueOrDefault(shard),
                Projects = Fleet is null ? [] : [.. Fleet.Projects.Values.Where(p => p.Tracked && Shard.Of(p.ProjectId) == shard)],
            };
        }
    }

    /// <summary>The clusters and projects that a shard's read shows.</summary>
    public Discovery.MemoryFleet? Fleet { get; set; }

    /// <summary>Stores a state beside a row, as another writer would.</summary>
    public void Append(string id, HistoryState state)
    {
        lock (_lock)
        {
            (_history.TryGetValue(id, out var states) ? states : _history[id] = []).Add(state);
        }
    }

    public Task<WriteReport> WriteAsync(
        Shard shard,
        IReadOnlyList<WorkflowWrite> writes,
        ShardStatus? status,
        CancellationToken cancellationToken
    )
    {
        Reach(shard);
        var intrude = writes.Count > 0 ? BeforeWrite : null;
        intrude?.Invoke(shard);
        lock (_lock)
        {
            var outcomes = new List<WriteOutcome>();
            var current = new Dictionary<int, TrackedWorkflow>();
            foreach (var write in writes)
            {
                var id = write.Before.Target.WorkflowId;
                if (!_rows.TryGetValue(id, out var row))
                {
                    outcomes.Add(WriteOutcome.NotFound);
                }
                else if (Refused.Contains(id) || write.Appended is not null && TooLarge.Contains(id))
                {
                    outcomes.Add(WriteOutcome.TooLarge);
                }
                else if (row.ETag == write.Before.ETag)
                {
                    Put(write.After);
                    if (write.Notification is { } notification)
                    {
                        Notifications.Add(notification);
                    }

                    if (write.Appended is { } state)
                    {
                        (_history.TryGetValue(id, out var states) ? states : _history[id] = []).Add(state);
                    }

                    outcomes.Add(WriteOutcome.Committed);
                }
                else if (write.Appended is null || row.Hash == write.After.Hash)
                {
                    outcomes.Add(WriteOutcome.AlreadyApplied);
                }
                else
                {
                    current[outcomes.Count] = row;
                    outcomes.Add(WriteOutcome.Conflict);
                }
            }

            WriteBoard(shard, status);
            return Task.FromResult(new WriteReport(outcomes, current, current.Count, Ambiguous));
        }
    }

    public Task FinishAsync(TrackedWorkflow finished, FinishedUpgrade run, CancellationToken cancellationToken)
    {
        if (NotFinishing.Contains(finished.Target.WorkflowId))
        {
            throw WhyNotFinishing;
        }

        lock (_lock)
        {
            Runs.Add(run);
        }

        return Task.CompletedTask;
    }

    public Task<TrackedWorkflow?> FindAsync(string workflowId, CancellationToken cancellationToken)
    {
        if (Failing.TryGetValue(workflowId, out var failure))
        {
            return Task.FromException<TrackedWorkflow?>(failure);
        }

        lock (_lock)
        {
            return Task.FromResult(_rows.GetValueOrDefault(workflowId));
        }
    }

    public Task<TrackResult> TrackAsync(
        WorkflowTarget target,
        string? clusterName,
        DateTimeOffset now,
        bool onlyIfUnknown,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        Reach(Shard.Of(target.WorkflowId));
        OnlyIfUnknown.Add(onlyIfUnknown);
        if (
            clusterName is not null
            && _rows.GetValueOrDefault(target.WorkflowId) is { Tracked: true } known
            && !(onlyIfUnknown && known.ClusterNameGiven)
        )
        {
            Put(known with { ClusterName = clusterName, ClusterNameGiven = !onlyIfUnknown });
        }

        return Task.FromResult(
            _rows.TryGetValue(target.WorkflowId, out var row)
                ? new TrackResult(
                    row.Target != target ? TrackStatus.OtherCluster
                        : row.Tracked ? TrackStatus.AlreadyTracked
                        : TrackStatus.LeftUntracked,
                    row
                )
                : new TrackResult(
                    TrackStatus.Created,
                    Put(
                        new TrackedWorkflow
                        {
                            Target = target,
                            ClusterName = clusterName,
                            ClusterNameGiven = clusterName is not null && !onlyIfUnknown,
                            TrackedAt = now,
                            NextPollAt = now,
                        }
                    )
                )
        );
    }

    public Task<bool> UntrackAsync(string workflowId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> PurgeAsync(string workflowId, CancellationToken cancellationToken) => throw new NotSupportedException();

    private void Reach(Shard shard)
    {
        if (Down.Contains(shard))
        {
            throw new StorageUnavailableException("The table service cannot be reached.");
        }
    }
}
