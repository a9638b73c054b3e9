namespace Autopilot.Functions.Stopping;

/// <summary>Counts the invocations that run at this moment. Safe for any number of threads.</summary>
internal sealed class InvocationsUnderWay
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _none = Completed();
    private int _count;

    /// <summary>How many run.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Completes as soon as none runs.</summary>
    public Task WhenNone()
    {
        lock (_lock)
        {
            return _none.Task;
        }
    }

    /// <summary>An invocation begins.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            if (_count++ == 0)
            {
                _none = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>An invocation has ended, however it went.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (--_count == 0)
            {
                _none.SetResult();
            }
        }
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
