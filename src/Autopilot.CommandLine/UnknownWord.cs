using System.Text.RegularExpressions;

namespace Autopilot.CommandLine;

/// <summary>
/// Says that a word of the command line is unknown. The word may be the secret behind a misspelt option, so the sentence names it only
/// where it is spelt as the name of an option, and never what follows <c>=</c>.
/// </summary>
public static partial class UnknownWord
{
    /// <summary>A sentence about the word.</summary>
    /// <param name="word">What was given.</param>
    /// <param name="program">What errors call the program, such as <c>the demo</c>.</param>
    public static string Of(string word, string program) =>
        $"{(NameOf(word) is { } name ? $"'{name}'" : "A word of the command line")} is no argument of {program}; --help lists them.";

    /// <summary>The name of an option that the word gives; null where it gives none.</summary>
    /// <param name="word">What was given.</param>
    public static string? NameOf(string word) => word.Split('=', 2)[0] is var name && Option().IsMatch(name) ? name : null;

    [GeneratedRegex(@"^(-[A-Za-z?]|--[A-Za-z][A-Za-z0-9:_.-]{0,63})\z")]
    private static partial Regex Option();
}
