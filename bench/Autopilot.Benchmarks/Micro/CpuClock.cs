using Perfolizer.Horology;

namespace Autopilot.Benchmarks.Micro;

/// <summary>
/// Counts the processor time of this process, its garbage collections included: what else the machine does changes nothing.
/// </summary>
internal sealed class CpuClock : IClock
{
    public string Title => "CPU time";

    public bool IsAvailable => true;

    public Frequency Frequency => new(TimeSpan.TicksPerSecond);

    public long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks;
}
