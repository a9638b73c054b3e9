namespace Autopilot.Core.Notifications;

/// <summary>Pauses between attempts: doubling, with jitter so that what failed together does not come back together.</summary>
internal static class RetryBackoff
{
    /// <summary>Pause after the first failure, before jitter.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(10);

    /// <summary>Longest pause.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <param name="failures">Failures in a row, 1 or more.</param>
    /// <param name="random">From 0 up to 1.</param>
    /// <param name="asked">What the receiver asked for; it is heard, up to the longest pause.</param>
    public static TimeSpan After(int failures, double random, TimeSpan? asked)
    {
        var doubled = First * Math.Pow(2, Math.Min(failures, 20) - 1);
        var pause = (doubled < Longest ? doubled : Longest) * (0.5 + random / 2);
        return asked is { } requested && requested > pause ? (requested < Longest ? requested : Longest) : pause;
    }
}
