using System.Diagnostics;
using System.Globalization;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>Splits the processor time of a measurement by process: ours, the table service's and upstream's.</summary>
internal sealed class BusyProcesses(int tables, int upstream)
{
    public async Task<Busy> MeasureAsync(Func<Task> action)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var (pauses, allocated) = (GC.GetTotalPauseDuration(), GC.GetTotalAllocatedBytes());
        var (us, them, it) = (Environment.CpuUsage.TotalTime, TimeOf(tables), TimeOf(upstream));
        var began = Stopwatch.GetTimestamp();
        await action();
        var took = Stopwatch.GetElapsedTime(began);
        return new Busy(took, Environment.CpuUsage.TotalTime - us, TimeOf(tables) - them, TimeOf(upstream) - it)
        {
            Paused = GC.GetTotalPauseDuration() - pauses,
            AllocatedBytes = GC.GetTotalAllocatedBytes() - allocated,
        };
    }

    private static TimeSpan TimeOf(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime;
    }
}

/// <param name="Took">By the clock on the wall.</param>
/// <param name="Own">Processor time of this process, and of the others.</param>
internal sealed record Busy(TimeSpan Took, TimeSpan Own, TimeSpan Tables, TimeSpan Upstream)
{
    /// <summary>How long this process stood still for its garbage.</summary>
    public TimeSpan Paused { get; init; }

    public long AllocatedBytes { get; init; }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Took.TotalMilliseconds:0} ms (processor: ours {Own.TotalMilliseconds:0}, tables {Tables.TotalMilliseconds:0}, "
                + $"upstream {Upstream.TotalMilliseconds:0}; garbage {AllocatedBytes / 1e6:0} MB, paused {Paused.TotalMilliseconds:0} ms)"
        );

    /// <summary>The parts of one core that each process kept busy.</summary>
    public static string Tell(IReadOnlyCollection<Busy> all)
    {
        var took = all.Sum(one => one.Took.TotalSeconds);
        string Part(Func<Busy, TimeSpan> of) => (all.Sum(one => of(one).TotalSeconds) / took).ToString("0 %", CultureInfo.InvariantCulture);
        return $"ours {Part(one => one.Own)}, tables {Part(one => one.Tables)}, upstream {Part(one => one.Upstream)} of a core";
    }
}
