using Autopilot.Core.Rows;

namespace Autopilot.Core.Reporting;

/// <summary>
/// Where the baseline is kept, and the finished runs that it is made of. Every method throws <see cref="StorageUnavailableException"/> when
/// the store cannot be reached, and nothing else of the store's own.
/// </summary>
public interface IBaselineStore
{
    /// <summary>One point read; null while none was ever kept, or it cannot be read.</summary>
    Task<StoredBaseline?> ReadBaselineAsync(CancellationToken cancellationToken);

    /// <summary>Keeps it in place of the one before.</summary>
    Task WriteBaselineAsync(StoredBaseline baseline, CancellationToken cancellationToken);

    /// <summary>
    /// Whether any run that ended from <paramref name="month"/> on was stored at or after <paramref name="storedSince"/>, by the store's
    /// clock. As a rule one read; in doubt, true.
    /// </summary>
    Task<bool> AnyRunStoredAsync(DateOnly month, DateTimeOffset storedSince, CancellationToken cancellationToken);

    /// <summary>The runs that ended in one month, newest first, at most <paramref name="atMost"/>: a read per thousand.</summary>
    Task<IReadOnlyList<FinishedUpgrade>> ReadRunsAsync(DateOnly month, int atMost, CancellationToken cancellationToken);
}
