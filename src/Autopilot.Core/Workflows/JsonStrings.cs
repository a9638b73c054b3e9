using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Autopilot.Core.Workflows;

/// <summary>Strings of a JSON document, read without throwing: broken UTF-8 and lone surrogates become replacement characters.</summary>
internal static class JsonStrings
{
    /// <summary>A string's bytes between the quotes, still escaped.</summary>
    public static ReadOnlySpan<byte> Raw(JsonElement text) => JsonMarshal.GetRawUtf8Value(text)[1..^1];

    /// <summary>A member's name, unescaped: to be compared with many names without looking it up for each.</summary>
    public static ReadOnlySpan<byte> Name(JsonProperty member)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(member);
        return raw.IndexOf((byte)'\\') < 0 ? raw : Encoding.UTF8.GetBytes(Unescape(raw));
    }

    /// <summary>The string that <paramref name="raw"/> stands for.</summary>
    public static string Unescape(ReadOnlySpan<byte> raw)
    {
        if (raw.IndexOf((byte)'\\') < 0)
        {
            return Encoding.UTF8.GetString(raw);
        }

        var source = Encoding.UTF8.GetString(raw);
        var text = new StringBuilder(source.Length);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] != '\\')
            {
                text.Append(source[i]);
                continue;
            }

            // The document has been parsed: every escape is complete.
            i++;
            switch (source[i])
            {
                case 'b':
                    text.Append('\b');
                    break;
                case 'f':
                    text.Append('\f');
                    break;
                case 'n':
                    text.Append('\n');
                    break;
                case 'r':
                    text.Append('\r');
                    break;
                case 't':
                    text.Append('\t');
                    break;
                case 'u':
                    text.Append((char)Convert.ToUInt16(source.Substring(i + 1, 4), 16));
                    i += 4;
                    break;
                default:
                    text.Append(source[i]);
                    break;
            }
        }

        // Half a surrogate pair is no text that could be stored or sent on.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>
    /// A scalar as text, cut to <paramref name="maxLength"/> characters: a string as it is, a number or a boolean as it was written (values
    /// of the wrong type are shown as they came). Null for null, an object, an array, and a string that is empty or blank.
    /// </summary>
    public static string? Scalar(JsonElement element, int maxLength)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                var text = Unescape(Raw(element));
                return string.IsNullOrWhiteSpace(text) ? null : Cut(text, maxLength);
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                return Cut(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(element)), maxLength);
            default:
                return null;
        }
    }

    /// <summary>Cuts without leaving half of a surrogate pair.</summary>
    public static string Cut(string text, int maxLength) =>
        text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];
}
