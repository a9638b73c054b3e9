using Microsoft.Extensions.Time.Testing;

namespace Autopilot.EndToEnd.Tests.Month;

/// <summary>A clock that stands still while work is done, and moves on where work does nothing but wait for it: for a throttled turn, a retry, a budget's end.</summary>
internal sealed class HurriedClock(DateTimeOffset start)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300), Beat = TimeSpan.FromMilliseconds(10), Step = TimeSpan.FromSeconds(5);

    public FakeTimeProvider Time { get; } = new(start);

    public async Task<T> RunAsync<T>(Task<T> work)
    {
        for (var wait = Patience; await Task.WhenAny(work, Task.Delay(wait)) != work; wait = Beat)
            Time.Advance(Step);
        return await work;
    }
}
