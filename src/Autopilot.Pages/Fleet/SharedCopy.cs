using System.Diagnostics.CodeAnalysis;

namespace Autopilot.Pages.Fleet;

/// <summary>
/// Shares one read among all who ask: one at a time, and none while the last is not older than <see cref="MaxAge"/>. A failure is shared
/// too, so that a storage that fails is not asked more often. Safe for any number of threads.
/// </summary>
internal sealed class SharedCopy<T>(TimeProvider clock)
{
    /// <summary>Oldest answer, counted from the start of its read.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    /// <summary>How long a read may take; in real time, whatever clock the app has.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly Lock _lock = new();
    private Task<T>? _last;
    private long _begunAt;

    /// <summary>Whether a new question would read.</summary>
    public bool IsOld
    {
        get
        {
            lock (_lock)
            {
                return MustRead;
            }
        }
    }

    [MemberNotNullWhen(false, nameof(_last))]
    private bool MustRead => _last is null || (_last.IsCompleted && clock.GetElapsedTime(_begunAt) > MaxAge);

    /// <param name="read">Reads; cancelled after some seconds, and never by a caller.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<T> GetAsync(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        Task<T> running;
        lock (_lock)
        {
            if (MustRead)
            {
                _begunAt = clock.GetTimestamp();
                _last = Task.Run(() => ReadAsync(read), CancellationToken.None);
            }

            running = _last;
        }

        return running.WaitAsync(cancellationToken);
    }

    private static async Task<T> ReadAsync(Func<CancellationToken, Task<T>> read)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await read(patience.Token);
    }
}
