using System.Globalization;

namespace Autopilot.ReportBenchmark;

/// <summary>What is measured.</summary>
/// <param name="Runs">Runs in the twelve months that are asked for, and as many in the twelve before.</param>
/// <param name="Outside">Runs outside the asked range in the end, those of the twelve months before among them.</param>
/// <param name="Rounds">How often each is measured, by turns, after a warm-up.</param>
internal sealed record BenchmarkArguments(int Runs = 10_000, int Outside = 100_000, int Rounds = 7)
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
                "--runs" => read with { Runs = value },
                "--outside" => read with { Outside = value },
                "--rounds" => read with { Rounds = value },
                _ => throw new ArgumentException($"'{pair[0]}' is none of --runs, --outside, --rounds."),
            };
        }

        return read.Outside >= read.Runs ? read : throw new ArgumentException($"--outside {read.Outside} must be at least --runs {read.Runs}: the twelve months before hold as many as those that are asked for.");
    }
}
