using System.Text.RegularExpressions;

namespace Autopilot.Testing;

/// <summary>
/// The metrics and their tags as docs/server.md lists them. Tests hold the page against what the server measures, and everything that
/// draws or alerts against the page.
/// </summary>
internal static partial class MetricCatalog
{
    /// <summary>The tags of each metric, by the metric's name.</summary>
    /// <param name="page">The text of docs/server.md.</param>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Read(string page)
    {
        var metrics = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (var row in page.Split('\n').Where(line => line.StartsWith("| `autopilot.", StringComparison.Ordinal)))
        {
            // "`a` by `tag`; `b`, `c`" are three metrics, one of them with a tag.
            foreach (var part in row.Split(" | ")[0].Split(';'))
            {
                var halves = part.Split(" by ");
                var tags = halves
                    .Skip(1)
                    .SelectMany(half => Code().Matches(half))
                    .Select(match => match.Groups[1].Value)
                    .ToHashSet(StringComparer.Ordinal);
                foreach (var name in Code().Matches(halves[0]).Select(match => match.Groups[1].Value))
                {
                    metrics.Add(name, tags);
                }
            }
        }

        return metrics;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
