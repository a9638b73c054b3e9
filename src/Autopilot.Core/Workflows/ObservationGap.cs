namespace Autopilot.Core.Workflows;

/// <summary>
/// A time of more than three poll intervals in which a workflow was not read: what only observations show is unknown in it.
/// </summary>
/// <param name="From">The last observation before it.</param>
/// <param name="To">The first observation after it.</param>
public sealed record ObservationGap(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Most that are kept per workflow, the newest.</summary>
    public const int MaxKept = 50;

    /// <summary>The gaps of a row once it was read again.</summary>
    /// <param name="known">The gaps so far.</param>
    /// <param name="from">The observation before; null for the first.</param>
    /// <param name="to">The observation now.</param>
    /// <param name="pollInterval">The workflow's own poll interval.</param>
    internal static IReadOnlyList<ObservationGap> After(
        IReadOnlyList<ObservationGap> known,
        DateTimeOffset? from,
        DateTimeOffset to,
        TimeSpan pollInterval
    ) => from is { } last && to - last > 3 * pollInterval ? [.. known.Append(new ObservationGap(last, to)).TakeLast(MaxKept)] : known;
}
