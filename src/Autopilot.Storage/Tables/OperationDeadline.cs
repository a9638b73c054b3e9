namespace Autopilot.Storage.Tables;

/// <summary>Cancels an operation that takes too long. One deadline serves all pages of a query: each page has the whole time.</summary>
internal sealed class OperationDeadline(TimeSpan timeout, CancellationToken cancellationToken) : IDisposable
{
    private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    /// <summary>Cancelled when the time is over, and when the caller cancels.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>An operation begins now.</summary>
    public OperationDeadline Start()
    {
        _source.CancelAfter(timeout);
        return this;
    }

    /// <summary>The operation has ended; what the caller does with the result is not limited.</summary>
    public void Stop() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose() => _source.Dispose();
}
