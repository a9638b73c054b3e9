using Microsoft.Extensions.Options;

namespace Autopilot.Server.Access;

/// <summary>
/// How often each key may call: <c>Server:RequestsPerMinute</c> in any minute, not one more or less, so that one caller's mistake leaves
/// the others their answers. The minute moves on by a tenth of a second.
/// </summary>
internal sealed class KeyRateLimiter(IOptions<ServerOptions> options, KeyRing keys, TimeProvider clock)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly SlidingMinute[] _minutes = [.. Enumerable.Range(0, keys.Count).Select(_ => new SlidingMinute())];
    private readonly long _began = clock.GetTimestamp();

    /// <summary>Requests that a key may make in a minute, and at once after a quiet one.</summary>
    public int PerMinute { get; } = options.Value.RequestsPerMinute;

    /// <summary>Counts a request of a key.</summary>
    /// <param name="key">The number of <see cref="KeyGrant.Key"/>.</param>
    /// <returns>Null where it is allowed; otherwise when the key may call again.</returns>
    public TimeSpan? Take(int key) => _minutes[key].Take(PerMinute, clock.GetElapsedTime(_began));

    private sealed class SlidingMinute
    {
        private const int Parts = 600;

        private static readonly TimeSpan Part = Minute / Parts;

        private readonly Lock _lock = new();
        private readonly int[] _counts = new int[Parts];
        private long _last;
        private long _sum;

        public TimeSpan? Take(int most, TimeSpan now)
        {
            lock (_lock)
            {
                var current = now.Ticks / Part.Ticks;
                Forget(current);
                if (_sum >= most)
                {
                    return Oldest(current) * Part + Minute - now;
                }

                _counts[current % Parts]++;
                _sum++;
                return null;
            }
        }

        /// <summary>What was counted a minute ago counts no more.</summary>
        private void Forget(long current)
        {
            for (var part = Math.Max(_last + 1, current - Parts + 1); part <= current; part++)
            {
                _sum -= _counts[part % Parts];
                _counts[part % Parts] = 0;
            }

            _last = Math.Max(_last, current);
        }

        private long Oldest(long current)
        {
            var part = Math.Max(0, current - Parts + 1);
            while (_counts[part % Parts] == 0)
            {
                part++;
            }

            return part;
        }
    }
}
