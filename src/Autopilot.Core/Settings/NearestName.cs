namespace Autopilot.Core.Settings;

/// <summary>Finds the name that a misspelt one was perhaps meant to be.</summary>
public static class NearestName
{
    /// <summary>
    /// The nearest of the names, whatever the case; of equally near ones the first in ordinal order. Null where there is none within the
    /// distance.
    /// </summary>
    /// <param name="given">What was given.</param>
    /// <param name="names">What there is.</param>
    /// <param name="most">Largest distance, in letters to add, drop, change or swap with their neighbour.</param>
    public static string? Of(string given, IEnumerable<string> names, int most = int.MaxValue)
    {
        var (best, distance) = names
            .Select(name => (Name: name, Distance: Distance(name, given, most)))
            .OrderBy(one => one.Distance)
            .ThenBy(one => one.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return distance <= most ? best : null;
    }

    /// <summary>Letters to add, drop, change or swap with their neighbour to make one of the other (optimal string alignment).</summary>
    private static int Distance(string one, string other, int most)
    {
        // Names are short; what is far longer than any of them is near to none.
        if (most < int.MaxValue && Math.Abs(one.Length - other.Length) > most)
        {
            return int.MaxValue;
        }

        var (before, last, row) = (new int[other.Length + 1], Enumerable.Range(0, other.Length + 1).ToArray(), new int[other.Length + 1]);
        for (var i = 1; i <= one.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var change = last[j - 1] + (Same(i - 1, j - 1) ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && Same(i - 1, j - 2) && Same(i - 2, j - 1))
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last, row) = (last, row, before);
        }

        return last[^1];

        bool Same(int i, int j) => char.ToLowerInvariant(one[i]) == char.ToLowerInvariant(other[j]);
    }
}
