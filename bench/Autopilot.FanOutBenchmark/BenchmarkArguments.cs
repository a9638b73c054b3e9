using Autopilot.Benchmarking;

namespace Autopilot.FanOutBenchmark;

/// <summary>What is measured.</summary>
/// <param name="Workflows">Workflows in each cycle, all due.</param>
/// <param name="Latency">Milliseconds that upstream takes for an answer.</param>
/// <param name="Rounds">How often each mode is started, by turns; three cycles count each time.</param>
/// <param name="Workers">Worker processes of the queue mode.</param>
internal sealed record BenchmarkArguments(int Workflows = 2000, int Latency = 50, int Rounds = 3, int Workers = 2)
{
    /// <exception cref="ArgumentException">They are not understood.</exception>
    public static BenchmarkArguments Read(string[] args)
    {
        var read = new BenchmarkArguments();
        foreach (var (name, value) in WholeNumbers.Read(args))
        {
            read = name switch
            {
                "--workflows" => read with { Workflows = value },
                "--latency" => read with { Latency = value },
                "--rounds" => read with { Rounds = value },
                "--workers" => read with { Workers = value },
                _ => throw new ArgumentException($"'{name}' is none of --workflows, --latency, --rounds, --workers."),
            };
        }

        return read;
    }
}
