using System.Globalization;

namespace Autopilot.RequestBenchmark;

/// <summary>What is measured.</summary>
/// <param name="Seconds">How long each round lasts.</param>
/// <param name="Rounds">How often each is measured, by turns, after a warm-up.</param>
/// <param name="Connections">Connections, each with one request under way at any time.</param>
internal sealed record BenchmarkArguments(int Seconds = 5, int Rounds = 5, int Connections = 16)
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
                "--seconds" => read with { Seconds = value },
                "--rounds" => read with { Rounds = value },
                "--connections" => read with { Connections = value },
                _ => throw new ArgumentException($"'{pair[0]}' is none of --seconds, --rounds, --connections."),
            };
        }

        return read;
    }
}
