using System.Diagnostics;
using System.Globalization;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>Tells whose processor time a measurement took: ours, the table service's or upstream's.</summary>
internal sealed class BusyProcesses(int tables, int upstream)
{
    public async Task<Busy> MeasureAsync(Func<Task> action)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var (us, them, it) = (Environment.CpuUsage.TotalTime, TimeOf(tables), TimeOf(upstream));
        var began = Stopwatch.GetTimestamp();
        await action();
        var took = Stopwatch.GetElapsedTime(began);
        return new Busy(took, Environment.CpuUsage.TotalTime - us, TimeOf(tables) - them, TimeOf(upstream) - it);
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
    /// <summary>The parts of one core that each process kept busy.</summary>
    public static string Tell(IReadOnlyCollection<Busy> all)
    {
        var took = all.Sum(one => one.Took.TotalSeconds);
        string Part(Func<Busy, TimeSpan> of) => (all.Sum(one => of(one).TotalSeconds) / took).ToString("0 %", CultureInfo.InvariantCulture);
        return $"ours {Part(one => one.Own)}, tables {Part(one => one.Tables)}, upstream {Part(one => one.Upstream)} of a core";
    }
}
