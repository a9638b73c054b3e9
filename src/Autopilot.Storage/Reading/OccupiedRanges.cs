using Autopilot.Core.Tracking;
using Azure;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>
/// Which ranges of the workflows' table hold rows, so that a list reads those and no others: one row that says of each kind and shard whether something may be there. A range is
/// marked before a row goes into it, and a list that finds it empty takes the mark back. What the row does not tell counts as occupied: the rows of a table that is older
/// than this are found like any other.
/// </summary>
/// <remarks>
/// Between a mark and its row a list may find the range empty. So marks are taken back only once the row has been quiet for <see cref="Quiet"/>, much longer than a write can be
/// under way, and only while it is as it was read. Both times of that comparison are the service's own.
/// </remarks>
internal sealed class OccupiedRanges(StoredTable table)
{
    /// <summary>No shard has this key, so that no cycle and no list ever sees the row.</summary>
    public const string PartitionKey = "ranges";

    public const string RowKey = "occupied";

    private const int MaxRounds = 5;

    /// <summary>Pages that a list reads: with the row, five requests at most.</summary>
    public const int MaxPages = 4;

    private static readonly string[] Prefixes = [RowKeys.ActivePrefix, RowKeys.FinishedPrefix, RowKeys.ClusterPrefix, RowKeys.ProjectPrefix];

    /// <summary>When each range was last marked by this process, by the machine's own steady clock: it is the service's real time that counts here, and nothing of it is ever told.</summary>
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, long> _marked = new(StringComparer.Ordinal);

    /// <summary>Marks that are being made.</summary>
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, Lazy<Task>> _marking = new(StringComparer.Ordinal);

    private readonly Lock _lock = new();
    private Task<bool> _knowing = Task.FromResult(false);

    /// <summary>How long the row must have been untouched before a list may take a mark back.</summary>
    public TimeSpan Quiet { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>While a mark is this young, nobody can have taken it back.</summary>
    private TimeSpan Holds => Quiet / 2;

    /// <summary>
    /// Once in a process: looks whether the row tells of every range, and finds out where it does not. That is one read, and a look at each range once in a table's life. Never in
    /// vain for long: where it fails, lists read what they do not know, and the next time tries again.
    /// </summary>
    public async Task KnowAsync(CancellationToken cancellationToken)
    {
        if (_knowing.IsCompletedSuccessfully && _knowing.Result)
        {
            return;
        }
        lock (_lock)
        {
            if (_knowing.IsCompleted && !(_knowing.IsCompletedSuccessfully && _knowing.Result))
            {
                // Nobody's own cancellation may end it for the others; the client's timeouts do.
                _knowing = FindOutAsync(CancellationToken.None);
            }
        }
        await _knowing.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Marks the range, then makes the write that puts a row into it. What fails comes as the SDK throws it.</summary>
    public async Task<IReadOnlyList<ETag>> EnterAsync(string prefix, string partition, IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        await KnowAsync(cancellationToken).ConfigureAwait(false);
        var name = Name(prefix, partition);
        var began = TimeProvider.System.GetTimestamp();
        if (!IsMarked(name))
        {
            await MarkTogetherAsync(name, began).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        var versions = await table.SendAsync(actions, cancellationToken).ConfigureAwait(false);
        if (TimeProvider.System.GetElapsedTime(began) >= Holds)
        {
            // The process slept in between, and the mark may have been taken back.
            await MarkAsync(name, TimeProvider.System.GetTimestamp(), cancellationToken).ConfigureAwait(false);
        }
        return versions;
    }

    /// <summary>A page over ranges of shards, of which those are read that may hold something.</summary>
    /// <param name="whole">Whether the filters leave nothing of a range out, so that none found means that none is there.</param>
    /// <exception cref="InvalidContinuationTokenException">The token was not made for this list.</exception>
    public async Task<Core.Tracking.Page<T>> ListAsync<T>(
        IReadOnlyList<(string Prefix, Shard Shard, string Filter)> ranges, bool whole, int pageSize, string? continuationToken, Func<TableEntity, RowRead<T>> read, CancellationToken cancellationToken) where T : class
    {
        var filters = ranges.Select(range => range.Filter).ToList();
        var query = string.Join('\n', filters);
        var from = ContinuationToken.Decode(continuationToken, query, filters.Count);
        var (row, now) = await table.GetDatedAsync(PartitionKey, RowKey, cancellationToken).ConfigureAwait(false);
        var empty = new List<string>();
        var page = await RangeReader.ReadAsync(
            table, query, filters, null, pageSize, from, MaxPages, read,
            range => row?.GetBoolean(NameOf(range)) ?? true,
            range => empty.Add(NameOf(range)), cancellationToken).ConfigureAwait(false);
        if (whole && empty.Count > 0)
        {
            await TakeBackAsync(row, now, empty, cancellationToken).ConfigureAwait(false);
        }
        return page;

        string NameOf(int range) => Name(ranges[range].Prefix, ranges[range].Shard.Key);
    }

    /// <summary><c>a0</c>, <c>cpf</c>: a row key's kind and the shard.</summary>
    private static string Name(string prefix, string partition) => string.Concat(prefix.AsSpan(0, prefix.Length - 1), partition);

    private bool IsMarked(string name) => _marked.TryGetValue(name, out var last) && TimeProvider.System.GetElapsedTime(last) < Holds;

    /// <summary>Whoever wants a mark that somebody is making right now waits for that one: many that enter a range together pay for one.</summary>
    private async Task MarkTogetherAsync(string name, long began)
    {
        // Nobody's own cancellation may end it for the others; the client's timeouts do.
        // Looked at once more: the one before may have been done since it was found missing.
        var mark = new Lazy<Task>(() => IsMarked(name) ? Task.CompletedTask : MarkAsync(name, began, CancellationToken.None));
        var made = _marking.GetOrAdd(name, mark);
        try
        {
            await made.Value.ConfigureAwait(false);
        }
        finally
        {
            _marking.TryRemove(KeyValuePair.Create(name, made));
        }
    }

    private async Task MarkAsync(string name, long began, CancellationToken cancellationToken)
    {
        // Merged without a condition: marks of many processes never meet.
        await table.SendAsync([new(TableTransactionActionType.UpsertMerge, new TableEntity(PartitionKey, RowKey) { [name] = true })], cancellationToken).ConfigureAwait(false);
        _marked[name] = began;
    }

    private async Task TakeBackAsync(TableEntity? row, DateTimeOffset? now, List<string> empty, CancellationToken cancellationToken)
    {
        // What was never marked needs no quiet: whoever marks it now moves the row's version.
        var quiet = now - row?.Timestamp >= Quiet;
        if (empty.Where(name => quiet || row?.GetBoolean(name) is null).ToList() is not { Count: > 0 } known)
        {
            return;
        }
        try
        {
            await LearnAsync(row, known.ToDictionary(name => name, _ => false), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (StorageFailure.IsOne(e, cancellationToken))
        {
            // It only spares later lists a read; the page that was asked for is there.
        }
    }

    /// <summary>Where there was no row, whoever has marked since has made one, and this fails like a write to a row that has moved.</summary>
    private Task LearnAsync(TableEntity? row, Dictionary<string, bool> known, CancellationToken cancellationToken)
    {
        var learned = new TableEntity(PartitionKey, RowKey);
        foreach (var (name, occupied) in known)
        {
            learned[name] = occupied;
        }
        return table.SendAsync([row is null ? new(TableTransactionActionType.Add, learned) : new(TableTransactionActionType.UpdateMerge, learned, row.ETag)], cancellationToken);
    }

    private async Task<bool> FindOutAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var round = 0; round < MaxRounds; round++)
            {
                var (row, _) = await table.GetDatedAsync(PartitionKey, RowKey, cancellationToken).ConfigureAwait(false);
                var unknown = Prefixes.SelectMany(prefix => Shard.All.Select(shard => (prefix, shard.Key))).Where(range => row?.GetBoolean(Name(range.prefix, range.Key)) is null).ToList();
                if (unknown.Count == 0)
                {
                    return true;
                }
                // The first one alone: it tells whether there is a table at all.
                var first = await HoldsAsync(unknown[0], cancellationToken).ConfigureAwait(false);
                var rest = first is null ? new bool?[unknown.Count - 1] : await Task.WhenAll(unknown.Skip(1).Select(range => HoldsAsync(range, cancellationToken))).ConfigureAwait(false);
                var found = unknown.Zip([first, .. rest]).ToDictionary(range => Name(range.First.prefix, range.First.Key), range => range.Second ?? false);
                try
                {
                    await LearnAsync(row, found, cancellationToken).ConfigureAwait(false);
                    return true;
                }
                catch (RequestFailedException e) when (StorageFailure.IsConflict(e))
                {
                    // Somebody marked meanwhile, or found out too: what they say comes first.
                }
            }
        }
        catch (Exception e) when (e is StorageUnavailableException || StorageFailure.IsOne(e, cancellationToken))
        {
        }
        return false;
    }

    /// <summary>Whether something is in a range; null where there is no table.</summary>
    private async Task<bool?> HoldsAsync((string Prefix, string Partition) range, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {range.Partition} and RowKey ge {range.Prefix} and RowKey lt {RowKeys.After(range.Prefix)}");
        await foreach (var page in table.QueryAsync(filter, 1, ["RowKey"], null, cancellationToken).ConfigureAwait(false))
        {
            // An empty page with more to come proves nothing.
            return page.Values.Count > 0 || !string.IsNullOrEmpty(page.ContinuationToken);
        }
        return null;
    }
}
