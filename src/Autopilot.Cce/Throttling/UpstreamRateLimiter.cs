using System.Globalization;
using Autopilot.Cce.Settings;
using Autopilot.Cce.Telemetry;
using Autopilot.Core.Upstream;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Autopilot.Cce.Throttling;

/// <summary>
/// Holds the whole process to the limits that it knows: <c>Cce:RequestsPerMinute</c>, and every window that the gateway has named. A
/// growing pause follows a 429 that names none, or that comes although we keep to the window (others use it too). Permits are given in the
/// order of asking. After a pause one request goes alone; the others follow once it has succeeded.
/// </summary>
internal sealed class UpstreamRateLimiter
{
    /// <summary>More than half of the highest limit that can be set.</summary>
    private const int RecentPermits = 32_768;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _began;
    private readonly long _beganAt;
    private readonly Func<double> _random;
    private readonly CceMetrics _metrics;
    private readonly ILogger _logger;
    private readonly TimeSpan _maxWait;
    private readonly TokenBucket? _configured;
    private readonly List<TokenBucket> _learnt = [];
    private readonly Queue<DateTimeOffset> _recent = [];
    private DateTimeOffset _pauseBegan;
    private DateTimeOffset _pauseUntil;
    private int _pauses;
    private bool _unproven;
    private TaskCompletionSource? _probe;
    private DateTimeOffset _probeSent;

    public UpstreamRateLimiter(IOptions<CceOptions> options, TimeProvider clock, CceMetrics metrics, ILogger<UpstreamRateLimiter> logger)
        : this(options, clock, metrics, logger, Random.Shared.NextDouble) { }

    /// <param name="random">From 0 to 1; spreads pauses.</param>
    internal UpstreamRateLimiter(
        IOptions<CceOptions> options,
        TimeProvider clock,
        CceMetrics metrics,
        ILogger<UpstreamRateLimiter> logger,
        Func<double> random
    )
    {
        (_clock, _random, _metrics, _logger) = (clock, random, metrics, logger);
        (_began, _beganAt) = (clock.GetUtcNow(), clock.GetTimestamp());
        _maxWait = options.Value.MaxThrottleWait;
        if (options.Value.RequestsPerMinute is { } rate)
        {
            _configured = new TokenBucket(new ThrottleWindow(rate, TimeSpan.FromMinutes(1)), Now(), spent: false);
        }
    }

    /// <summary>The strictest window that the gateway has named; null before it names one.</summary>
    public ThrottleWindow? Window
    {
        get
        {
            lock (_lock)
            {
                return _learnt.Count == 0 ? null : _learnt.MinBy(p => p.Window.Limit / p.Window.Window.TotalSeconds)!.Window;
            }
        }
    }

    /// <inheritdoc cref="WaitAsync(TimeSpan?, CancellationToken)"/>
    public Task<DateTimeOffset> WaitAsync(CancellationToken cancellationToken) => WaitAsync(null, cancellationToken);

    /// <summary>Waits for this request's permit.</summary>
    /// <param name="within">Longest wait of this request, where that is less than <c>Cce:MaxThrottleWait</c>: a permit that comes too late
    /// is not taken.</param>
    /// <returns>When it came.</returns>
    /// <exception cref="UpstreamException">Throttled: the permit would come later than that.</exception>
    public async Task<DateTimeOffset> WaitAsync(TimeSpan? within, CancellationToken cancellationToken)
    {
        var maxWait = within < _maxWait ? within.Value : _maxWait;
        cancellationToken.ThrowIfCancellationRequested();
        DateTimeOffset asked,
            next;
        lock (_lock)
        {
            asked = Now();
            next = NextPermit(asked);
            if (next - asked > maxWait)
            {
                throw GivenUp(next - asked);
            }
            // A caller that is cancelled while it waits leaves its permit unused: slightly slower, and never a limit broken.
            _configured?.Take(next);
            foreach (var bucket in _learnt)
            {
                bucket.Take(next);
            }

            _recent.Enqueue(next);
            if (_recent.Count > RecentPermits)
            {
                _recent.Dequeue();
            }
        }

        while (true)
        {
            var now = Now();
            Task? probe = null;
            lock (_lock)
            {
                // A pause may have begun, or grown, while this one was waiting.
                next = next > _pauseUntil ? next : _pauseUntil;
                if (next <= now)
                {
                    if (!_unproven)
                    {
                        return now;
                    }

                    if (_probe is null)
                    {
                        (_probe, _probeSent) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), now);
                        return now;
                    }

                    probe = _probe.Task;
                }
            }

            if (probe is not null)
            {
                try
                {
                    await probe.WaitAsync(maxWait - (now - asked), _clock, cancellationToken);
                }
                catch (TimeoutException)
                {
                    throw GivenUp(TimeSpan.FromSeconds(1));
                }

                continue;
            }

            if (next - asked > maxWait)
            {
                throw GivenUp(next - now);
            }
            // Task.Delay cuts fractions of a millisecond off, and would be done at once, and again, with less than one to go.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling((next - now).TotalMilliseconds)), _clock, cancellationToken);
        }
    }

    /// <summary>How long a request that asked now would wait.</summary>
    public TimeSpan CurrentWait
    {
        get
        {
            lock (_lock)
            {
                var now = Now();
                return NextPermit(now) - now;
            }
        }
    }

    /// <summary>
    /// Whether at least half of each limit is unspent in its window, and no pause is in force; true where no limit is known.
    /// </summary>
    public bool IsHalfUnspent
    {
        get
        {
            lock (_lock)
            {
                var now = Now();
                return _pauseUntil <= now
                    && !_unproven
                    && (_configured is null || IsHalfUnspentIn(_configured.Window, now))
                    && _learnt.TrueForAll(bucket => IsHalfUnspentIn(bucket.Window, now));
            }
        }
    }

    /// <summary>Takes in a 429.</summary>
    /// <param name="sent">When its request was sent: answers to what was sent before a pause began don't make the pause grow.</param>
    public void Refused(ThrottleWindow? window, TimeSpan? retryAfter, DateTimeOffset sent)
    {
        _metrics.Throttled("gateway");
        lock (_lock)
        {
            var now = Now();
            var spentUntil = window is { } named && Learn(named, now) is { } until ? until : (DateTimeOffset?)null;
            EndProbe(sent);
            if (sent < _pauseBegan && retryAfter is null && spentUntil is null)
            {
                return;
            }

            _unproven = true;
            var pause = retryAfter ?? (spentUntil - now) ?? NextPause(window);
            _pauseBegan = now;
            if (now + pause > _pauseUntil)
            {
                _pauseUntil = now + pause;
            }

            CceLog.Throttled(_logger, pause.TotalSeconds, window?.Limit, window?.Window.TotalSeconds);
        }
    }

    /// <summary>An answer that was no 429.</summary>
    public void Passed(DateTimeOffset sent)
    {
        lock (_lock)
        {
            if (sent >= _pauseBegan)
            {
                (_pauses, _unproven) = (0, false);
            }

            EndProbe(sent);
        }
    }

    /// <summary>No answer came: if it was the request that goes alone after a pause, the next one does.</summary>
    public void Unanswered(DateTimeOffset sent)
    {
        lock (_lock)
        {
            EndProbe(sent);
        }
    }

    private void EndProbe(DateTimeOffset sent)
    {
        if (_probe is not null && sent == _probeSent)
        {
            _probe.SetResult();
            _probe = null;
        }
    }

    /// <summary>The process's own time: a wait must not change when the clock is set.</summary>
    private DateTimeOffset Now() => _began + _clock.GetElapsedTime(_beganAt);

    /// <summary>Keeps to a window from now on. Answers when it has room again, where our own requests alone have spent it.</summary>
    private DateTimeOffset? Learn(ThrottleWindow window, DateTimeOffset now)
    {
        if (_learnt.Exists(p => p.Window == window))
        {
            return null;
        }

        _learnt.RemoveAll(p => p.Window.Window == window.Window);
        var within = _recent.Where(sent => sent > now - window.Window && sent <= now).ToArray();
        var free = within.Length >= window.Limit ? within[^window.Limit] + window.Window : (DateTimeOffset?)null;
        _learnt.Add(new TokenBucket(window, free ?? now, spent: true));
        CceLog.WindowLearnt(_logger, window.Limit, window.Window.TotalSeconds);
        return free;
    }

    private bool IsHalfUnspentIn(ThrottleWindow window, DateTimeOffset now) =>
        2 * _recent.Count(sent => sent > now - window.Window) <= window.Limit;

    private TimeSpan NextPause(ThrottleWindow? window)
    {
        var longest = window is { } named && named.Window < LongestPause ? named.Window : LongestPause;
        var grown = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(_pauses++, 16)));
        return (grown < longest ? grown : longest) * (0.75 + _random() / 2);
    }

    private DateTimeOffset NextPermit(DateTimeOffset now)
    {
        var next = _pauseUntil > now ? _pauseUntil : now;
        if (_configured?.NextPermit(now) is { } own && own > next)
        {
            next = own;
        }

        foreach (var bucket in _learnt)
        {
            if (bucket.NextPermit(now) is var learnt && learnt > next)
            {
                next = learnt;
            }
        }

        return next;
    }

    private UpstreamException GivenUp(TimeSpan wait)
    {
        _metrics.Throttled("client");
        var limit =
            Window is { } window
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"Upstream allows {window.Limit} requests in {window.Window.TotalSeconds:0} s"
                )
            : _configured is not null ? $"Cce:RequestsPerMinute allows {_configured.Window.Limit}"
            : "Upstream asked for a pause";
        return new UpstreamException(
            UpstreamFailure.Throttled,
            string.Create(CultureInfo.InvariantCulture, $"{limit}; the next permit is in {Math.Ceiling(wait.TotalSeconds):0} s.")
        )
        {
            RetryAfter = wait,
        };
    }
}
