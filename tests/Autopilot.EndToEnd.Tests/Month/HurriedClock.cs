using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.EndToEnd.Tests.Month;

/// <summary>
/// A clock that stands still while work is done, and moves on where work does nothing but wait for it: for a permit, a retry, a
/// budget's end. Whether anything is done shows in the requests that are under way; a slow machine must not look like a slow upstream.
/// </summary>
internal sealed class HurriedClock : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10),
        Step = TimeSpan.FromSeconds(5);

    /// <summary>Beats without a request after which no process is still preparing one.</summary>
    private const int Idle = 8;

    private readonly MeterListener _listener = new();
    private long _underWay;

    public HurriedClock(DateTimeOffset start)
    {
        Time = new FakeTimeProvider(start);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "System.Net.Http", Name: "http.client.active_requests" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _underWay, change));
        _listener.Start();
    }

    public FakeTimeProvider Time { get; }

    public async Task<T> RunAsync<T>(Task<T> work)
    {
        for (var beats = 0; await Task.WhenAny(work, Task.Delay(Beat)) != work; )
        {
            beats = Interlocked.Read(ref _underWay) > 0 ? 0 : beats + 1;
            if (beats > Idle)
            {
                Time.Advance(Step);
            }
        }

        return await work;
    }

    public void Dispose() => _listener.Dispose();
}
