using System.Globalization;
using System.Text;

namespace Autopilot.Core.Workflows;

/// <summary>Text that holds words of others, such as versions, names and messages, made fit for a sentence, a title or a log line.</summary>
public static class ForeignText
{
    /// <summary>The text as one line: every control, format and separator character is a blank, and of several blanks one stays. Null for null.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    public static string? OneLine(string? text) => text is null || IsOneLine(text) ? text : Reduced(text);

    private static bool IsOneLine(string text)
    {
        var blank = true;
        foreach (var character in text)
        {
            // Printable ASCII with single blanks between is what nearly every text is.
            if (character is < ' ' or > '~' || (blank && character == ' '))
            {
                return false;
            }

            blank = character == ' ';
        }

        return !blank || text.Length == 0;
    }

    private static string Reduced(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsBlank(rune))
            {
                line.Append(rune);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString().TrimEnd(' ');
    }

    private static bool IsBlank(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
