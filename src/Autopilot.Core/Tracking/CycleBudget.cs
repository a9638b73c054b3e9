namespace Autopilot.Core.Tracking;

/// <summary>How long a cycle may read: until its budget is spent, the process stops, or upstream refuses us.</summary>
internal sealed class CycleBudget : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly long _began;
    private readonly CancellationTokenSource _budget;

    public CycleBudget(TimeSpan budget, TimeProvider clock, CancellationToken stopping)
    {
        _clock = clock;
        _began = clock.GetTimestamp();
        Budget = budget;
        _budget = new CancellationTokenSource(budget, clock);
        Source = CancellationTokenSource.CreateLinkedTokenSource(_budget.Token, stopping);
    }

    public TimeSpan Budget { get; }

    /// <summary>Cancelled by the budget, by shutdown, and by the read that upstream rejects.</summary>
    public CancellationTokenSource Source { get; }

    public CancellationToken Token => Source.Token;

    public bool IsSpent => _budget.IsCancellationRequested;

    /// <summary>Since it began.</summary>
    public double Seconds => Math.Round(_clock.GetElapsedTime(_began).TotalSeconds, 3);

    public void Dispose()
    {
        Source.Dispose();
        _budget.Dispose();
    }
}
