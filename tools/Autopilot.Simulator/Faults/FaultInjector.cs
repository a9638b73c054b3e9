using System.Globalization;

namespace Autopilot.Simulator.Faults;

/// <summary>The faults that are in force. Safe for any number of threads.</summary>
public sealed class FaultInjector
{
    private readonly Lock _gate = new();
    private readonly List<Armed> _faults = [];
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Dictionary<FaultKind, int> _struck = [];

    internal FaultInjector(TimeProvider time, int seed) => (_time, _random) = (time, new Random(seed));

    /// <summary>Every request of the API waits this long, on the simulator's clock. Default none.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>The faults in force, in the order in which they are tried.</summary>
    public IReadOnlyList<Fault> Current
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults.Select(armed => armed.Fault)];
            }
        }
    }

    /// <summary>Adds a fault behind those in force; the first that strikes decides.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Add(Fault fault)
    {
        if (!(fault.Probability is > 0 and <= 1))
        {
            throw new ArgumentException("A probability is more than 0 and at most 1.", nameof(fault));
        }

        if (
            !Enum.IsDefined(fault.Kind)
            || fault.Times < 1
            || fault.Limit < 1
            || fault.Delay < TimeSpan.Zero
            || fault.Window < TimeSpan.FromSeconds(1)
        )
        {
            throw new ArgumentException(
                "Times and limit are at least 1, a delay is not negative, and a window lasts at least a second.",
                nameof(fault)
            );
        }

        lock (_gate)
        {
            _faults.Add(new Armed(fault));
        }
    }

    /// <summary>Ends every fault, and the latency.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _faults.Clear();
        }

        Latency = TimeSpan.Zero;
    }

    /// <summary>How often a kind of fault has struck.</summary>
    public int Struck(FaultKind kind)
    {
        lock (_gate)
        {
            return _struck.GetValueOrDefault(kind);
        }
    }

    /// <summary>The fault that this request meets, or null.</summary>
    internal Fault? Strike(string path)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            for (var index = 0; index < _faults.Count; index++)
            {
                var armed = _faults[index];
                if (armed.Fault.Path is { } part && !path.Contains(part, StringComparison.Ordinal) || !Strikes(armed, now))
                {
                    continue;
                }

                // A throttling that has struck its last time stays for as long as its window.
                if (armed.Left == 0 && armed.Fault.Kind != FaultKind.Throttled)
                {
                    _faults.RemoveAt(index);
                }

                _struck[armed.Fault.Kind] = _struck.GetValueOrDefault(armed.Fault.Kind) + 1;
                return armed.Fault;
            }

            _faults.RemoveAll(armed => armed.Left == 0 && armed.WindowEnds <= now);
            return null;
        }
    }

    /// <summary>The window as the gateway words it: <c>limit:200,time:5 minute</c>.</summary>
    internal static string WindowText(Fault fault)
    {
        var (count, unit) =
            fault.Window.Ticks % TimeSpan.TicksPerMinute == 0
                ? (fault.Window.TotalMinutes, "minute")
                : (fault.Window.TotalSeconds, "second");
        return string.Create(CultureInfo.InvariantCulture, $"limit:{fault.Limit},time:{(int)count} {unit}");
    }

    private bool Strikes(Armed armed, DateTimeOffset now)
    {
        switch (armed.Fault.Kind)
        {
            case FaultKind.Throttled when now < armed.WindowEnds:
                return true;
            case FaultKind.RateLimit:
                if (now >= armed.WindowEnds)
                {
                    (armed.WindowEnds, armed.InWindow) = (now + armed.Fault.Window, 0);
                }

                return ++armed.InWindow > armed.Fault.Limit;
            default:
#pragma warning disable CA5394 // Dice that fall the same way again, not secrets.
                if (armed.Left == 0 || armed.Fault.Probability < 1 && _random.NextDouble() >= armed.Fault.Probability)
                {
                    return false;
                }
#pragma warning restore CA5394
                armed.Left--;
                armed.WindowEnds = now + armed.Fault.Window;
                return true;
        }
    }

    private sealed class Armed(Fault fault)
    {
        public Fault Fault { get; } = fault;

        public int Left { get; set; } = fault.Times ?? int.MaxValue;

        public DateTimeOffset WindowEnds { get; set; } = DateTimeOffset.MinValue;

        public int InWindow { get; set; }
    }
}
