using System.Buffers;
using System.Text;
using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Writing;

/// <summary>Foreign text in Markdown (CommonMark, and GitHub's tables): one line of plain text, whatever is in it.</summary>
public static class MarkdownText
{
    /// <summary>Longest text that is passed on in one piece, in characters.</summary>
    public const int MaxLength = 2048;

    // All that CommonMark and its usual extensions read as marks, in a table too. A backslash before any of them is that sign and nothing
    // else.
    private static readonly SearchValues<char> Marks = SearchValues.Create(@"\`*_{}[]()<>#+-!|~&=:@.$^""");

    /// <summary>
    /// The text as one line that no reader of Markdown takes for anything else: no link, image, mention, heading, cell, HTML or emphasis.
    /// Empty for null.
    /// </summary>
    /// <param name="text">Any text; it is not trusted.</param>
    /// <param name="most">Longest text, in characters, before it is escaped; more is cut with an ellipsis.</param>
    public static string Escaped(string? text, int most = MaxLength)
    {
        var line = ForeignText.OneLine(text, most) ?? "";
        if (!line.AsSpan().ContainsAny(Marks))
        {
            return line;
        }

        var escaped = new StringBuilder(line.Length + 16);
        for (var i = 0; i < line.Length; i++)
        {
            var sign = line[i];
            if (Marks.Contains(sign) && !IsPlain(line, i))
            {
                escaped.Append('\\');
            }

            escaped.Append(sign);
            // An address or a mention becomes a link in most clients whatever stands before its signs: an invisible blank breaks it up.
            if (sign == '@' || (sign == ':' && line.AsSpan(i + 1).StartsWith("//", StringComparison.Ordinal)) || EndsWww(line, i))
            {
                escaped.Append('\u200B');
            }
        }

        return escaped.ToString();
    }

    /// <summary>Text in a code span, for what is copied as it is: one line, in which nothing is a mark. Not for a table's cell.</summary>
    /// <param name="text">Any text; it is not trusted.</param>
    /// <param name="most">Longest text, in characters; more is cut with an ellipsis.</param>
    public static string Code(string? text, int most = MaxLength)
    {
        var line = ForeignText.OneLine(text, most)?.Trim() ?? "";
        if (line.Length == 0)
        {
            return "";
        }

        int longest = 0,
            run = 0;
        foreach (var sign in line)
        {
            run = sign == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', longest + 1);
        return longest == 0 ? $"{fence}{line}{fence}" : $"{fence} {line} {fence}";
    }

    /// <summary>
    /// Whether a character is no markup where it stands and needs no escape. Versions, names and sentences stay readable in clients that
    /// show the source.
    /// </summary>
    private static bool IsPlain(string line, int i)
    {
        var before = i > 0 ? line[i - 1] : ' ';
        var after = i + 1 < line.Length ? line[i + 1] : ' ';
        return line[i] switch
        {
            '-' or '+' or '=' => char.IsAsciiLetterOrDigit(before) && char.IsAsciiLetterOrDigit(after),
            // Between letters it may be an address: mailto:name.
            ':' => after == ' ' ? before != ' ' : char.IsAsciiDigit(before) && char.IsAsciiDigit(after),
            // After nothing but digits it begins an item of a list.
            '.' => char.IsAsciiLetterOrDigit(after)
                ? char.IsAsciiLetterOrDigit(before)
                : after == ' ' && i > 0 && line.AsSpan(0, i).ContainsAnyExceptInRange('0', '9'),
            // Only what follows a bracket is a link's address.
            '(' => before != ']',
            ')' => i > 0 && line.AsSpan(0, i).ContainsAnyExceptInRange('0', '9'),
            '"' => before != '"' && after != '"',
            _ => false,
        };
    }

    private static bool EndsWww(string line, int i) =>
        i >= 2 && line.AsSpan(i - 2, 3).Equals("www", StringComparison.OrdinalIgnoreCase) && i + 1 < line.Length && line[i + 1] == '.';
}
