using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Autopilot.Benchmarks.Micro;

/// <summary>
/// Without a build of its own: the repository's build settings stay out of it. The long warm-up lets the compiler finish, whose time this
/// clock counts too.
/// </summary>
internal sealed class InThisProcess : ManualConfig
{
    public InThisProcess() =>
        AddJob(
            Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)
                .WithClock(new CpuClock())
                .WithWarmupCount(20)
                .WithIterationCount(30)
                .WithMinIterationTime(TimeInterval.FromMilliseconds(200))
        );
}
