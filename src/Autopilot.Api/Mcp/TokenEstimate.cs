namespace Autopilot.Api.Mcp;

/// <summary>
/// About how many tokens of a language model a text has. Models differ, and none of their vocabularies is needed here: words, numbers and
/// marks are counted as the common encodings split them. A test compares it with <c>o200k_base</c>: within 10 % for English, JSON, ids and
/// instants, and too many rather than too few for other scripts.
/// </summary>
internal static class TokenEstimate
{
    /// <summary>Letters of one token of a word, digits of one of a number, marks of one of punctuation.</summary>
    private const int Letters = 7,
        Digits = 3,
        Marks = 3;

    public static int Of(ReadOnlySpan<char> text)
    {
        var tokens = 0;
        while (text.Length > 0)
        {
            var (length, most) = text[0] switch
            {
                // A blank belongs to the word behind it.
                ' ' => (1, 0),
                >= '0' and <= '9' => (RunOf(text, char.IsAsciiDigit), Digits),
                _ when IsLetter(text[0]) => (RunOf(text, IsSmall), Letters),
                < (char)128 => (
                    RunOf(text, character => character < 128 && character != ' ' && !char.IsAsciiLetterOrDigit(character)),
                    Marks
                ),
                _ => (1, 1),
            };
            tokens += most == 0 ? 0 : (length + most - 1) / most;
            text = text[length..];
        }

        return tokens;
    }

    /// <summary>How long the run is that begins a text; its first character belongs to it, whatever it is.</summary>
    private static int RunOf(ReadOnlySpan<char> text, Predicate<char> goesOn)
    {
        var length = 1;
        while (length < text.Length && goesOn(text[length]))
        {
            length++;
        }

        return length;
    }

    private static bool IsLetter(char character) => char.IsAsciiLetter(character) || character is >= 'À' and <= 'ɏ';

    /// <summary>A word ends before a capital: names of members are several.</summary>
    private static bool IsSmall(char character) => char.IsAsciiLetterLower(character) || character is >= 'à' and <= 'ɏ';
}
