using Autopilot.Simulator.Faults;

namespace Autopilot.EndToEnd.Tests.Guarantees.EachChangeOnce;

/// <summary>What goes wrong around the servers, one kind of day after the other.</summary>
internal sealed class Weather(FaultInjector upstream, FaultyStorageService tables, int workflows, TimeSpan tick)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5),
        LongestOutage = TimeSpan.FromSeconds(15);

    private readonly List<string> _days = [];

    /// <summary>The days so far.</summary>
    public IReadOnlyList<string> Days => _days;

    /// <summary>Changes the weather until it is stopped, and leaves it fine.</summary>
    public async Task RunAsync(TimeSpan eachLasts, CancellationToken stop)
    {
        (string Name, Action Break)[] days =
        [
            (
                "upstream is slow",
                () => (upstream.Latency, _) = (TimeSpan.FromMilliseconds(80), Strike(FaultKind.SlowBody, 0.05, TimeSpan.FromSeconds(1)))
            ),
            (
                "upstream breaks",
                () => _ = (Strike(FaultKind.ServerError, 0.25), Strike(FaultKind.CutBeforeHeaders, 0.1), Strike(FaultKind.CutMidBody, 0.1))
            ),
            ("writes lose their answers", () => tables.Faults = 0.1),
            // Enough for one of two servers that keep to it, so that both go on; too little for two that do not know it yet.
            (
                "upstream throttles",
                () =>
                    upstream.Add(
                        new Fault
                        {
                            Kind = FaultKind.RateLimit,
                            Limit = Math.Max(20, (int)(1.2 * workflows * (Window / tick))),
                            Window = Window,
                        }
                    )
            ),
            (
                "tables are busy and slow",
                () => (tables.Errors, tables.Latency, tables.SlowBodies) = (0.08, TimeSpan.FromMilliseconds(40), 0.05)
            ),
            (
                "upstream answers nonsense",
                () =>
                    _ = (
                        Strike(FaultKind.MalformedJson, 0.03),
                        Strike(FaultKind.Html, 0.03),
                        Strike(FaultKind.Huge, 0.002),
                        Strike(FaultKind.Locked, 0.1),
                        Strike(FaultKind.SlowHeaders, 0.02, TimeSpan.FromSeconds(1))
                    )
            ),
            ("upstream is away", () => Strike(FaultKind.ServerError, 1)),
            (
                "everything a little",
                () =>
                {
                    (tables.Faults, tables.Errors, tables.Latency) = (0.05, 0.03, TimeSpan.FromMilliseconds(10));
                    _ = (
                        Strike(FaultKind.ServerError, 0.05),
                        Strike(FaultKind.CutMidBody, 0.05),
                        Strike(FaultKind.SlowBody, 0.02, TimeSpan.FromSeconds(1))
                    );
                }
            ),
        ];
        try
        {
            for (var day = 0; ; day++)
            {
                var (name, breakIt) = days[day % days.Length];
                _days.Add(name);
                breakIt();
                await Task.Delay(name == "upstream is away" && eachLasts > LongestOutage ? LongestOutage : eachLasts, stop);
                Clear();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It clears up.
        }
        finally
        {
            Clear();
        }
    }

    private int Strike(FaultKind kind, double probability, TimeSpan? delay = null)
    {
        upstream.Add(
            new Fault
            {
                Kind = kind,
                Probability = probability,
                Delay = delay ?? TimeSpan.Zero,
            }
        );
        return 0;
    }

    private void Clear()
    {
        upstream.Clear();
        tables.Clear();
    }
}
