using System.Buffers.Text;
using System.Text;
using Autopilot.Core.Tracking;
using CsCheck;

namespace Autopilot.Storage.Tests;

public sealed class ContinuationTokenTests
{
    private static readonly Gen<string> TableTokens = Gen.Char[' ', '~'].Array[0, 200].Select(chars => new string(chars));

    [Fact]
    public void A_token_leads_back_to_where_it_was_made_and_nowhere_else() => Gen.Select(Gen.Int[0, 15], TableTokens, Gen.String, Gen.String).Sample((range, table, query, other) =>
    {
        var text = new ContinuationToken(range, table).Encode(query);
        Assert.Equal(new ContinuationToken(range, table.Length == 0 ? null : table), ContinuationToken.Decode(text, query, 16));
        if (query != other)
            Assert.Throws<InvalidContinuationTokenException>(() => ContinuationToken.Decode(text, other, 16));
        Assert.Throws<InvalidContinuationTokenException>(() => ContinuationToken.Decode(text, query, range));
    });

    [Fact]
    public void Any_other_text_is_refused_and_none_comes_through_that_the_table_could_misread() =>
        Gen.OneOf(Gen.String, Gen.Byte.Array[0, 60].Select(bytes => Base64Url.EncodeToString(bytes)), Gen.Select(TableTokens, Gen.Byte).Select((token, broken) => Broken(token, broken))).Sample(text =>
        {
            try
            {
                var token = ContinuationToken.Decode(text, "query", 16);
                Assert.True(token.Range is >= 0 and < 16 && (token.TableToken ?? "").All(c => c is >= ' ' and <= '~'));
            }
            catch (InvalidContinuationTokenException)
            {
                // Refused.
            }
        });

    /// <summary>One byte of a token of ours replaced by any.</summary>
    private static string Broken(string token, byte broken)
    {
        var bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(new ContinuationToken(3, token).Encode("query"))));
        bytes[broken % bytes.Length] = broken;
        return Base64Url.EncodeToString(bytes);
    }
}
