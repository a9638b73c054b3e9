using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Autopilot.Simulator.Signing;

/// <summary>
/// The gateway's side of SDK-HMAC-SHA256, written from its description and shared with no client, so that agreement proves something.
/// </summary>
internal static class SignatureVerifier
{
    private const string Algorithm = "SDK-HMAC-SHA256";
    private const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    /// <summary>Reads <c>SDK-HMAC-SHA256 Access=…, SignedHeaders=a;b, Signature=…</c>, or answers null.</summary>
    public static Credential? ReadAuthorization(string? header)
    {
        if (header is null || !header.StartsWith(Algorithm + " ", StringComparison.Ordinal))
        {
            return null;
        }

        string? access = null,
            signed = null,
            signature = null;
        foreach (var part in header[(Algorithm.Length + 1)..].Split(',', StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                return null;
            }

            switch (part[..equals])
            {
                case "Access":
                    access = part[(equals + 1)..];
                    break;
                case "SignedHeaders":
                    signed = part[(equals + 1)..];
                    break;
                case "Signature":
                    signature = part[(equals + 1)..];
                    break;
                default:
                    return null;
            }
        }

        return access is { Length: > 0 } && signed is { Length: > 0 } && signature is { Length: > 0 }
            ? new(access, signed.Split(';'), signature)
            : null;
    }

    /// <summary>What must have been signed; null when a header that is said to be signed did not arrive.</summary>
    /// <param name="rawTarget">Path and query exactly as they stood on the request line.</param>
    /// <param name="header">A header's value by its lower-case name, or null.</param>
    public static string? CanonicalRequest(
        string method,
        string rawTarget,
        IReadOnlyList<string> signedHeaders,
        Func<string, string?> header,
        ReadOnlySpan<byte> body
    )
    {
        var question = rawTarget.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? rawTarget : rawTarget[..question];
        var query = question < 0 ? "" : rawTarget[(question + 1)..];

        var text = new StringBuilder()
            .Append(method)
            .Append('\n')
            .Append(CanonicalPath(path))
            .Append('\n')
            .Append(CanonicalQuery(query))
            .Append('\n');
        foreach (var name in signedHeaders.OrderBy(name => name, StringComparer.Ordinal))
        {
            if (header(name) is not { } value)
            {
                return null;
            }

            text.Append(name).Append(':').Append(value.Trim()).Append('\n');
        }

        var hash = header("x-sdk-content-sha256") == UnsignedPayload ? UnsignedPayload : Hex(SHA256.HashData(body));
        return text.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(hash).ToString();
    }

    /// <summary>The signature that a holder of the secret makes.</summary>
    public static string Sign(string canonicalRequest, string date, string secretKey)
    {
        var toSign = $"{Algorithm}\n{date}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest)))}";
        return Hex(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secretKey), Encoding.UTF8.GetBytes(toSign)));
    }

    /// <summary>Compares in constant time.</summary>
    public static bool Equal(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    /// <summary>Reads <c>yyyyMMddTHHmmssZ</c>, or answers null.</summary>
    public static DateTimeOffset? ReadDate(string? date) =>
        DateTimeOffset.TryParseExact(
            date,
            "yyyyMMdd'T'HHmmss'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var moment
        )
            ? moment
            : null;

    private static string CanonicalPath(string path)
    {
        var canonical = string.Join('/', path.Split('/').Select(segment => Encode(Uri.UnescapeDataString(segment))));
        return canonical.EndsWith('/') ? canonical : canonical + "/";
    }

    private static string CanonicalQuery(string query)
    {
        var pairs =
            from piece in query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            let at = piece.IndexOf('=', StringComparison.Ordinal)
            let name = Decode(at < 0 ? piece : piece[..at])
            let value = at < 0 ? "" : Decode(piece[(at + 1)..])
            select (name, value);
        return string.Join(
            '&',
            pairs
                .OrderBy(p => p.name, StringComparer.Ordinal)
                .ThenBy(p => p.value, StringComparer.Ordinal)
                .Select(p => $"{Encode(p.name)}={Encode(p.value)}")
        );
    }

    private static string Decode(string piece) => Uri.UnescapeDataString(piece.Replace('+', ' '));

    // RFC 3986 by hand: the one thing that clients get wrong is what counts as unreserved.
    private static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet < 128 && (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~'))
            {
                encoded.Append((char)octet);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
        }

        return encoded.ToString();
    }

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);

    /// <summary>What an <c>Authorization</c> header claims.</summary>
    public sealed record Credential(string AccessKey, IReadOnlyList<string> SignedHeaders, string Signature);
}
