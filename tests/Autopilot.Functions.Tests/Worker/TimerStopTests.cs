namespace Autopilot.Functions.Tests.Worker;

/// <summary>
/// However the published app is stopped in the middle of a timer's cycle, every state that it had received is stored. A class of its own,
/// so that it runs beside the other stops.
/// </summary>
public sealed class TimerStopTests(AzuriteFixture azurite) : WorkerStops(azurite)
{
    public static TheoryData<string> Ways => ["SIGTERM", "terminate", "cancel", "stream closed", "connection cut"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_timer_that_is_stopped_at_any_of_ten_moments_loses_nothing(string way)
    {
        int[] moments = [1, 7, 14, 21, 28, 35, 42, 49, 56, 63];

        var losses = new List<string>();
        foreach (var pair in moments.Chunk(2))
        {
            losses.AddRange(await Task.WhenAll(pair.Select(moment => StopAsync(way, moment, host => host.Tick("PollTimer")))));
        }

        Assert.Equal(moments.Select(moment => $"{way} after {moment} answers: 0 lost, ended"), losses);
    }
}
