using System.Text.Json.Nodes;
using Azure.Data.Tables;

namespace Autopilot.Storage.Tests.Rows;

/// <summary>
/// Rows as a next version might write them, that does not mind this one: further columns, further members in every JSON object, other
/// number types.
/// </summary>
internal static class NextVersion
{
    /// <summary>The further columns.</summary>
    public static IReadOnlyDictionary<string, object> Columns { get; } =
        new Dictionary<string, object>
        {
            ["Next"] = "\"as it came\" 東京",
            ["NextAt"] = new DateTimeOffset(2027, 1, 2, 3, 4, 5, TimeSpan.Zero),
            ["NextCount"] = 7L,
            ["NextRatio"] = 0.25,
            ["NextFlag"] = true,
        };

    public const string Member = "next";

    public static JsonNode Value => new JsonObject { ["deep"] = new JsonArray(1, "two", null) };

    public static TableEntity Of(TableEntity row)
    {
        var next = new TableEntity(row.PartitionKey, row.RowKey) { ["V"] = 1 };
        foreach (var (name, value) in row)
        {
            next[name] = value switch
            {
                // Upstream's documents are never extended.
                string text when text is ['{' or '[', ..] && name != "Document" => Extended(JsonNode.Parse(text), isMap: name == "Cursors")!
                    .ToJsonString(),
                long number => (double)number,
                int number => (long)number,
                double number when Math.Truncate(number) == number => (long)number,
                _ => value,
            };
        }
        foreach (var (name, value) in Columns)
        {
            next[name] = value;
        }
        return next;
    }

    /// <param name="isMap">A map's members are its entries.</param>
    private static JsonNode? Extended(JsonNode? node, bool isMap = false)
    {
        switch (node)
        {
            case JsonObject some:
                foreach (var (_, value) in some)
                {
                    Extended(value);
                }
                if (!isMap)
                {
                    some[Member] = Value;
                }
                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Extended(item);
                }
                break;
        }
        return node;
    }
}
