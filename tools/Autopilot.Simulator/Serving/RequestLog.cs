using System.Collections.Concurrent;

namespace Autopilot.Simulator.Serving;

/// <summary>How many requests there were, by method, path and status. Status 0 is a connection that was cut.</summary>
public sealed class RequestLog
{
    private readonly ConcurrentDictionary<(string Method, string Path, int Status), int> _counts = new();

    /// <summary>Everything so far, by path.</summary>
    public IReadOnlyList<RequestCount> Counts =>
        [
            .. _counts
                .Select(entry => new RequestCount(entry.Key.Method, entry.Key.Path, entry.Key.Status, entry.Value))
                .OrderBy(c => c.Path, StringComparer.Ordinal)
                .ThenBy(c => c.Status),
        ];

    /// <summary>
    /// Requests whose path contains <paramref name="path"/> and that were answered with <paramref name="status"/>; null means any.
    /// </summary>
    public int Count(string? path = null, int? status = null) =>
        _counts
            .Where(entry =>
                (path is null || entry.Key.Path.Contains(path, StringComparison.Ordinal)) && (status is null || entry.Key.Status == status)
            )
            .Sum(entry => entry.Value);

    internal void Record(string method, string path, int status) => _counts.AddOrUpdate((method, path, status), 1, (_, count) => count + 1);
}
