namespace Autopilot.Core.Workflows;

/// <summary>Lengths between times of two clocks, upstream's and ours, which never agree to the second.</summary>
internal static class Clocks
{
    /// <summary>The ordinary difference of two clocks: within it nothing is reported.</summary>
    public static readonly TimeSpan OrdinaryDifference = TimeSpan.FromSeconds(5);

    /// <summary>Times before this one are no times of an upgrade: a zero value or a broken clock wrote them.</summary>
    public static readonly DateTimeOffset Earliest = new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// The length from one time to the other. It is 0 where it would be negative by the ordinary difference, and null where by more. It is
    /// also null where a time is unknown.
    /// </summary>
    public static TimeSpan? Length(DateTimeOffset? from, DateTimeOffset? to) =>
        (to - from) switch
        {
            null => null,
            { Ticks: >= 0 } length => length,
            { } length => -length <= OrdinaryDifference ? TimeSpan.Zero : null,
        };

    /// <summary>Whether a time lies after another by more than the ordinary difference.</summary>
    public static bool IsAfter(DateTimeOffset? time, DateTimeOffset? other) => time - other > OrdinaryDifference;

    /// <summary>The time, or null where it is none of an upgrade's.</summary>
    public static DateTimeOffset? Plausible(DateTimeOffset? time) => time < Earliest ? null : time;
}
