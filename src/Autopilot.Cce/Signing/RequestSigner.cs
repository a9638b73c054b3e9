using System.Security.Cryptography;
using System.Text;

namespace Autopilot.Cce.Signing;

/// <summary>
/// SDK-HMAC-SHA256: a pure function of pieces that are encoded already, so that what is signed is, byte for byte, what is sent.
/// </summary>
internal static class RequestSigner
{
    public const string Scheme = "SDK-HMAC-SHA256";

    /// <summary>Form of <c>X-Sdk-Date</c>, in UTC.</summary>
    public const string DateFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>The parameter of the <c>Authorization</c> header.</summary>
    /// <param name="path">Encoded, as sent.</param>
    /// <param name="query">Encoded, as sent, without the question mark. Sorted here; see <see cref="CanonicalQuery"/>.</param>
    /// <param name="headers">What is signed: lower-case names and the values as sent.</param>
    /// <param name="date">The value of <c>X-Sdk-Date</c>.</param>
    public static string Authorize(
        string accessKey,
        string secretKey,
        string method,
        string path,
        string query,
        IEnumerable<(string Name, string Value)> headers,
        string date,
        ReadOnlySpan<byte> body
    )
    {
        var signed = headers.Select(h => (h.Name, Value: h.Value.Trim())).OrderBy(h => h.Name, StringComparer.Ordinal).ToArray();
        var names = string.Join(';', signed.Select(h => h.Name));
        var request = CanonicalRequest(method, path, query, signed, names, body);
        var toSign = $"{Scheme}\n{date}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(request)))}";
        var signature = Hex(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secretKey), Encoding.UTF8.GetBytes(toSign)));
        return $"Access={accessKey}, SignedHeaders={names}, Signature={signature}";
    }

    /// <summary>The text whose hash is signed. <paramref name="headers"/> are sorted, <paramref name="names"/> are theirs.</summary>
    public static string CanonicalRequest(
        string method,
        string path,
        string query,
        IEnumerable<(string Name, string Value)> headers,
        string names,
        ReadOnlySpan<byte> body
    )
    {
        var text = new StringBuilder().Append(method).Append('\n').Append(path);
        // In the canonical form only: the URL that is sent has no slash at its end.
        if (!path.EndsWith('/'))
        {
            text.Append('/');
        }

        text.Append('\n').Append(CanonicalQuery(query)).Append('\n');
        foreach (var (name, value) in headers)
        {
            text.Append(name).Append(':').Append(value).Append('\n');
        }

        return text.Append('\n').Append(names).Append('\n').Append(Hex(SHA256.HashData(body))).ToString();
    }

    /// <summary>Pairs sorted by key, then by value; a key without a value gets its equals sign.</summary>
    public static string CanonicalQuery(string query) =>
        query.Length == 0
            ? ""
            : string.Join(
                '&',
                query
                    .Split('&')
                    .Select(pair => pair.Split('=', 2))
                    .Select(pair => (Key: pair[0], Value: pair.Length == 2 ? pair[1] : ""))
                    .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .ThenBy(pair => pair.Value, StringComparer.Ordinal)
                    .Select(pair => $"{pair.Key}={pair.Value}")
            );

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
