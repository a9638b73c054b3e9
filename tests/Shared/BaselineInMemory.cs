using Autopilot.Core.Reporting;

namespace Autopilot.Testing;

/// <summary>The baseline's port in memory, for tests whose workflows are in memory too. It counts what it is asked for.</summary>
internal sealed class BaselineInMemory : IBaselineStore
{
    public List<FinishedUpgrade> Runs { get; } = [];

    public StoredBaseline? Kept { get; set; }

    /// <summary>When the last run was stored; null for none.</summary>
    public DateTimeOffset? StoredAt { get; set; }

    /// <summary>What every call meets.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What a read waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public int Reads { get; private set; }

    public int Looks { get; private set; }

    public int Writes { get; private set; }

    /// <summary>The months from which the looks asked.</summary>
    public List<DateOnly> LookedFrom { get; } = [];

    public List<DateOnly> Months { get; } = [];

    public async Task<StoredBaseline?> ReadBaselineAsync(CancellationToken cancellationToken)
    {
        Reads++;
        await Gate.WaitAsync(cancellationToken);
        return Failure is null ? Kept : throw Failure;
    }

    public Task WriteBaselineAsync(StoredBaseline baseline, CancellationToken cancellationToken)
    {
        Writes++;
        Kept = Failure is null ? baseline : throw Failure;
        return Task.CompletedTask;
    }

    public Task<bool> AnyRunStoredAsync(DateOnly month, DateTimeOffset storedSince, CancellationToken cancellationToken)
    {
        Looks++;
        LookedFrom.Add(month);
        return Failure is null ? Task.FromResult(StoredAt >= storedSince) : throw Failure;
    }

    public Task<IReadOnlyList<FinishedUpgrade>> ReadRunsAsync(DateOnly month, int atMost, CancellationToken cancellationToken)
    {
        Months.Add(month);
        return Failure is null
            ? Task.FromResult<IReadOnlyList<FinishedUpgrade>>([
                .. Runs.Where(run => (run.EndedAt.Year, run.EndedAt.Month) == (month.Year, month.Month))
                    .OrderByDescending(run => run.EndedAt)
                    .Take(atMost),
            ])
            : throw Failure;
    }
}
