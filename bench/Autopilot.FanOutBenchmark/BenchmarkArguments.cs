using System.Globalization;

namespace Autopilot.FanOutBenchmark;

/// <summary>What is measured.</summary>
/// <param name="Workflows">Workflows in each cycle, all due.</param>
/// <param name="Latency">Milliseconds that upstream takes for an answer.</param>
/// <param name="Rounds">How often each mode is started, by turns; three cycles count each time.</param>
/// <param name="Workers">Worker processes of the queue mode.</param>
internal sealed record BenchmarkArguments(int Workflows = 2000, int Latency = 50, int Rounds = 3, int Workers = 2)
{
    public static BenchmarkArguments Read(string[] args)
    {
        var read = new BenchmarkArguments();
        foreach (var pair in args.Chunk(2))
        {
            var value = pair.Length == 2 && int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number : throw new ArgumentException($"{pair[0]} needs a whole number above 0.");
            read = pair[0] switch
            {
                "--workflows" => read with { Workflows = value },
                "--latency" => read with { Latency = value },
                "--rounds" => read with { Rounds = value },
                "--workers" => read with { Workers = value },
                _ => throw new ArgumentException($"'{pair[0]}' is none of --workflows, --latency, --rounds, --workers."),
            };
        }

        return read;
    }
}
