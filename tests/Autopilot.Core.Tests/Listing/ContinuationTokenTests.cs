using System.Buffers.Text;
using System.Text;
using Autopilot.Core.Paging;
using CsCheck;

namespace Autopilot.Core.Tests.Listing;

public sealed class ContinuationTokenTests
{
    private static readonly Gen<SortKey> Keys = Gen.Select(
            Gen.Int[0, 255],
            Gen.String.Select(SortKey.TextOf),
            Gen.Long,
            Gen.Char["abcdefgh0123456789-"].Array[1, 64]
        )
        .Select((group, text, number, id) => new SortKey(group, text, number, new string(id)));

    [Fact]
    public void A_token_leads_back_to_its_key_under_its_own_query_only() =>
        Gen.Select(Keys, Gen.String, Gen.String)
            .Sample(
                (key, query, other) =>
                {
                    var token = ContinuationToken.Encode(query, key);
                    Assert.Matches("^[A-Za-z0-9_-]{1,2048}$", token);
                    Assert.Equal(key, ContinuationToken.Decode(token, query));
                    if (query != other)
                    {
                        Assert.Throws<InvalidContinuationTokenException>(() => ContinuationToken.Decode(token, other));
                    }
                }
            );

    [Fact]
    public void No_token_begins_at_the_beginning() => Assert.Null(ContinuationToken.Decode(null, "query"));

    [Fact]
    public void Any_other_text_is_refused_and_a_forged_key_keeps_the_rules_of_keys() =>
        Gen.OneOf(
                Gen.String,
                Gen.Byte.Array[0, 90].Select(bytes => Base64Url.EncodeToString(bytes)),
                Gen.Select(Keys, Gen.Byte, Gen.Int[0, 300]).Select(Broken)
            )
            .Sample(text =>
            {
                try
                {
                    var key = ContinuationToken.Decode(text, "query")!.Value;
                    Assert.Matches("^[a-z0-9-]{1,64}$", key.Id);
                    Assert.InRange(key.Text.Length, 0, SortKey.MaxText);
                    Assert.InRange(key.Group, 0, 255);
                }
                catch (InvalidContinuationTokenException)
                {
                    // Refused.
                }
            });

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("%")]
    [InlineData("Zm9v")]
    [InlineData("a b")]
    public void What_is_no_token_at_all_is_refused(string text) =>
        Assert.Throws<InvalidContinuationTokenException>(() => ContinuationToken.Decode(text, "query"));

    [Fact]
    public void A_token_of_any_length_is_refused_before_it_is_decoded() =>
        Assert.Throws<InvalidContinuationTokenException>(() => ContinuationToken.Decode(new string('A', 100_000), "query"));

    [Fact]
    public void A_token_that_is_written_in_another_way_is_refused()
    {
        var token = ContinuationToken.Encode("query", new SortKey(1, "NAME", 2, "abc"));
        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
        Assert.NotNull(ContinuationToken.Decode(Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text)), "query"));
        foreach (
            var other in (string[])
                [
                    text.Replace("abc", "ABC", StringComparison.Ordinal),
                    $"1{text[1..]}",
                    text.Replace("|", "", StringComparison.Ordinal),
                    text.Replace("abc", "", StringComparison.Ordinal),
                    text + new string('x', SortKey.MaxText),
                ]
        )
        {
            Assert.Throws<InvalidContinuationTokenException>(() =>
                ContinuationToken.Decode(Base64Url.EncodeToString(Encoding.UTF8.GetBytes(other)), "query")
            );
        }
    }

    private static string Broken(SortKey key, byte broken, int at)
    {
        var bytes = Base64Url.DecodeFromChars(ContinuationToken.Encode("query", key));
        bytes[at % bytes.Length] = broken;
        return Base64Url.EncodeToString(bytes);
    }
}
