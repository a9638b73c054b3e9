using Autopilot.Core.Upstream;

namespace Autopilot.Cce.Throttling;

/// <summary>
/// Keeps to a limit over a window: a tenth of it at once, the rest evenly spaced. So no window of that length, wherever it begins, holds
/// more than the limit, and no request waits long while there is room. Permits are given in the order of asking. Not thread-safe.
/// </summary>
internal sealed class TokenBucket
{
    private readonly TimeSpan _interval;
    private readonly TimeSpan _burst;
    private DateTimeOffset _next;

    /// <param name="fresh">When the first permit may be given.</param>
    /// <param name="spent">Whether nothing may go at once at first, since earlier requests have used that up.</param>
    public TokenBucket(ThrottleWindow window, DateTimeOffset fresh, bool spent)
    {
        Window = window;
        var atOnce = Math.Max(1, window.Limit / 10);
        // The burst and what is spaced after it come to the limit at most. From ten on, one permit less is given, so that requests that
        // bunch up on their way don't break it; below, where one permit is much, the spacing is a little wider instead.
        var spaced = window.Limit >= 10 ? window.Limit - atOnce : (window.Limit - atOnce + 1) / 1.02;
        _interval = TimeSpan.FromTicks((long)Math.Ceiling(window.Window.Ticks / spaced));
        _burst = _interval * (atOnce - 1);
        _next = spent ? fresh + _burst : fresh;
    }

    public ThrottleWindow Window { get; }

    /// <summary>When the next permit would be given.</summary>
    public DateTimeOffset NextPermit(DateTimeOffset now) => Later(_next - _burst, now);

    /// <summary>Takes the next permit at <paramref name="at"/>, not before <see cref="NextPermit"/>.</summary>
    public void Take(DateTimeOffset at) => _next = Later(_next, at) + _interval;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
