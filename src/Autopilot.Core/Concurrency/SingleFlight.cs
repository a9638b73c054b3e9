namespace Autopilot.Core.Concurrency;

/// <summary>
/// Lets concurrent callers with the same key share one run of an operation. A caller that leaves does not end it for the others. The last
/// one to leave ends it, and waits for what it then still has to write.
/// </summary>
internal sealed class SingleFlight<TKey, TResult>
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Flight> _running = [];

    /// <summary>Joins the running operation of this key, or starts it.</summary>
    public async Task<TResult> RunAsync(TKey key, Func<CancellationToken, Task<TResult>> operation, CancellationToken cancellationToken)
    {
        Flight run;
        lock (_lock)
        {
            if (!_running.TryGetValue(key, out run!))
            {
                _running[key] = run = new Flight();
                run.Task = Task.Run(() => RunAsync(key, run, operation), CancellationToken.None);
            }

            run.Callers++;
        }

        try
        {
            return await run.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && Leave(key, run))
        {
            await run.Leaving.CancelAsync();
            return await run.Task;
        }
    }

    private async Task<TResult> RunAsync(TKey key, Flight run, Func<CancellationToken, Task<TResult>> operation)
    {
        try
        {
            return await operation(run.Leaving.Token);
        }
        finally
        {
            Forget(key, run);
        }
    }

    /// <summary>Whether the caller was the last one; after that none can join the execution.</summary>
    private bool Leave(TKey key, Flight run)
    {
        lock (_lock)
        {
            if (--run.Callers > 0)
            {
                return false;
            }
        }

        Forget(key, run);
        return true;
    }

    private void Forget(TKey key, Flight run)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(key, out var current) && current == run)
            {
                _running.Remove(key);
            }
        }
    }

    private sealed class Flight
    {
        public Task<TResult> Task { get; set; } = null!;

        public int Callers { get; set; }

        /// <summary>Never disposed: it has no timer, and a late caller may still cancel it.</summary>
        public CancellationTokenSource Leaving { get; } = new();
    }
}
