using System.Globalization;
using System.Text;

namespace Autopilot.Core.Notifications;

/// <summary>Text of others made fit for a message: one line, nothing invisible that could reorder or hide what is read, and no longer than allowed.</summary>
public static class PlainLine
{
    /// <summary>The text with every control and format character made a blank, cut at a whole character; null for null.</summary>
    /// <param name="text">Anybody's text.</param>
    /// <param name="most">Longest result, in UTF-16 characters, at least 1.</param>
    public static string? Of(string? text, int most)
    {
        if (text is null)
            return null;
        var line = new StringBuilder(Math.Min(text.Length, most + 2));
        foreach (var rune in text.EnumerateRunes())
        {
            // Lone surrogates come as U+FFFD: no message may hold what UTF-8 cannot.
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                line.Append(' ');
            else
                line.Append(rune.ToString());
            if (line.Length > most)
                break;
        }

        return line.Length <= most ? line.ToString() : $"{Cut(line.ToString(), most - 1)}…";
    }

    private static string Cut(string text, int length) => text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
