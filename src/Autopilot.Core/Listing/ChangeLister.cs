using System.Globalization;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using SortKey = Autopilot.Core.Paging.SortKey;

namespace Autopilot.Core.Listing;

/// <summary>
/// Lists what changed over the fleet since a given time, newest first. No history is scanned: the rows say when each workflow changed last.
/// Only the states of those that changed in the range are read, in the order of their last change. No more of them are read than a page
/// needs.
/// </summary>
public sealed class ChangeLister(IWorkflowListStore store, IHistoryStore history, BaselineCache baselines, TimeProvider clock)
{
    /// <summary>
    /// How long before <c>since</c> a workflow may have ended whose changes are looked for. What had ended longer ago when it was first
    /// seen is not found; all else is.
    /// </summary>
    public static readonly TimeSpan EndedBefore = TimeSpan.FromDays(7);

    /// <summary>Workflows whose states are read at once.</summary>
    private const int AtOnce = 16;

    /// <summary>Most states that are read of one workflow at a time.</summary>
    private const int MaxStates = 100;

    /// <summary>A page of the changes that were observed at or after a given time.</summary>
    /// <param name="query">Which workflows, by what they are now.</param>
    /// <param name="since">The earliest observation, inclusive.</param>
    /// <param name="size">Entries of a page, 1 or more.</param>
    /// <param name="continuationToken">That of the page before, of the same query; null begins with the newest change.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidContinuationTokenException">The token is not of this query.</exception>
    /// <exception cref="StorageUnavailableException">The store cannot be reached.</exception>
    public async Task<Page<FleetChange>> ListAsync(
        WorkflowQuery query,
        DateTimeOffset since,
        int size,
        string? continuationToken,
        CancellationToken cancellationToken
    )
    {
        var started = clock.GetTimestamp();
        var text = TextOf(query, since);
        Place? after = ContinuationToken.Decode(continuationToken, text) is { } key ? Place.Of(key) : null;
        var baseline = await baselines.CurrentAsync(cancellationToken);
        var (waiting, unreadable) = await FindAsync(query, since, after, baseline, cancellationToken);

        List<FleetChange> changes = [];
        PartialReason? partial = null;
        while (changes.Count < size && waiting.Count > 0)
        {
            if (waiting.Peek().Next is { } change)
            {
                var source = waiting.Dequeue();
                changes.Add(change);
                source.Advance();
                Enqueue(waiting, source);
                continue;
            }

            if (changes.Count > 0 && clock.GetElapsedTime(started) >= ListLimits.Time)
            {
                partial = PartialReason.Time;
                break;
            }

            List<Source> unread = [];
            while (unread.Count < AtOnce && waiting.Count > 0 && waiting.Peek().Next is null)
            {
                unread.Add(waiting.Dequeue());
            }

            var most = Math.Min(MaxStates, size - changes.Count + 1);
            await Parallel.ForEachAsync(
                unread,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (source, token) => await ReadAsync(source, query, since, after, most, baseline, token)
            );
            foreach (var source in unread)
            {
                unreadable += source.TakeUnreadable();
                Enqueue(waiting, source);
            }
        }

        var more = changes.Count > 0 && waiting.Count > 0;
        return new Page<FleetChange>(changes, more ? ContinuationToken.Encode(text, Place.Of(changes[^1]).Key) : null)
        {
            Unreadable = unreadable,
            Partial = more ? partial : null,
        };
    }

    /// <summary>The first entries of a page, as a page of that size.</summary>
    /// <param name="page">Of the same query and time, with more entries than <paramref name="count"/>.</param>
    /// <param name="query">As the page was read.</param>
    /// <param name="since">As the page was read.</param>
    /// <param name="count">Entries that are kept, 1 or more.</param>
    public static Page<FleetChange> Cut(Page<FleetChange> page, WorkflowQuery query, DateTimeOffset since, int count) =>
        new([.. page.Items.Take(count)], ContinuationToken.Encode(TextOf(query, since), Place.Of(page.Items[count - 1]).Key))
        {
            Unreadable = page.Unreadable,
        };

    /// <summary>All that a page depends on but its size.</summary>
    private static string TextOf(WorkflowQuery query, DateTimeOffset since) =>
        string.Create(CultureInfo.InvariantCulture, $"changes {since.UtcTicks} {query}");

    /// <summary>The workflows that may have changed in the time, each at the place of its last change.</summary>
    private async Task<(PriorityQueue<Source, Place> Waiting, int Unreadable)> FindAsync(
        WorkflowQuery query,
        DateTimeOffset since,
        Place? after,
        Baseline baseline,
        CancellationToken cancellationToken
    )
    {
        var (waiting, unreadable, limiter) = (new PriorityQueue<Source, Place>(), 0, new Lock());
        var known = new HashSet<string>(StringComparer.Ordinal);
        await store.ReadAsync(
            query,
            (page, bad) =>
            {
                lock (limiter)
                {
                    unreadable += bad;
                    foreach (
                        var row in page.Where(row =>
                            !row.Purging && known.Add(row.Target.WorkflowId) && row.LastChangedAt >= since && Matches(row, query, baseline)
                        )
                    )
                    {
                        Enqueue(waiting, new Source(row.Target.WorkflowId, row, Earlier(row.LastChangedAt!.Value, after)));
                    }
                }
            },
            cancellationToken
        );
        if (!query.MayBeFinished)
        {
            return (waiting, unreadable);
        }

        await foreach (var run in store.ReadFinishedAsync(query, null, cancellationToken))
        {
            if (run.EndedAt < since - EndedBefore)
            {
                break;
            }

            // Runs of old do not say when they changed last: their history does.
            if (!known.Contains(run.WorkflowId) && (run.LastChangedAt is null || run.LastChangedAt >= since))
            {
                Enqueue(waiting, new Source(run.WorkflowId, null, Earlier(run.LastChangedAt ?? DateTimeOffset.MaxValue, after)));
            }
        }

        return (waiting, unreadable);
    }

    private async Task ReadAsync(
        Source source,
        WorkflowQuery query,
        DateTimeOffset since,
        Place? after,
        int most,
        Baseline baseline,
        CancellationToken cancellationToken
    )
    {
        if (source.Row is null)
        {
            var found = await store.FindFinishedAsync(source.WorkflowId, cancellationToken);
            if (found.Workflow is not { Purging: false, Outcome: not null } row || !Matches(row, query, baseline))
            {
                source.End(found.Unreadable ? 1 : 0);
                return;
            }

            source.Row = row;
        }

        // The token's own millisecond is read again: several workflows may have changed in it. A whole millisecond, since not every table
        // service compares ticks.
        var to =
            after is { } place && place.ObservedAt < DateTimeOffset.MaxValue.AddMilliseconds(-1)
                ? place.ObservedAt.AddMilliseconds(1)
                : (DateTimeOffset?)null;
        var page = await history.ReadHistoryAsync(source.WorkflowId, since, to, most, source.Token, cancellationToken);
        source.Fill(
            page,
            page.Items.Select(entry => new FleetChange(source.Row, entry))
                .Where(change => change.Entry.ObservedAt >= since && (after is null || Place.Of(change).CompareTo(after.Value) > 0))
        );
    }

    /// <summary>Whether a workflow matches by what it is now.</summary>
    private static bool Matches(TrackedWorkflow row, WorkflowQuery query, Baseline baseline) =>
        query.Matches(row)
        && (query.Active is not { } active || active == (row is { Tracked: true, Outcome: null }))
        && (query.Assessment is not { } assessments || assessments.Contains(AssessedWorkflow.Of(row, baseline).Assessment));

    private static DateTimeOffset Earlier(DateTimeOffset changed, Place? after) =>
        after is { } place && place.ObservedAt < changed ? place.ObservedAt : changed;

    private static void Enqueue(PriorityQueue<Source, Place> waiting, Source source)
    {
        if (!source.IsDone)
        {
            waiting.Enqueue(source, source.Place);
        }
    }

    /// <summary>
    /// Where a change stands: the newest first, then by workflow, then the later state first. What is still to be read stands before all
    /// that it may hold.
    /// </summary>
    private readonly record struct Place(DateTimeOffset ObservedAt, string WorkflowId, long Sequence) : IComparable<Place>
    {
        public SortKey Key => new(0, Sequence.ToString(CultureInfo.InvariantCulture), -ObservedAt.UtcTicks, WorkflowId);

        public static Place Of(FleetChange change) =>
            new(change.Entry.ObservedAt, change.Workflow.Target.WorkflowId, change.Entry.Sequence);

        /// <exception cref="InvalidContinuationTokenException">The key is not one of a change.</exception>
        public static Place Of(SortKey key) =>
            key.Number is <= 0 and not long.MinValue
            && -key.Number <= DateTimeOffset.MaxValue.UtcTicks
            && long.TryParse(key.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? new Place(new DateTimeOffset(-key.Number, TimeSpan.Zero), key.Id, sequence)
                : throw new InvalidContinuationTokenException("The continuation token names no change.");

        public int CompareTo(Place other)
        {
            var order = other.ObservedAt.CompareTo(ObservedAt);
            order = order != 0 ? order : string.CompareOrdinal(WorkflowId, other.WorkflowId);
            return order != 0 ? order : other.Sequence.CompareTo(Sequence);
        }
    }

    /// <summary>A workflow's changes, read as far as they were needed.</summary>
    private sealed class Source(string workflowId, TrackedWorkflow? row, DateTimeOffset upTo)
    {
        private readonly Queue<FleetChange> _read = new();
        private DateTimeOffset _upTo = upTo;
        private bool _all;
        private int _unreadable;

        public string WorkflowId => workflowId;

        public TrackedWorkflow? Row { get; set; } = row;

        /// <summary>Where the next page of its history begins; null for the newest.</summary>
        public string? Token { get; private set; }

        /// <summary>Null where it is still to be read.</summary>
        public FleetChange? Next => _read.TryPeek(out var change) ? change : null;

        public bool IsDone => _all && _read.Count == 0;

        /// <summary>Empty text sorts before every id, so that everything of one millisecond is read before any of it is shown.</summary>
        public Place Place => Next is { } change ? Place.Of(change) : new Place(_upTo, "", long.MaxValue);

        public void Advance() => _upTo = _read.Dequeue().Entry.ObservedAt;

        public void Fill(Page<HistoryEntry> page, IEnumerable<FleetChange> changes)
        {
            foreach (var change in changes)
            {
                _read.Enqueue(change);
            }

            (Token, _all) = (page.ContinuationToken, page.ContinuationToken is null);
            _unreadable += page.Unreadable;
            _upTo = page.Items.Count > 0 ? page.Items[^1].ObservedAt : _upTo;
        }

        public void End(int unreadable) => (_all, _unreadable) = (true, _unreadable + unreadable);

        public int TakeUnreadable()
        {
            var unreadable = _unreadable;
            _unreadable = 0;
            return unreadable;
        }
    }
}
