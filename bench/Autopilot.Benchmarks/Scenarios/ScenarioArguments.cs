using Autopilot.Benchmarking;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>What is measured.</summary>
/// <param name="Rounds">How often each figure is measured, by turns with its yardsticks, after a warm-up.</param>
/// <param name="Only">One group of figures; null for all.</param>
internal sealed record ScenarioArguments(int Rounds = 5, string? Only = null)
{
    /// <summary>The groups.</summary>
    public const string Names = "cycles|operations|growth|start|memory";

    /// <exception cref="ArgumentException">They are not understood.</exception>
    public static ScenarioArguments Read(string[] args)
    {
        var read = new ScenarioArguments();
        if (Array.IndexOf(args, "--only") is >= 0 and var at)
        {
            read = read with { Only = at + 1 < args.Length && Names.Split('|').Contains(args[at + 1]) ? args[at + 1] : throw new ArgumentException($"--only needs one of {Names}.") };
            args = [.. args[..at], .. args[(at + 2)..]];
        }

        foreach (var (name, value) in WholeNumbers.Read(args))
            read = name == "--rounds" ? read with { Rounds = value } : throw new ArgumentException($"'{name}' is none of --rounds, --only.");
        return read;
    }

    public bool Wants(string group) => Only is null || Only == group;
}
