using System.Buffers;
using System.Text;
using Autopilot.Core.Notifications;

namespace Autopilot.Formats.Writing;

/// <summary>Words of others in Markdown (CommonMark, and GitHub's tables): one line of nothing but text, whatever is in it.</summary>
public static class MarkdownText
{
    /// <summary>Longest text that is passed on in one piece, in characters.</summary>
    public const int MaxLength = 2048;

    // All that CommonMark and its usual extensions read as marks, in a table too. A backslash before any of them is that sign and nothing else.
    private static readonly SearchValues<char> Marks = SearchValues.Create(@"\`*_{}[]()<>#+-!|~&=:@.");

    /// <summary>The text as one line that no reader of Markdown takes for a link, an image, a mention, a heading, a cell, HTML or emphasis; empty for null.</summary>
    /// <param name="text">Anybody's text.</param>
    /// <param name="most">Longest text, in characters, before it is escaped; more is cut with an ellipsis.</param>
    public static string Escaped(string? text, int most = MaxLength)
    {
        var line = PlainLine.Of(text, most) ?? "";
        if (!line.AsSpan().ContainsAny(Marks))
        {
            return line;
        }

        var escaped = new StringBuilder(line.Length + 16);
        for (var i = 0; i < line.Length; i++)
        {
            var sign = line[i];
            // Within a word these mean nothing, and versions and names stay readable in clients that show the source.
            var inWord = sign is '-' or '.' or ':' or '+' or '=' && i > 0 && char.IsAsciiLetterOrDigit(line[i - 1]) && i + 1 < line.Length && char.IsAsciiLetterOrDigit(line[i + 1]);
            if (Marks.Contains(sign) && !inWord)
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

    private static bool EndsWww(string line, int i) => i >= 2 && line.AsSpan(i - 2, 3).Equals("www", StringComparison.OrdinalIgnoreCase) && i + 1 < line.Length && line[i + 1] == '.';
}
