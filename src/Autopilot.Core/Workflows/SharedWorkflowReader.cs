using System.Collections.Concurrent;
using Autopilot.Core.Concurrency;
using Autopilot.Core.Rows;

namespace Autopilot.Core.Workflows;

/// <summary>
/// Reads a workflow for callers that ask about it over and over: at most once in <see cref="KeptFor"/>, however many ask. Safe for any
/// number of threads.
/// </summary>
public sealed class SharedWorkflowReader(IWorkflowReader rows, TimeProvider clock)
{
    /// <summary>How long a row is good, from the beginning of its read.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);

    /// <summary>Most rows that are kept; far more than callers may wait for at a time.</summary>
    private const int MaxKept = 1000;

    private readonly ConcurrentDictionary<string, SharedRead> _kept = new(StringComparer.Ordinal);
    private readonly SingleFlight<string, SharedRead> _reads = new();

    /// <summary>The workflow as it was at most <see cref="KeptFor"/> ago. That one is unknown is read again each time.</summary>
    /// <param name="workflowId">In lower case.</param>
    /// <param name="cancellationToken">Ends the waiting; other callers await the same read.</param>
    /// <exception cref="StorageUnavailableException">The store cannot be reached.</exception>
    public Task<SharedRead> FindAsync(string workflowId, CancellationToken cancellationToken) =>
        Kept(workflowId) is { } kept
            ? Task.FromResult(kept)
            : _reads.RunAsync(workflowId, token => ReadAsync(workflowId, token), cancellationToken);

    private SharedRead? Kept(string workflowId) =>
        _kept.TryGetValue(workflowId, out var kept) && clock.GetElapsedTime(kept.BegunAt) < KeptFor ? kept : null;

    private async Task<SharedRead> ReadAsync(string workflowId, CancellationToken cancellationToken)
    {
        if (Kept(workflowId) is { } kept)
        {
            // Another caller's read ended in between.
            return kept;
        }

        var begunAt = clock.GetTimestamp();
        var read = new SharedRead(await rows.FindAsync(workflowId, cancellationToken), begunAt);
        if (read.Workflow is null)
        {
            _kept.TryRemove(workflowId, out _);
            return read;
        }

        if (_kept.Count >= MaxKept)
        {
            RemoveOld();
        }

        _kept[workflowId] = read;
        return read;
    }

    private void RemoveOld()
    {
        foreach (var (id, _) in _kept.Where(kept => clock.GetElapsedTime(kept.Value.BegunAt) >= KeptFor))
        {
            _kept.TryRemove(id, out _);
        }

        if (_kept.Count >= MaxKept)
        {
            _kept.Clear();
        }
    }
}
