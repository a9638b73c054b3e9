using System.Globalization;
using System.Text;

namespace Autopilot.Cli;

/// <summary>Text of others for a terminal: what would steer the terminal, or turn the direction of reading, becomes U+FFFD.</summary>
internal static class TerminalText
{
    /// <summary>The text without control characters but line ends and tabs.</summary>
    public static string Of(string text)
    {
        if (!text.Any(Steers))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var (index, letter) in text.Index())
        {
            // A line of CSV ends in two characters; alone, the first would have the next line written over this one.
            var endsLine = letter == '\r' && index + 1 < text.Length && text[index + 1] == '\n';
            clean.Append(Steers(letter) && !endsLine ? '\uFFFD' : letter);
        }

        return clean.ToString();
    }

    /// <summary>The same on one line.</summary>
    public static string Line(string text) => Of(text).ReplaceLineEndings(" ").Replace('\t', ' ');

    private static bool Steers(char letter) =>
        letter is not ('\n' or '\t')
        && (
            char.IsControl(letter)
            || CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.Format && letter is not ('\u200C' or '\u200D' or '\u00AD')
            || letter is '\u2028' or '\u2029'
        );
}
