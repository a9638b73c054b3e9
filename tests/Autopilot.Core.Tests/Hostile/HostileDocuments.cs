using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Autopilot.Core.Tests.Corpus;
using CsCheck;

namespace Autopilot.Core.Tests.Hostile;

/// <summary>Broken documents: real ones with a few broken places and, now and then, a few broken bytes.</summary>
internal static class HostileDocuments
{
    private static readonly string[] Real =
    [
        .. Directory
            .GetFiles(CorpusCase.Root, "input.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .SelectMany(path =>
                JsonNode.Parse(File.ReadAllText(path))!["states"]!
                    .AsArray()
                    .Select(state => state!["document"])
                    .OfType<JsonObject>()
                    .Select(document => document.ToJsonString())
            ),
    ];

    /// <summary>JSON that stands where something else is meant.</summary>
    private static readonly Gen<string> Instead = Gen.OneOf(
        AnyOf(
            "null",
            "true",
            "[]",
            "{}",
            "\"\"",
            "\" \"",
            "0",
            "-0",
            "1e400",
            "-1e-400",
            "123456789012345678901234567890",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\u0000\"",
            "\"\\u202e\\u0007\"",
            "[[[[[[[[]]]]]]]]",
            "[null,null]",
            "{\"\":{\"\":[]}}",
            "{\"a\":1,\"a\":2}",
            "\"0001-01-01 00:00:00 +0000 UTC\"",
            "\"9999-12-31 23:59:59.999999999 -1400 X\"",
            "\"2026-02-30T25:61:61Z\"",
            "\"2026-11-23 08:00:00 +9999 UTC m=\"",
            "\"Success\"",
            "\"Failed\"",
            "\"Running\"",
            "\"Cluster\"",
            "\"PreCheck\"",
            "{\"taskType\":\"PreCheck\"}",
            "{\"taskType\":{\"taskType\":\"Cluster\"}}"
        ),
        Gen.String.Select(text => JsonSerializer.Serialize(text)),
        Gen.Int[1, 300].Select(depth => string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth))),
        Gen.Int[100, 5000].Select(length => "\"" + new string('x', length) + "\""),
        Gen.Int[1, 400]
            .Select(count =>
                "["
                + string.Join(
                    ',',
                    Enumerable.Range(0, count).Select(i => $$"""{"taskType":"T{{i}}","taskID":"{{i}}","status":"Running"}""")
                )
                + "]"
            )
    );

    /// <summary>Whole documents. They are text, so that a failing one can be printed and kept.</summary>
    public static Gen<byte[]> Any { get; } =
        Gen.Select(
                AnyOf(Real),
                Gen.Select(Gen.Int[0, 10_000], Instead, Gen.Bool).Array[0, 4],
                Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Array[0, 3],
                Gen.Int[0, 3]
            )
            .Select(
                (real, breaks, bytes, broken) =>
                {
                    var text = real;
                    foreach (var (place, instead, twice) in breaks)
                    {
                        text = Break(text, place, instead, twice);
                    }

                    var utf8 = Encoding.UTF8.GetBytes(text);
                    foreach (var (place, value) in broken == 0 ? bytes : [])
                    {
                        utf8[place % utf8.Length] = value;
                    }

                    return utf8;
                }
            );

    /// <summary>Puts something else in the place of one value, or beside it under the same name.</summary>
    private static string Break(string json, int place, string instead, bool twice)
    {
        var values = new List<(int Start, int End)>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName)
                {
                    var name = (int)reader.TokenStartIndex;
                    reader.Read();
                    var start = (int)reader.TokenStartIndex;
                    var inner = reader;
                    inner.Skip();
                    values.Add((start, (int)inner.BytesConsumed));
                    if (twice)
                    {
                        values.Add((name, name));
                    }
                }
            }
        }
        catch (JsonException)
        {
            // It has been broken enough.
        }

        if (values.Count == 0)
        {
            return json;
        }

        var (from, to) = values[place % values.Count];
        var utf8 = Encoding.UTF8.GetBytes(json);
        // Before a member's name the same member again, with another value.
        var put = from < to ? instead : $"{Encoding.UTF8.GetString(utf8[from..])[..NameLength(utf8.AsSpan(from))]}:{instead},";
        return Encoding.UTF8.GetString(utf8[..from]) + put + Encoding.UTF8.GetString(utf8[to..]);
    }

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static int NameLength(ReadOnlySpan<byte> utf8) => utf8[1..].IndexOf((byte)'"') + 2;
}
