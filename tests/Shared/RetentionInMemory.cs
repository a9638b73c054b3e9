using System.Runtime.CompilerServices;
using Autopilot.Core.Retention;
using Autopilot.Core.Rows;

namespace Autopilot.Testing;

/// <summary>Retention's port in memory: what is expired is what a test says.</summary>
internal sealed class RetentionInMemory : IRetentionStore
{
    private readonly Lock _lock = new();

    public List<ExpiredWorkflow> Expired { get; } = [];

    /// <summary>Ends of the runs that are kept.</summary>
    public List<DateTimeOffset> Runs { get; } = [];

    public RetentionRecord? Last { get; set; }

    /// <summary>What a look into a shard meets.</summary>
    public Func<Shard, Exception?> Failure { get; set; } = _ => null;

    /// <summary>What a deletion waits for, and answers.</summary>
    public Func<ExpiredWorkflow, CancellationToken, Task<bool>> Deleting { get; set; } = (_, _) => Task.FromResult(true);

    public List<string> Deleted { get; } = [];

    /// <summary>The limits that were asked about.</summary>
    public RetentionLimits? Asked { get; private set; }

    public async IAsyncEnumerable<ExpiredWorkflow> FindExpiredAsync(
        Shard shard,
        RetentionLimits limits,
        UnreadableCount unreadable,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        Asked = limits;
        cancellationToken.ThrowIfCancellationRequested();
        await Task.CompletedTask;
        if (Failure(shard) is { } failure)
        {
            throw failure;
        }

        foreach (var expired in Expired.Where(e => Shard.Of(e.WorkflowId) == shard))
        {
            yield return expired;
        }
    }

    public async Task<bool> DeleteAsync(ExpiredWorkflow expired, CancellationToken cancellationToken)
    {
        if (!await Deleting(expired, cancellationToken))
        {
            return false;
        }

        lock (_lock)
        {
            Deleted.Add(expired.WorkflowId);
        }

        return true;
    }

    public Task<long> CountRunsAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken) =>
        Task.FromResult(Runs.LongCount(end => end < endedBefore));

    public async IAsyncEnumerable<int> DeleteRunsAsync(
        DateTimeOffset endedBefore,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.CompletedTask;
        cancellationToken.ThrowIfCancellationRequested();
        if (Runs.RemoveAll(end => end < endedBefore) is > 0 and var deleted)
        {
            yield return deleted;
        }
    }

    public Task<RetentionRecord?> ReadLastAsync(CancellationToken cancellationToken) => Task.FromResult(Last);

    public Task WriteLastAsync(RetentionRecord record, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Last = record;
        return Task.CompletedTask;
    }
}
