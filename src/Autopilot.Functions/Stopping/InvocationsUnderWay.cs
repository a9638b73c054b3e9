namespace Autopilot.Functions.Stopping;

/// <summary>Counts the invocations that are running now. Thread-safe.</summary>
internal sealed class InvocationsUnderWay
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _none = Completed();
    private int _reads;
    private int _others;

    /// <summary>How many run: those that only read, and those that may have observed something.</summary>
    public (int Reads, int Others) Counts
    {
        get
        {
            lock (_lock)
            {
                return (_reads, _others);
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
    /// <param name="isRead">Whether it only reads.</param>
    public void Begin(bool isRead)
    {
        lock (_lock)
        {
            if (_reads + _others == 0)
            {
                _none = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            Add(isRead, 1);
        }
    }

    /// <summary>An invocation has ended, however it went.</summary>
    /// <param name="isRead">As it began.</param>
    public void End(bool isRead)
    {
        lock (_lock)
        {
            Add(isRead, -1);
            if (_reads + _others == 0)
            {
                _none.SetResult();
            }
        }
    }

    private void Add(bool isRead, int number)
    {
        if (isRead)
        {
            _reads += number;
        }
        else
        {
            _others += number;
        }
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
