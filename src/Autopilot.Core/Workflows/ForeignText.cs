using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Autopilot.Core.Workflows;

/// <summary>
/// Makes foreign text fit for a sentence, a title, a message or a log line. Foreign are versions, names and messages. The result is one
/// line, and holds nothing invisible that could reorder or hide what is read.
/// </summary>
public static class ForeignText
{
    /// <summary>
    /// The text with a blank for control, format and separator characters: one for several, with the blanks beside them. Null for null.
    /// </summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? OneLine(string? text) => OneLine(text, int.MaxValue);

    /// <summary>The same, cut at a whole character.</summary>
    /// <param name="text">Any text; it is not trusted.</param>
    /// <param name="most">Longest result, in UTF-16 characters, at least 1; what is cut off is shown by an ellipsis.</param>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? OneLine(string? text, int most)
    {
        // Printable ASCII is what nearly every text is.
        var line =
            text is null || !text.AsSpan(0, (int)Math.Min(text.Length, most + 1L)).ContainsAnyExceptInRange(' ', '~')
                ? text
                : Reduced(text, most);
        return line is null || line.Length <= most ? line : $"{Cut(line, most - 1)}…";
    }

    /// <summary>As one line; of one that is longer than allowed at least so much that it shows.</summary>
    private static string Reduced(string text, int most)
    {
        var line = new StringBuilder((int)Math.Min(text.Length, most + 2L));
        var isBroken = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsInvisible(rune))
            {
                while (line.Length > 0 && line[^1] == ' ')
                {
                    line.Length--;
                }

                line.Append(' ');
                isBroken = true;
            }
            else if (!isBroken || rune.Value != ' ')
            {
                // A lone half of a character comes as U+FFFD: no message may hold what UTF-8 cannot.
                line.Append(rune.ToString());
                isBroken = false;
            }

            if (line.Length > most)
            {
                break;
            }
        }

        return line.ToString();
    }

    private static string Cut(string text, int length) =>
        text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
