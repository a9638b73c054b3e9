using Autopilot.Benchmarking;

namespace Autopilot.RequestBenchmark;

/// <summary>What is measured.</summary>
/// <param name="Seconds">How long each round lasts.</param>
/// <param name="Rounds">How often each is measured, by turns, after a warm-up.</param>
/// <param name="Connections">Connections, each with one request under way at any time.</param>
internal sealed record BenchmarkArguments(int Seconds = 5, int Rounds = 5, int Connections = 16)
{
    /// <exception cref="ArgumentException">They are not understood.</exception>
    public static BenchmarkArguments Read(string[] args)
    {
        var read = new BenchmarkArguments();
        foreach (var (name, value) in WholeNumbers.Read(args))
        {
            read = name switch
            {
                "--seconds" => read with { Seconds = value },
                "--rounds" => read with { Rounds = value },
                "--connections" => read with { Connections = value },
                _ => throw new ArgumentException($"'{name}' is none of --seconds, --rounds, --connections."),
            };
        }

        return read;
    }
}
