using System.Text;
using Wcwidth;

namespace Autopilot.Formats.Writing;

/// <summary>
/// How much room text takes in a terminal: a sign of Chinese, Japanese or Korean takes two columns, a mark above another sign none.
/// </summary>
public static class TextWidth
{
    /// <summary>Width in columns.</summary>
    public static int Of(string text)
    {
        var columns = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            columns += Of(rune);
        }

        return columns;
    }

    /// <summary>Width of a sign in columns: 0, 1 or 2.</summary>
    public static int Of(Rune rune) =>
        rune.Value switch
        {
            >= 0x20 and < 0x7F => 1,
            // Makes an emoji of the sign before it, which then takes two.
            0xFE0F => 1,
            _ => Math.Max(0, UnicodeCalculator.GetWidth(rune)),
        };

    /// <summary>The text, cut with an ellipsis where it is wider than <paramref name="most"/> columns.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most / 2 || Of(text) <= most)
        {
            return text;
        }

        return $"{text[..Fitting(text, most - 1)]}…";
    }

    /// <summary>The text, cut or filled up with blanks to be exactly <paramref name="width"/> columns wide.</summary>
    public static string Fit(string text, int width, bool right = false)
    {
        var cut = Cut(text, width);
        var blanks = new string(' ', Math.Max(0, width - Of(cut)));
        return right ? blanks + cut : cut + blanks;
    }

    /// <summary>
    /// The text in lines of at most <paramref name="width"/> columns, broken between words, and within a word that is wider than a line.
    /// </summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        var used = 0;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var rest = word;
            var columns = Of(rest);
            if (used > 0 && used + 1 + columns > width)
            {
                yield return line.ToString();
                line.Clear();
                used = 0;
            }

            while (columns > width)
            {
                var most = Math.Max(1, Fitting(rest, width));
                yield return rest[..most];
                rest = rest[most..];
                columns = Of(rest);
            }

            if (columns > 0)
            {
                line.Append(used > 0 ? " " : "").Append(rest);
                used += columns + (used > 0 ? 1 : 0);
            }
        }

        if (used > 0)
        {
            yield return line.ToString();
        }
    }

    /// <summary>How many characters from the start fit, without cutting a sign or its marks in two.</summary>
    private static int Fitting(string text, int width)
    {
        int columns = 0,
            length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            columns += Of(rune);
            if (columns > width)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return length;
    }
}
