using System.Text.RegularExpressions;

namespace Autopilot.EndToEnd.Tests.Language;

/// <summary>
/// Words that no type's name is, begins or ends with, in one or many; <c>docs/glossary.md</c> has the terms that stand in their place.
/// </summary>
internal static partial class CoinedNames
{
    private static readonly string[][] Words =
    [
        .. new[]
        {
            "Turn",
            "Settle",
            "Reading",
            "Known",
            "Answer",
            "Board",
            "Words",
            "Telling",
            "Look",
            "Glance",
            "Refusal",
            "Mood",
            "Gate",
            "Standing",
            "Verdict",
            "Judge",
            "Pass",
            "Keeper",
            "Pump",
            "Watch",
            "Moments",
            "CycleMoment",
            "Wish",
            "Pace",
            "Worked",
            "Head",
            "Written",
            "Moves",
            "Dice",
            "Tally",
            "Figures",
            "Kin",
            "Lives",
            "Desk",
            "Tour",
            "Book",
            "Told",
            "Promises",
            "Landed",
            "Vanished",
            "Superseded",
            "AlreadyKnown",
        }.Select(Parts),
    ];

    /// <summary>
    /// The word that a name is, begins or ends with; null where there is none. An interface's <c>I</c> and a test class's <c>Tests</c> do
    /// not count.
    /// </summary>
    public static string? In(string name)
    {
        var bare = name.Length > 1 && name[0] is 'I' && char.IsAsciiLetterUpper(name[1]) ? name[1..] : name;
        var parts = Parts(bare.EndsWith("Tests", StringComparison.Ordinal) && bare.Length > 5 ? bare[..^5] : bare);
        return bare is "Run" ? bare
            : Words.FirstOrDefault(word => Same(parts.Take(word.Length), word) || Same(parts.TakeLast(word.Length), word)) is { } found
                ? string.Concat(found)
            : null;
    }

    private static bool Same(IEnumerable<string> parts, string[] word) =>
        parts.SequenceEqual(word)
        || parts.SequenceEqual([.. word[..^1], $"{word[^1]}s"])
        || parts.SequenceEqual([.. word[..^1], $"{word[^1]}es"]);

    private static string[] Parts(string name) => [.. Part().Matches(name).Select(match => match.Value)];

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+")]
    private static partial Regex Part();
}
