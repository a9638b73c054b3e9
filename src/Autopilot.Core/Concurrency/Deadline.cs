namespace Autopilot.Core.Concurrency;

/// <summary>
/// Stored or cached times that something waits for. Clocks are set: by a person, by a time service, by a machine that wakes up. The clock
/// that set such a time may have been an hour ahead, and no wait may take that hour.
/// </summary>
internal static class Deadline
{
    /// <summary>
    /// Whether a wait is over. It is over once the time has come. It is also over where the time is further off than any that would be set
    /// now: a clock that was ahead has set it.
    /// </summary>
    /// <param name="until">The time that is waited for.</param>
    /// <param name="now">By the clock of the waiting process.</param>
    /// <param name="longest">The longest wait that an honest clock gives, with room for two clocks that differ a little.</param>
    public static bool HasPassed(DateTimeOffset until, DateTimeOffset now, TimeSpan longest) => until <= now || until - now > longest;
}
