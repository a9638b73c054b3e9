using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Paging;

/// <summary>
/// Where a list continues: the sort key and the id of the last entry. A hash binds it to its query, so that a token of another query is
/// rejected and not silently misread. It grants nothing: the query's filters are applied to every page.
/// </summary>
public static class ContinuationToken
{
    private const int MaxLength = 2048;
    private const int HashLength = 8;
    private const int GroupLength = 2;
    private const int NumberLength = 16;
    private const char Version = '2';

    /// <param name="query">All that the list depends on but the size of the page.</param>
    /// <param name="last">The key of the last entry that was read.</param>
    public static string Encode(string query, SortKey last) =>
        Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Version}{HashOf(query)}{last.Group:x2}{last.Number:x16}{last.Id}|{last.Text}"
                )
            )
        );

    /// <summary>The key after which the page begins; null where there is no token.</summary>
    /// <exception cref="InvalidContinuationTokenException">It is not a token of ours, or one of another query.</exception>
    public static SortKey? Decode(string? token, string query)
    {
        if (token is null)
        {
            return null;
        }

        var invalid = new InvalidContinuationTokenException("The continuation token is not one of ours, or belongs to another query.");
        if (token.Length is 0 or > MaxLength || !Base64Url.IsValid(token))
        {
            throw invalid;
        }

        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
        const int Head = 1 + HashLength + GroupLength + NumberLength;
        if (
            text.Length <= Head
            || text[0] != Version
            || !text.AsSpan(1, HashLength).SequenceEqual(HashOf(query))
            || !int.TryParse(
                text.AsSpan(1 + HashLength, GroupLength),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var group
            )
            || !long.TryParse(
                text.AsSpan(1 + HashLength + GroupLength, NumberLength),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
        {
            throw invalid;
        }

        var end = text.IndexOf('|', Head);
        if (end < 0 || !ResourceId.TryNormalize(text[Head..end], out var id) || text.Length - end - 1 > SortKey.MaxText)
        {
            throw invalid;
        }

        var key = new SortKey(group, text[(end + 1)..], number, id);
        // There is one way to write a token, and only that is taken.
        return Encode(query, key) == token ? key : throw invalid;
    }

    private static string HashOf(string query) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(query)))[..HashLength];
}
