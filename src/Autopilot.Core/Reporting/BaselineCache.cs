using Autopilot.Core.Concurrency;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Reporting;

/// <summary>
/// Caches the baseline, so that no request scans the runs. The pollers compute it from the finished runs and store it in one row. They do
/// so at most once in a <see cref="Period"/> and only when there are new runs. Every process reads that row at most once in a period. Runs
/// never change, so two processes that compute at once write the same and no lock is needed.
/// </summary>
public sealed partial class BaselineCache(IBaselineStore store, TimeProvider clock, ILogger<BaselineCache> logger)
{
    /// <summary>
    /// Between two reads of the row, and between two computations. A row may be this old when it is read, and the copy of it as old again.
    /// With ten minutes for the cycle of the read, a baseline is at most an hour old.
    /// </summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(25);

    /// <summary>Computed again after this even without new runs: some have become too old to count.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Runs that ended in earlier months say little about today.</summary>
    public const int Months = 12;

    /// <summary>After a failure.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How far the store's clock may be behind ours, and how long a run may be on its way. A read of the row counts for as long.
    /// </summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    /// <summary>A summary has 5 s, and does without a baseline rather than fail.</summary>
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KeepTimeout = TimeSpan.FromSeconds(20);

    private readonly SingleFlight<bool, Baseline> _reads = new();
    private volatile Copy _copy = new(null, DateTimeOffset.MinValue, DateTimeOffset.MinValue);
    private long _keepAtTicks;
    private volatile bool _outdated;

    /// <summary>
    /// The baseline, at most a <see cref="Period"/> after it was read; concurrent callers share a read. Never fails for the store: the one
    /// before then stays.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller leaves.</exception>
    public ValueTask<Baseline> CurrentAsync(CancellationToken cancellationToken)
    {
        var copy = _copy;
        return !Deadline.HasPassed(copy.Until, clock.GetUtcNow(), Period)
            ? new(copy.Baseline)
            : new(_reads.RunAsync(true, ReadAsync, cancellationToken));
    }

    /// <summary>
    /// Checks, at most once in a <see cref="Period"/>, whether it must be computed, and does so. Never throws: a failed computation is
    /// tried again later.
    /// </summary>
    public async Task RefreshIfDueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var keepAt = Interlocked.Read(ref _keepAtTicks);
        // Taken by one caller: cycles of one process may overlap.
        if (
            !Deadline.HasPassed(new DateTimeOffset(keepAt, TimeSpan.Zero), now, Period)
            || Interlocked.CompareExchange(ref _keepAtTicks, (now + Pause).UtcTicks, keepAt) != keepAt
        )
        {
            return;
        }

        using var deadline = new CancellationTokenSource(KeepTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            // As a rule the cycle has just read it.
            var kept = now - _copy.ReadAt < Margin ? _copy.Kept : await store.ReadBaselineAsync(either.Token);
            if (_outdated || await IsDueAsync(kept, now, either.Token))
            {
                kept = new StoredBaseline(await ComputeAsync(now, either.Token), now);
                await store.WriteBaselineAsync(kept, either.Token);
                _outdated = false;
                LogComputed(logger, kept.Baseline.Entries.Count);
            }

            _copy = new Copy(kept, now, now + Period);
            var looked = kept is { ComputedAt: var computedAt } && computedAt > now - Period && computedAt <= now ? computedAt : now;
            Interlocked.Exchange(ref _keepAtTicks, (looked + Period).UtcTicks);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process stops; another will look.
        }
        catch (Exception exception)
        {
            LogNotKept(logger, Reason(exception));
        }
    }

    /// <summary>
    /// Computes it now, since runs that it was computed from have been deleted. Never throws: a failed computation is tried again by
    /// <see cref="RefreshIfDueAsync"/>.
    /// </summary>
    public Task RecomputeAsync(CancellationToken cancellationToken)
    {
        _outdated = true;
        Interlocked.Exchange(ref _keepAtTicks, 0);
        return RefreshIfDueAsync(cancellationToken);
    }

    private async Task<bool> IsDueAsync(StoredBaseline? kept, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var age = now - kept?.ComputedAt;
        return age >= Longest
            || (age is null || age >= Period)
                && await store.AnyRunStoredAsync(
                    MonthOf(now, Months - 1),
                    kept is null ? now.AddMonths(-Months) : kept.ComputedAt - Margin,
                    cancellationToken
                );
    }

    /// <summary>From this month back, until there are enough.</summary>
    private async Task<Baseline> ComputeAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var runs = new List<FinishedUpgrade>();
        for (var back = 0; back < Months && runs.Count < Baseline.MaxRuns; back++)
        {
            runs.AddRange(await store.ReadRunsAsync(MonthOf(now, back), Baseline.MaxRuns - runs.Count, cancellationToken));
        }

        return BaselineBuilder.Of(runs);
    }

    private static DateOnly MonthOf(DateTimeOffset now, int back) =>
        new DateOnly(now.UtcDateTime.Year, now.UtcDateTime.Month, 1).AddMonths(-back);

    private async Task<Baseline> ReadAsync(CancellationToken ending)
    {
        using var deadline = new CancellationTokenSource(ReadTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ending);
        var now = clock.GetUtcNow();
        try
        {
            _copy = new Copy(await store.ReadBaselineAsync(either.Token), now, now + Period);
        }
        catch (Exception exception)
        {
            _copy = _copy with { Until = now + Pause };
            LogNotRead(logger, Reason(exception));
        }

        return _copy.Baseline;
    }

    private static string Reason(Exception exception) =>
        exception switch
        {
            StorageUnavailableException => exception.Message,
            OperationCanceledException => "The store did not answer in time.",
            _ => exception.GetType().Name,
        };

    /// <param name="Until">From when on it is to be read again.</param>
    private sealed record Copy(StoredBaseline? Kept, DateTimeOffset ReadAt, DateTimeOffset Until)
    {
        public Baseline Baseline => Kept?.Baseline ?? Baseline.Empty;
    }

    [LoggerMessage(
        EventId = 1301,
        EventName = "BaselineComputed",
        Level = LogLevel.Information,
        Message = "The baseline was computed again: {Entries} entries"
    )]
    private static partial void LogComputed(ILogger logger, int entries);

    [LoggerMessage(
        EventId = 1302,
        EventName = "BaselineNotKept",
        Level = LogLevel.Warning,
        Message = "The baseline could not be computed again and stays as it is: {Reason}"
    )]
    private static partial void LogNotKept(ILogger logger, string reason);

    [LoggerMessage(
        EventId = 1303,
        EventName = "BaselineNotRead",
        Level = LogLevel.Warning,
        Message = "The baseline could not be read and stays as it is: {Reason}"
    )]
    private static partial void LogNotRead(ILogger logger, string reason);
}
