using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Reading;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Tables;
using Autopilot.Storage.Writing;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;

namespace Autopilot.Storage;

/// <summary>
/// Stores clusters, projects and what discovery knows of them in Azure Table Storage. Every write is conditional on the row's version or
/// its absence. After a conflict or a lost response the row is read and the operation starts over.
/// </summary>
internal sealed partial class TableClusterStore(StorageTables tables, ILogger<TableClusterStore> logger) : IClusterStore
{
    private const int MaxTogether = 100;

    private readonly StoredTable _table = tables.Workflows;
    private readonly WorkflowLifecycle _lifecycle = new(tables.Workflows, tables.Runs);
    private readonly HistoryReader _history = new(tables.Workflows, tables.Runs);

    public Task<DiscoveryTrackResult<TrackedCluster>> TrackClusterAsync(
        TrackedCluster requested,
        bool onlyIfUnknown,
        CancellationToken cancellationToken
    ) =>
        TrackAsync(
            requested.ClusterId,
            RowKeys.ClusterPrefix,
            requested,
            onlyIfUnknown,
            ClusterRow.Format,
            ClusterRow.Of,
            row => (row.Tracked, row.TrackedAt),
            TakenOver,
            (row, version) => row with { ETag = version },
            (row, unknown) => row with { Unknown = unknown },
            cancellationToken
        );

    public async Task<TrackedCluster?> FindClusterAsync(string clusterId, CancellationToken cancellationToken) =>
        (
            await _table.ReadAsync(ClusterRow.Format, RowKeys.PartitionOf(clusterId), RowKeys.Cluster(clusterId), cancellationToken)
        ).ValueOrThrow()
            is { Tracked: true } cluster
            ? cluster
            : null;

    public Task<bool> UntrackClusterAsync(string clusterId, CancellationToken cancellationToken) =>
        // The row stays, or settings and projects would bring the cluster back.
        UntrackAsync(
            ClusterRow.Format,
            RowKeys.Cluster(clusterId),
            clusterId,
            cluster => cluster.Tracked ? ClusterRow.Of(cluster with { Tracked = false, CurrentWorkflowId = null, Failure = null }) : null,
            cancellationToken
        );

    public async Task<Core.Paging.Page<TrackedCluster>> ListClustersAsync(
        string? projectId,
        int pageSize,
        string? continuationToken,
        CancellationToken cancellationToken
    )
    {
        var query = DiscoveryOrder.ClustersQuery(projectId);
        var after = ContinuationToken.Decode(continuationToken, query);
        return PageOf(await ReadClustersAsync(projectId, cancellationToken), DiscoveryOrder.KeyOf, query, after, pageSize);
    }

    public Task<DiscoveryTrackResult<TrackedProject>> TrackProjectAsync(
        TrackedProject requested,
        bool onlyIfUnknown,
        CancellationToken cancellationToken
    ) =>
        TrackAsync(
            requested.ProjectId,
            RowKeys.ProjectPrefix,
            requested,
            onlyIfUnknown,
            ProjectRow.Format,
            ProjectRow.Of,
            row => (row.Tracked, row.TrackedAt),
            (known, newer, resumed) =>
                resumed ? newer with { Version = known.Version }
                : newer.Origin is DiscoveryOrigin.Person ? known with { Origin = DiscoveryOrigin.Person }
                : known,
            (row, version) => row with { Version = version },
            (row, unknown) => row with { Unknown = unknown },
            cancellationToken
        );

    public async Task<TrackedProject?> FindProjectAsync(string projectId, CancellationToken cancellationToken) =>
        (
            await _table.ReadAsync(ProjectRow.Format, RowKeys.PartitionOf(projectId), RowKeys.Project(projectId), cancellationToken)
        ).ValueOrThrow()
            is { Tracked: true } project
            ? project
            : null;

    public async Task<bool> UntrackProjectAsync(string projectId, CancellationToken cancellationToken)
    {
        // The project first: nothing brings its clusters back then.
        var ended = await UntrackAsync(
            ProjectRow.Format,
            RowKeys.Project(projectId),
            projectId,
            project => project.Tracked ? ProjectRow.Of(project with { Tracked = false, Clusters = [], Failure = null }) : null,
            cancellationToken
        );
        var (clusters, _) = await ReadClustersAsync(projectId, cancellationToken);
        foreach (var cluster in clusters.Where(cluster => cluster.Origin is DiscoveryOrigin.Project))
        {
            await DeleteClusterAsync(cluster, cancellationToken);
            ended = true;
        }
        return ended;
    }

    public async Task<Core.Paging.Page<TrackedProject>> ListProjectsAsync(
        int pageSize,
        string? continuationToken,
        CancellationToken cancellationToken
    )
    {
        var after = ContinuationToken.Decode(continuationToken, DiscoveryOrder.ProjectsQuery);
        return PageOf(
            await ReadAllAsync(RowKeys.ProjectPrefix, "", ProjectRow.Format, cancellationToken),
            DiscoveryOrder.KeyOf,
            DiscoveryOrder.ProjectsQuery,
            after,
            pageSize
        );
    }

    public async Task WriteAsync(
        Shard shard,
        IReadOnlyList<TrackedCluster> clusters,
        IReadOnlyList<TrackedProject> projects,
        CancellationToken cancellationToken
    )
    {
        foreach (var rows in Packed([.. clusters.Select(ClusterRow.Of), .. projects.Select(ProjectRow.Of)]))
        {
            try
            {
                await _table.SendAsync([.. rows.Select(Replacement)], cancellationToken);
            }
            catch (RequestFailedException e) when (StorageFailure.IsConflict(e) || StorageFailure.IsMissing(e))
            {
                // One of them moved: the others go alone.
                foreach (var row in rows.Count == 1 ? [] : rows)
                {
                    await ReplaceIfUnmovedAsync(row, cancellationToken);
                }
                StorageMetrics.Conflicts.Add(1);
            }
            catch (Exception e) when (StorageFailure.Of(e, cancellationToken) is { } failure)
            {
                // Whether it was committed does not matter: the next scan sees it, and writes the same or newer.
                throw failure;
            }
        }
        return;

        List<List<RowBuilder>> Packed(IEnumerable<RowBuilder> rows)
        {
            var (packed, bytes) = (new List<List<RowBuilder>>(), 0);
            foreach (var row in rows)
            {
                if (!row.Fits)
                {
                    LogTooLarge(row.Entity.PartitionKey, row.Entity.RowKey);
                    continue;
                }
                if (packed.Count == 0 || packed[^1].Count == MaxTogether || bytes + row.WireBytes > RowBuilder.MaxTransaction)
                {
                    packed.Add([]);
                    bytes = 0;
                }
                packed[^1].Add(row);
                bytes += row.WireBytes;
            }
            return packed;
        }
    }

    public async Task ForgetClusterAsync(TrackedCluster cluster, CancellationToken cancellationToken)
    {
        // The project first: a crash between the two leaves a cluster that is forgotten later, not one that its project takes for known.
        await WorkflowLifecycle.RetryOnConflictAsync(
            async () =>
            {
                var read = await _table.ReadAsync(
                    ProjectRow.Format,
                    RowKeys.PartitionOf(cluster.ProjectId),
                    RowKeys.Project(cluster.ProjectId),
                    cancellationToken
                );
                if (read.Value is { Tracked: true } project && project.Clusters.Any(listed => listed.Id == cluster.ClusterId))
                {
                    await ReplaceAsync(
                        ProjectRow.Of(project with { Clusters = [.. project.Clusters.Where(listed => listed.Id != cluster.ClusterId)] }),
                        cancellationToken
                    );
                }
                return true;
            },
            cancellationToken
        );
        await DeleteClusterAsync(cluster, cancellationToken);
    }

    public Task<TrackedWorkflow?> RecordAsync(WorkflowWrite found, CancellationToken cancellationToken)
    {
        var (id, state) = (
            found.After.Target.WorkflowId,
            found.Appended ?? throw new ArgumentException("A workflow that is recorded has a state.", nameof(found))
        );
        if (!HistoryRow.Of(id, state).Fits || !WorkflowRow.Whole(found.After, RowKeys.Active(id)).Fits)
        {
            LogTooLarge(RowKeys.PartitionOf(id), RowKeys.Active(id));
            return Task.FromResult<TrackedWorkflow?>(null);
        }
        var sent = false;
        return WorkflowLifecycle.RetryOnConflictAsync(
            async () =>
            {
                if (await _lifecycle.FindAsync(id, cancellationToken) is { } known)
                {
                    // Ours, though the response was lost: another writer that saw the same has another time of observation.
                    return sent && WorkflowRow.IsFrom(known, found) ? WorkflowRow.Read(_table, known).Value : null;
                }
                if (await HistoryReader.NewestSequenceAsync(_table, id, cancellationToken) is > 0 and var newest)
                {
                    // A history without a row: an unreadable one was deleted. The history continues, and its run is not recorded twice.
                    found = Behind(found, newest, await _history.FindRunAsync(id, found.After.EndedAt, cancellationToken));
                }
                sent = true;
                var (history, row) = (HistoryRow.Of(id, found.Appended!), WorkflowRow.Whole(found.After, RowKeys.Active(id)));
                var versions = await _table.SendAsync(
                    [new(TableTransactionActionType.Add, history.Entity), new(TableTransactionActionType.Add, row.Entity)],
                    cancellationToken
                );
                return found.After with { ETag = versions[1].ToString() };
            },
            cancellationToken
        );
    }

    private static WorkflowWrite Behind(WorkflowWrite write, long newest, RecordedRun? run) =>
        write with
        {
            After = write.After with
            {
                Sequence = newest + 1,
                EndedAt = run?.EndedAt ?? write.After.EndedAt,
                Outcome = run?.Content?.Outcome ?? write.After.Outcome,
            },
            Appended = write.Appended! with { Entry = write.Appended.Entry with { Sequence = newest + 1 } },
        };

    /// <summary>
    /// Replaces a row by one that is not tracked any more. One that cannot be read is deleted: there is nothing in it that could be kept.
    /// </summary>
    /// <param name="untracked">Null where the row is not tracked as it is.</param>
    private Task<bool> UntrackAsync<T>(
        RowFormat<T> format,
        string rowKey,
        string id,
        Func<T, RowBuilder?> untracked,
        CancellationToken cancellationToken
    )
        where T : class =>
        WorkflowLifecycle.RetryOnConflictAsync(
            async () =>
            {
                var row = await _table.GetAsync(RowKeys.PartitionOf(id), rowKey, cancellationToken);
                var read = _table.Read(format, row);
                if (read.Unreadable is not null)
                {
                    await _table.SendAsync(
                        [new(TableTransactionActionType.Delete, new TableEntity(row!.PartitionKey, row.RowKey), row.ETag)],
                        cancellationToken
                    );
                    return true;
                }
                if (read.Value is not { } known || untracked(known) is not { } replacement)
                {
                    return false;
                }
                await ReplaceAsync(replacement, cancellationToken);
                return true;
            },
            cancellationToken
        );

    private Task DeleteClusterAsync(TrackedCluster cluster, CancellationToken cancellationToken) =>
        WorkflowLifecycle.RetryOnConflictAsync(
            async () =>
            {
                var read = await _table.ReadAsync(
                    ClusterRow.Format,
                    RowKeys.PartitionOf(cluster.ClusterId),
                    RowKeys.Cluster(cluster.ClusterId),
                    cancellationToken
                );
                if (read.Value is { Tracked: true, Origin: DiscoveryOrigin.Project, ETag: { } version })
                {
                    await _table.SendAsync(
                        [
                            new(
                                TableTransactionActionType.Delete,
                                new TableEntity(RowKeys.PartitionOf(cluster.ClusterId), RowKeys.Cluster(cluster.ClusterId)),
                                new ETag(version)
                            ),
                        ],
                        cancellationToken
                    );
                }
                return true;
            },
            cancellationToken
        );

    private static TrackedCluster TakenOver(TrackedCluster known, TrackedCluster requested, bool resumed)
    {
        if (requested.Origin is DiscoveryOrigin.Person)
        {
            var moved = requested.ProjectId != known.ProjectId;
            var next = known with
            {
                Origin = DiscoveryOrigin.Person,
                ProjectId = requested.ProjectId,
                Name = requested.Name ?? known.Name,
                NameGiven = requested.NameGiven || known.NameGiven,
                Tracked = true,
                TrackedAt = resumed ? requested.TrackedAt : known.TrackedAt,
                Failure = resumed || moved ? null : known.Failure,
            };
            // The requested scan comes soon; a repeated request costs upstream nothing.
            return resumed || next != known ? next with { NextDiscoveryAt = requested.NextDiscoveryAt } : known;
        }
        return requested.Origin is DiscoveryOrigin.Project && requested.Name is { } name && !known.NameGiven && name != known.Name
            ? known with
            {
                Name = name,
                NameReadAt = requested.NameReadAt,
            }
            : known;
    }

    private Task<DiscoveryTrackResult<T>> TrackAsync<T>(
        string id,
        string prefix,
        T requested,
        bool onlyIfUnknown,
        RowFormat<T> format,
        Func<T, RowBuilder> write,
        Func<T, (bool Tracked, DateTimeOffset At)> tracked,
        Func<T, T, bool, T> takeOver,
        Func<T, string, T> stored,
        Func<T, UnknownContent?, T> keeping,
        CancellationToken cancellationToken
    )
        where T : class
    {
        var sent = false;
        return WorkflowLifecycle.RetryOnConflictAsync(
            async () =>
            {
                if (await _table.GetAsync(RowKeys.PartitionOf(id), prefix + id, cancellationToken) is not { } row)
                {
                    sent = true;
                    var added = await _table.SendAsync([new(TableTransactionActionType.Add, write(requested).Entity)], cancellationToken);
                    return new DiscoveryTrackResult<T>(DiscoveryTrackStatus.Created, stored(requested, added[0].ToString()));
                }
                var read = _table.Read(format, row);
                if (read.Value is not { } known)
                {
                    if (onlyIfUnknown)
                    {
                        return new DiscoveryTrackResult<T>(DiscoveryTrackStatus.LeftUnreadable, requested);
                    }
                    if (read.Unreadable!.IsFromNewerVersion)
                    {
                        throw new RowUnreadableException(read.Unreadable);
                    }
                    var fresh = stored(keeping(requested, new UnknownReader().Content(format.UnknownOf(row))), row.ETag.ToString());
                    var replaced = await ReplaceAsync(write(fresh), cancellationToken);
                    return new DiscoveryTrackResult<T>(DiscoveryTrackStatus.AlreadyTracked, stored(fresh, replaced.ToString()));
                }
                var (isTracked, trackedAt) = tracked(known);
                if (!isTracked && onlyIfUnknown)
                {
                    return new DiscoveryTrackResult<T>(DiscoveryTrackStatus.LeftUntracked, known);
                }
                // Ours, though the answer was lost.
                var created = !isTracked || (sent && trackedAt == tracked(requested).At);
                var next = takeOver(known, requested, !isTracked);
                if (!Equals(next, known))
                {
                    sent |= !isTracked;
                    var replacement = Replacement(write(next));
                    var version = await _table.SendAsync([replacement], cancellationToken);
                    next = stored(next, version[0].ToString());
                }
                return new DiscoveryTrackResult<T>(created ? DiscoveryTrackStatus.Created : DiscoveryTrackStatus.AlreadyTracked, next);
            },
            cancellationToken
        );
    }

    private Task<(IReadOnlyList<TrackedCluster> Rows, int Unreadable)> ReadClustersAsync(
        string? projectId,
        CancellationToken cancellationToken
    ) =>
        ReadAllAsync(
            RowKeys.ClusterPrefix,
            projectId is null ? "" : TableClient.CreateQueryFilter($" and ProjectId eq {projectId}"),
            ClusterRow.Format,
            cancellationToken
        );

    /// <summary>What is tracked, of all shards at once and in no order, and how many rows cannot be read.</summary>
    private async Task<(IReadOnlyList<T> Rows, int Unreadable)> ReadAllAsync<T>(
        string prefix,
        string andFilter,
        RowFormat<T> format,
        CancellationToken cancellationToken
    )
        where T : class
    {
        var (found, unreadable) = (new List<T>(), 0);
        await ShardScan.ReadAsync(
            _table,
            shard =>
                TableClient.CreateQueryFilter(
                    $"PartitionKey eq {shard.Key} and RowKey ge {prefix} and RowKey lt {RowKeys.After(prefix)} and not (Tracked eq {false})"
                ) + andFilter,
            null,
            rows =>
            {
                var read = rows.Select(row => _table.Read(format, row)).ToList();
                lock (found)
                {
                    found.AddRange(read.Select(row => row.Value).OfType<T>());
                    unreadable += read.Count(row => row.Unreadable is not null);
                }
            },
            cancellationToken
        );
        return (found, unreadable);
    }

    private static Core.Paging.Page<T> PageOf<T>(
        (IReadOnlyList<T> Rows, int Unreadable) read,
        Func<T, SortKey> keyOf,
        string query,
        SortKey? after,
        int pageSize
    )
    {
        var rows = read
            .Rows.Select(row => (Row: row, Key: keyOf(row)))
            .Where(row => after is null || SortKey.Compare(row.Key, after.Value, descendingText: false) > 0)
            .ToList();
        rows.Sort((x, y) => SortKey.Compare(x.Key, y.Key, descendingText: false));
        return new(
            [.. rows.Take(pageSize).Select(row => row.Row)],
            rows.Count > pageSize ? ContinuationToken.Encode(query, rows[pageSize - 1].Key) : null
        )
        {
            Unreadable = read.Unreadable,
        };
    }

    private static TableTransactionAction Replacement(RowBuilder row) =>
        new(TableTransactionActionType.UpdateReplace, row.Entity, row.ETag);

    private async Task<ETag> ReplaceAsync(RowBuilder row, CancellationToken cancellationToken) =>
        (await _table.SendAsync([Replacement(row)], cancellationToken))[0];

    private async Task ReplaceIfUnmovedAsync(RowBuilder row, CancellationToken cancellationToken)
    {
        try
        {
            await ReplaceAsync(row, cancellationToken);
        }
        catch (RequestFailedException e) when (StorageFailure.IsConflict(e) || StorageFailure.IsMissing(e))
        {
            // A person, or another scan, was faster.
        }
        catch (Exception e) when (StorageFailure.Of(e, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    [LoggerMessage(
        EventId = 2402,
        EventName = "DiscoveryRowTooLarge",
        Level = LogLevel.Error,
        Message = "Row {PartitionKey}/{RowKey} is too large for the table and is not written"
    )]
    private partial void LogTooLarge(string partitionKey, string rowKey);
}
