using System.Runtime.CompilerServices;
using Autopilot.Core.Listing;
using Autopilot.Core.Workflows;

namespace Autopilot.Testing;

/// <summary>The lists' port in memory. It counts what it is asked for.</summary>
internal sealed class ListStoreInMemory : IWorkflowListStore
{
    private int _pointReads;
    private int _reads;

    /// <summary>All rows. Finished ones stand for rows that have been moved.</summary>
    public List<TrackedWorkflow> Rows { get; init; } = [];

    /// <summary>Rows that have ended and are not moved yet: they come with the active ones.</summary>
    public List<TrackedWorkflow> Moving { get; init; } = [];

    /// <summary>Runs whose row has been purged.</summary>
    public List<FinishedEntry> Purged { get; init; } = [];

    /// <summary>Finished rows that cannot be read.</summary>
    public HashSet<string> Damaged { get; init; } = [];

    /// <summary>Rows among the active ones that cannot be read.</summary>
    public int Unreadable { get; init; }

    /// <summary>What every call meets.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Before each point read.</summary>
    public Action<string> Before { get; set; } = _ => { };

    public int PointReads => _pointReads;

    /// <summary>Readings of all active rows.</summary>
    public int Reads => _reads;

    public int IdReads { get; private set; }

    /// <summary>Finished entries that were asked for.</summary>
    public int Asked { get; private set; }

    public async Task ReadAsync(WorkflowQuery query, Action<IReadOnlyList<TrackedWorkflow>, int> take, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        if (Failure is not null)
        {
            throw Failure;
        }

        var rows = Rows.Where(row => row.Outcome is null && (query.Active is null || query.Active == row.Tracked))
            .Concat(query.Active is false ? [] : Moving)
            .Where(query.Matches)
            .ToList();
        await Parallel.ForEachAsync(
            rows.Chunk(7).DefaultIfEmpty([]).Index(),
            cancellationToken,
            (page, _) =>
            {
                take(page.Item, page.Index == 0 ? Unreadable : 0);
                return ValueTask.CompletedTask;
            }
        );
    }

    public async IAsyncEnumerable<FinishedEntry> ReadFinishedAsync(
        WorkflowQuery query,
        FinishedEntry? after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.Yield();
        var runs = Rows.Concat(Moving)
            .Where(row => row.Outcome is not null)
            .Select(RunOf)
            .Concat(Purged)
            .OrderByDescending(run => run.EndedAt)
            .ThenBy(run => run.WorkflowId, StringComparer.Ordinal);
        foreach (
            var run in runs.Where(run =>
                after is null
                || run.EndedAt < after.EndedAt
                || (run.EndedAt == after.EndedAt && string.CompareOrdinal(run.WorkflowId, after.WorkflowId) > 0)
            )
        )
        {
            Asked++;
            yield return run;
        }
    }

    public Task<ListedRow> FindFinishedAsync(string workflowId, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _pointReads);
        Before(workflowId);
        return Task.FromResult(
            Damaged.Contains(workflowId)
                ? new ListedRow(null, true)
                : new ListedRow(Rows.Find(row => row.Outcome is not null && row.Target.WorkflowId == workflowId), false)
        );
    }

    public Task<IReadOnlySet<string>> ReadFinishedIdsAsync(CancellationToken cancellationToken)
    {
        IdReads++;
        return Task.FromResult<IReadOnlySet<string>>(
            Rows.Where(row => row.Outcome is not null).Select(row => row.Target.WorkflowId).ToHashSet()
        );
    }

    public IAsyncEnumerable<TrackedWorkflow> ReadFinishedRowsAsync(CancellationToken cancellationToken) =>
        Rows.Where(row => row.Outcome is not null).ToAsyncEnumerable();

    private static FinishedEntry RunOf(TrackedWorkflow row) =>
        new(row.Target.WorkflowId, row.EndedAt!.Value)
        {
            ClusterId = row.Target.ClusterId,
            ClusterName = row.ClusterName,
            CreatedAt = row.State?.CreatedAt,
            LastChangedAt = row.LastChangedAt,
        };
}
