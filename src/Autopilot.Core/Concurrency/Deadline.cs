namespace Autopilot.Core.Concurrency;

/// <summary>
/// Moments that are stored, or kept, to be waited for. Clocks are set: by a person, by a time service, by a machine that wakes up. Whoever
/// set such a moment may have been an hour ahead, and nothing may stand still until his time comes.
/// </summary>
internal static class Deadline
{
    /// <summary>
    /// Whether a wait is over: the moment has come, or it is further off than any that would be set now, so that a clock that was ahead has
    /// set it.
    /// </summary>
    /// <param name="until">The moment.</param>
    /// <param name="now">By the clock of whoever waits.</param>
    /// <param name="longest">The longest wait that an honest clock gives, with room for two clocks that differ a little.</param>
    public static bool HasPassed(DateTimeOffset until, DateTimeOffset now, TimeSpan longest) => until <= now || until - now > longest;
}
