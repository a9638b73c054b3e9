using Autopilot.Benchmarking;

namespace Autopilot.ReportBenchmark;

/// <summary>What is measured.</summary>
/// <param name="Runs">Runs in the twelve months that are asked for, and as many in the twelve before.</param>
/// <param name="Outside">Runs outside the asked range in the end, those of the twelve months before among them.</param>
/// <param name="Rounds">How often each is measured, by turns, after a warm-up.</param>
internal sealed record BenchmarkArguments(int Runs = 10_000, int Outside = 100_000, int Rounds = 7)
{
    /// <exception cref="ArgumentException">They are not understood.</exception>
    public static BenchmarkArguments Read(string[] args)
    {
        var read = new BenchmarkArguments();
        foreach (var (name, value) in WholeNumbers.Read(args))
        {
            read = name switch
            {
                "--runs" => read with { Runs = value },
                "--outside" => read with { Outside = value },
                "--rounds" => read with { Rounds = value },
                _ => throw new ArgumentException($"'{name}' is none of --runs, --outside, --rounds."),
            };
        }

        return read.Outside >= read.Runs ? read : throw new ArgumentException($"--outside {read.Outside} must be at least --runs {read.Runs}: the twelve months before hold as many as those that are asked for.");
    }
}
