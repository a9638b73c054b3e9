using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Autopilot.Core.Tracking;

namespace Autopilot.Storage;

/// <summary>
/// Where a list goes on: the number of the range it is in, and the table's own token within that range. Bound to its query by a hash, so that a token
/// brought to another query is refused and not silently misread. It grants nothing: the query's filters are sent anew with every page.
/// </summary>
internal readonly record struct ContinuationToken(int Range, string? TableToken)
{
    private const int MaxLength = 2048;
    private const int HashLength = 8;

    public string Encode(string query) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"1{HashOf(query)}{Range:x2}{TableToken}"));

    /// <exception cref="InvalidContinuationTokenException">It is not a token of ours, or one of another query.</exception>
    public static ContinuationToken Decode(string? text, string query, int ranges)
    {
        if (text is null)
        {
            return default;
        }
        var invalid = new InvalidContinuationTokenException("The continuation token is not one of ours, or belongs to another query.");
        if (text.Length is 0 or > MaxLength || !Base64Url.IsValid(text))
        {
            throw invalid;
        }
        var token = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        var head = 1 + HashLength + 2;
        if (token.Length < head || token[0] != '1' || !token.AsSpan(1, HashLength).SequenceEqual(HashOf(query))
            || !int.TryParse(token.AsSpan(1 + HashLength, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var range) || range >= ranges
            || token.AsSpan(head).ContainsAnyExceptInRange(' ', '~'))
        {
            throw invalid;
        }
        return new ContinuationToken(range, token.Length > head ? token[head..] : null);
    }

    private static string HashOf(string query) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(query)))[..HashLength];
}
