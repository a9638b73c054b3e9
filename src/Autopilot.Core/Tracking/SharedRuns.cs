using System.Collections.Concurrent;

namespace Autopilot.Core.Tracking;

/// <summary>Lets concurrent callers with the same key share one run of an operation, which no single caller's leaving can cancel.</summary>
internal sealed class SharedRuns<TKey, TResult> where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TResult>>> _running = new();

    /// <summary>Joins the running operation of this key, or starts it.</summary>
    public Task<TResult> RunAsync(TKey key, Func<Task<TResult>> operation, CancellationToken cancellationToken)
    {
        var run = _running.GetOrAdd(key, static (k, state) => new Lazy<Task<TResult>>(async () =>
        {
            try
            {
                // Off the caller's stack, so that the entry is in the dictionary before it can be taken out again.
                await Task.Yield();
                return await state.operation();
            }
            finally
            {
                state._running.TryRemove(k, out _);
            }
        }), (operation, _running));
        return run.Value.WaitAsync(cancellationToken);
    }
}
