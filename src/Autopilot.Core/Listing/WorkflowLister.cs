using System.Runtime.CompilerServices;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Listing;

/// <summary>
/// Lists workflows, each page whole. All active and untracked rows are read for every page, since their order depends on all of them. Of
/// finished ones only those that are shown are read, and any purged ones in between.
/// </summary>
public sealed class WorkflowLister(IWorkflowListStore store, BaselineCache baselines, TimeProvider clock)
{
    /// <summary>Finished rows that are looked for at once.</summary>
    private const int AtOnce = 32;

    /// <summary>Finished rows that are read before the clock is checked again.</summary>
    private const int MaxBatch = 128;

    /// <summary>Purged ones that are looked for one by one; beyond that it is cheaper to read which are still there.</summary>
    private const int MaxMissing = 100;

    /// <summary>A page of the workflows that match.</summary>
    /// <param name="query">Which.</param>
    /// <param name="order">In which order.</param>
    /// <param name="size">Entries of a page, 1 or more.</param>
    /// <param name="continuationToken">That of the page before, of the same query and order; null begins.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidContinuationTokenException">The token is not of this query and order.</exception>
    /// <exception cref="StorageUnavailableException">The store cannot be reached.</exception>
    public async Task<WorkflowList> ListAsync(
        WorkflowQuery query,
        WorkflowOrder order,
        int size,
        string? continuationToken,
        CancellationToken cancellationToken
    )
    {
        var started = clock.GetTimestamp();
        var text = $"workflows {query} {order}";
        var after = ContinuationToken.Decode(continuationToken, text);
        var ordering = new ListOrdering(order);
        var rows = new RowsOfList(query, ordering, await baselines.CurrentAsync(cancellationToken), after, size + 1);
        await store.ReadAsync(query, rows.Add, cancellationToken);

        var walk = new Walk(rows.InOrder(), FinishedAsync(query, ordering, after, rows.Known, cancellationToken), ordering);
        await using (walk)
        {
            var (items, missing, unreadable) = (new List<ListedWorkflow>(), 0, rows.Unreadable);
            SortKey? last = null;
            IReadOnlySet<string>? kept = null;
            PartialReason? partial = null;
            while (items.Count < size && partial is null)
            {
                var batch = await walk.NextAsync(Math.Min(MaxBatch, size - items.Count), kept);
                if (batch.Count == 0)
                {
                    break;
                }

                var shown = items.Count;
                last = batch[^1].Key;
                foreach (var (entry, found) in batch.Zip(await ReadAsync(batch, cancellationToken)))
                {
                    unreadable += found.Unreadable ? 1 : 0;
                    missing += found is { Workflow: null, Unreadable: false } ? 1 : 0;
                    if (found.Workflow is { } row && (entry.Row is not null || rows.Shows(row, entry.Finished!)))
                    {
                        items.Add(new ListedWorkflow(row, entry.Key));
                    }
                }

                if (missing >= MaxMissing && kept is null && items.Count < size)
                {
                    kept = await store.ReadFinishedIdsAsync(cancellationToken);
                }

                partial = items.Count < size && clock.GetElapsedTime(started) >= ListLimits.Time ? PartialReason.Time : null;
            }

            var more = last is not null && await walk.HasMoreAsync(kept);
            return new WorkflowList
            {
                Items = items,
                Baseline = rows.Baseline,
                Counts = rows.Counts,
                Unreadable = unreadable,
                Partial = more ? partial : null,
                ContinuationToken = more ? ContinuationToken.Encode(text, last!.Value) : null,
                Remaining = rows.Following - walk.Taken,
                Query = text,
            };
        }
    }

    /// <summary>
    /// All active workflows in the order of need, each reduced to what the caller keeps, so that rows are in memory a page at a time.
    /// </summary>
    /// <param name="select">Reduces a row; called by several threads at once.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StorageUnavailableException">The store cannot be reached.</exception>
    public async Task<ActiveFleet<T>> ReadFleetAsync<T>(Func<TrackedWorkflow, Baseline, T> select, CancellationToken cancellationToken)
    {
        var (query, ordering, baseline) = (
            new WorkflowQuery { Active = true },
            new ListOrdering(default),
            await baselines.CurrentAsync(cancellationToken)
        );
        var (entries, counts, unreadable, limiter) = (new List<(SortKey Key, T Item)>(), new Dictionary<Assessment, int>(), 0, new Lock());
        await store.ReadAsync(
            query,
            (page, bad) =>
            {
                // Outside the lock: it is what takes time.
                var assessed = page.Where(row => row is { Purging: false, Tracked: true, Outcome: null })
                    .Select(row => (AssessedWorkflow.Of(row, baseline), Row: row, Item: select(row, baseline)))
                    .ToList();
                lock (limiter)
                {
                    unreadable += bad;
                    foreach (var ((assessment, since), row, item) in assessed)
                    {
                        counts[assessment] = counts.GetValueOrDefault(assessment) + 1;
                        entries.Add((ordering.KeyOf(row, assessment, since), item));
                    }
                }
            },
            cancellationToken
        );
        entries.Sort((x, y) => ordering.Compare(x.Key, y.Key));
        return new([.. entries.Select(entry => entry.Item)], counts, unreadable);
    }

    /// <summary>All active workflows that match, with what is normal; in no order. Those that cannot be read are counted.</summary>
    public async Task<(Baseline Baseline, int Unreadable)> ReadActiveAsync(
        WorkflowQuery query,
        Action<TrackedWorkflow, Baseline> take,
        CancellationToken cancellationToken
    )
    {
        var (baseline, unreadable, limiter) = (await baselines.CurrentAsync(cancellationToken), 0, new Lock());
        await store.ReadAsync(
            query with
            {
                Active = true,
            },
            (page, bad) =>
            {
                lock (limiter)
                {
                    unreadable += bad;
                    foreach (var row in page.Where(row => row is { Tracked: true, Outcome: null, Purging: false } && query.Matches(row)))
                    {
                        take(row, baseline);
                    }
                }
            },
            cancellationToken
        );
        return (baseline, unreadable);
    }

    /// <summary>The finished entries behind a key, without those whose row was read already.</summary>
    private async IAsyncEnumerable<Entry> FinishedAsync(
        WorkflowQuery query,
        ListOrdering ordering,
        SortKey? after,
        IReadOnlySet<string> known,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        FinishedEntry? position = null;
        if (!query.MayBeFinished || (ordering.FinishedByEnd && after is { } key && !ordering.TryPosition(key, out position)))
        {
            yield break;
        }

        var entries = store.ReadFinishedAsync(query, position, cancellationToken);
        await foreach (var run in ordering.FinishedByEnd ? entries : SortedAsync(entries, ordering, after, cancellationToken))
        {
            if (!known.Contains(run.WorkflowId))
            {
                yield return new Entry(ordering.KeyOf(run), null, run);
            }
        }
    }

    /// <summary>In an order that is not the runs' own, all of them are read, in short form.</summary>
    private static async IAsyncEnumerable<FinishedEntry> SortedAsync(
        IAsyncEnumerable<FinishedEntry> entries,
        ListOrdering ordering,
        SortKey? after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var sorted = new List<(SortKey Key, FinishedEntry Run)>();
        await foreach (var run in entries.WithCancellation(cancellationToken))
        {
            var key = ordering.KeyOf(run);
            if (after is null || ordering.Compare(key, after.Value) > 0)
            {
                sorted.Add((key, run));
            }
        }

        sorted.Sort((x, y) => ordering.Compare(x.Key, y.Key));
        foreach (var (_, run) in sorted)
        {
            yield return run;
        }
    }

    /// <summary>The rows of a batch: those of finished entries by a point read each.</summary>
    private async Task<ListedRow[]> ReadAsync(IReadOnlyList<Entry> batch, CancellationToken cancellationToken)
    {
        var found = new ListedRow[batch.Count];
        await Parallel.ForEachAsync(
            batch.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (item, token) =>
                found[item.Index] = item.Item.Row is { } row
                    ? new ListedRow(row, false)
                    : await store.FindFinishedAsync(item.Item.Finished!.WorkflowId, token)
        );
        return found;
    }

    /// <summary>An entry whose row is known, or a finished one whose row is still to be read.</summary>
    private sealed record Entry(SortKey Key, TrackedWorkflow? Row, FinishedEntry? Finished);

    /// <summary>
    /// Goes through what was read and through the finished entries in one order; of the latter no more is asked for than the order needs.
    /// </summary>
    private sealed class Walk(List<ListedWorkflow> rows, IAsyncEnumerable<Entry> finished, ListOrdering ordering) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<Entry> _finished = finished.GetAsyncEnumerator();
        private Entry? _next;
        private bool _ended;

        /// <summary>How many of the rows that were read have been taken.</summary>
        public int Taken { get; private set; }

        public async Task<IReadOnlyList<Entry>> NextAsync(int most, IReadOnlySet<string>? kept)
        {
            var batch = new List<Entry>();
            while (batch.Count < most)
            {
                var row = Taken < rows.Count ? rows[Taken] : null;
                if (row is not null && (await PeekAsync(row, kept) is not { } before || ordering.Compare(row.Key, before.Key) < 0))
                {
                    Taken++;
                    batch.Add(new Entry(row.Key, row.Row, null));
                }
                else if (await PeekAsync(row, kept) is { } next)
                {
                    _next = null;
                    batch.Add(next);
                }
                else
                {
                    break;
                }
            }

            return batch;
        }

        public async Task<bool> HasMoreAsync(IReadOnlySet<string>? kept) => Taken < rows.Count || await PeekAsync(null, kept) is not null;

        public ValueTask DisposeAsync() => _finished.DisposeAsync();

        /// <summary>The next finished entry; null where there is none, or where it cannot come before the row.</summary>
        private async ValueTask<Entry?> PeekAsync(ListedWorkflow? row, IReadOnlySet<string>? kept)
        {
            if (row is { Row.Outcome: null } && ordering.FinishedLast)
            {
                return null;
            }

            while (!_ended && (_next is null || kept?.Contains(_next.Finished!.WorkflowId) is false))
            {
                _ended = !await _finished.MoveNextAsync();
                _next = _ended ? null : _finished.Current;
            }

            return _next;
        }
    }

    /// <summary>What is read of all shards at once: counts everything and keeps what the page may show.</summary>
    private sealed class RowsOfList(WorkflowQuery query, ListOrdering ordering, Baseline baseline, SortKey? after, int most)
    {
        private readonly Lock _lock = new();
        private readonly SmallestEntries _first = new(most, ordering);
        private readonly Dictionary<Assessment, int> _counts = ListOrdering.ByNeed.ToDictionary(assessment => assessment, _ => 0);
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);

        public Baseline Baseline => baseline;

        public IReadOnlyDictionary<Assessment, int> Counts => _counts;

        /// <summary>The ids of all rows that were read, shown or not.</summary>
        public IReadOnlySet<string> Known => _known;

        public int Unreadable { get; private set; }

        /// <summary>How many match and stand behind the token.</summary>
        public int Following => _first.Added;

        public List<ListedWorkflow> InOrder() => _first.InOrder();

        public void Add(IReadOnlyList<TrackedWorkflow> page, int unreadable)
        {
            // Outside the lock: it is what takes time.
            var assessed = page.Where(row => !row.Purging && query.Matches(row))
                .Select(row => (Row: row, Assessed: AssessedWorkflow.Of(row, baseline)))
                .ToList();
            lock (_lock)
            {
                Unreadable += unreadable;
                foreach (var row in page)
                {
                    _known.Add(row.Target.WorkflowId);
                }

                foreach (var (row, (assessment, since)) in assessed)
                {
                    Add(row, assessment, since);
                }
            }
        }

        /// <summary>Whether a finished row is the one of the run, and matches.</summary>
        public bool Shows(TrackedWorkflow row, FinishedEntry run) =>
            row is { Purging: false, Outcome: not null }
            && row.EndedAt == run.EndedAt
            && query.Matches(row)
            && (query.Assessment is not { } assessments || assessments.Contains(AssessedWorkflow.Of(row, baseline).Assessment));

        private void Add(TrackedWorkflow row, Assessment assessment, DateTimeOffset? since)
        {
            var active = row is { Tracked: true, Outcome: null };
            if (query.Active is { } wanted && wanted != active)
            {
                return;
            }

            if (active)
            {
                _counts[assessment] = _counts.GetValueOrDefault(assessment) + 1;
            }

            var key = ordering.KeyOf(row, assessment, since);
            if (
                (query.Assessment is null || query.Assessment.Contains(assessment))
                && (after is null || ordering.Compare(key, after.Value) > 0)
            )
            {
                _first.Add(row, key);
            }
        }
    }
}
