using System.Globalization;

namespace Autopilot.Benchmarking;

/// <summary>Options of a command line, each a name and a whole number above 0.</summary>
internal static class WholeNumbers
{
    /// <summary>The pairs in their order.</summary>
    /// <exception cref="ArgumentException">A number is missing, or none.</exception>
    public static IEnumerable<(string Name, int Value)> Read(IEnumerable<string> args)
    {
        foreach (var pair in args.Chunk(2))
        {
            yield return (pair[0], pair.Length == 2 && int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : throw new ArgumentException($"{pair[0]} needs a whole number above 0."));
        }
    }
}
