using System.Text.RegularExpressions;

namespace Autopilot.Cce.Responses;

/// <summary>
/// Redacts upstream's texts so that they can be shown: no key, token or signature, no echo of the request, one line, 300 characters at
/// most. In doubt it takes out too much.
/// </summary>
internal sealed partial class Redactor(IEnumerable<string?> secrets)
{
    /// <summary>Longest text that is let through, in characters.</summary>
    public const int MaxLength = 300;

    private const string Gap = "[redacted]";
    private const string LeftOut = "[request left out]";
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];
    private readonly string[] _secrets = [.. secrets.Where(s => s is { Length: > 3 }).Select(s => s!).OrderByDescending(s => s.Length)];

    /// <summary>Redacts; null and blank text give null.</summary>
    public string? Redact(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }
        // A body may be long, and what is cut off later need not be searched; a secret that begins before this cut is longer than the rest
        // of the text.
        var shown = text.Length > 8192 ? text[..8192] : text;
        shown = LongRun().Replace(WithoutNamed(shown), Gap);
        shown = Blank().Replace(shown, " ").Trim();
        return shown.Length <= MaxLength ? shown : $"{shown[..(MaxLength - 1)]}…";
    }

    /// <summary>
    /// Redacts what upstream says on purpose, in a response to a good request. It has no limit of length. Long tokens stay where they are
    /// paths or names made of short words (a deprecated API, a pod), since a person must know them.
    /// </summary>
    public string? RedactWords(string text) => LongRun().Replace(WithoutNamed(text), m => Words().IsMatch(m.ValueSpan) ? m.Value : Gap);

    private string WithoutNamed(string text)
    {
        foreach (var secret in _secrets)
        {
            text = text.Replace(secret, Gap, StringComparison.Ordinal);
        }
        // The gateway echoes the canonical request, its line breaks shown as bars: headers' values stand in there.
        text = WithoutEcho(text);
        text = NamedSecret().Replace(text, m => $"{m.Groups[1].Value}={Gap}");
        return AccessKeyId().Replace(text, Gap);
    }

    /// <summary>
    /// Takes out what stands between the first bar and the last, with the word before and the word after them. It also takes out all after
    /// a method that ends its line. By hand and not by a pattern: one that may begin anywhere and must reach a bar would try every
    /// beginning.
    /// </summary>
    private static string WithoutEcho(string text)
    {
        var (first, last) = (text.IndexOf('|', StringComparison.Ordinal), text.LastIndexOf('|'));
        if (first < last)
        {
            var (from, to) = (first, last + 1);
            while (from > 0 && !char.IsWhiteSpace(text[from - 1]))
            {
                from--;
            }

            var before = text.AsSpan(0, from).TrimEnd();
            foreach (var method in Methods)
            {
                if (
                    before.EndsWith(method, StringComparison.Ordinal)
                    && (before.Length == method.Length || !char.IsLetterOrDigit(before[^(method.Length + 1)]))
                )
                {
                    from = before.Length - method.Length;
                }
            }

            while (to < text.Length && !char.IsWhiteSpace(text[to]))
            {
                to++;
            }

            text = string.Concat(text.AsSpan(0, from), LeftOut, text.AsSpan(to));
        }

        return RequestLineEnd().Match(text) is { Success: true } line ? string.Concat(text.AsSpan(0, line.Index), LeftOut) : text;
    }

    // All of these match foreign text. They are compiled at build time, and none can backtrack further than the one run of characters that
    // it is in: no two parts that may repeat share a character, and what may begin anywhere ends at a word's boundary. A test feeds each
    // with what would make it slow.
    [GeneratedRegex(@"^/?[a-z0-9]{1,30}(?:[/_-][a-z0-9]{1,30})+/?$")]
    private static partial Regex Words();

    [GeneratedRegex(@"\b(?:GET|POST|PUT|PATCH|DELETE|HEAD)[^\S\n]*\n")]
    private static partial Regex RequestLineEnd();

    [GeneratedRegex(
        @"(?i)\b(x-security-token|x-auth-token|x-subject-token|authorization|signature|access|password|passwd|secret\w*|"
            + @"security_?token|token)\b""?\s*[:=]\s*(?:""[^""]*""?|SDK-HMAC-SHA256[^|\n]*|Bearer\s+\S+|[^\s,;|]+)"
    )]
    private static partial Regex NamedSecret();

    [GeneratedRegex(@"\b[A-Z0-9]{20}\b|(?i:(?<=\bak\s))\S{8,}")]
    private static partial Regex AccessKeyId();

    // UUIDs have 36 characters and project ids 32: they are no secrets, and people need them.
    [GeneratedRegex("[A-Za-z0-9+/=_-]{40,}")]
    private static partial Regex LongRun();

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Blank();
}
