using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;

namespace Autopilot.Storage.Tests.Rows;

/// <summary>The rows of the tables as a file: each column with its type, so that another version's rows can be put back exactly.</summary>
internal static class StoredRows
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>All rows of a table in the order of their keys; what the service itself adds is left out.</summary>
    public static async Task<IReadOnlyList<TableEntity>> ReadAsync(TableClient table, CancellationToken cancellationToken)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in table.QueryAsync<TableEntity>(cancellationToken: cancellationToken))
        {
            row.Remove("Timestamp");
            row.Remove("odata.etag");
            rows.Add(row);
        }
        return rows;
    }

    public static string Write(IReadOnlyDictionary<string, IReadOnlyList<TableEntity>> tables)
    {
        var file = new JsonObject();
        foreach (var (name, rows) in tables)
        {
            file[name] = new JsonArray([
                .. rows.Select(row =>
                    (JsonNode)
                        new JsonObject(
                            row.OrderBy(column => column.Key, StringComparer.Ordinal)
                                .Select(column => KeyValuePair.Create(column.Key, (JsonNode?)Typed(column.Value)))
                        )
                ),
            ]);
        }
        return file.ToJsonString(Indented) + "\n";
    }

    public static IReadOnlyDictionary<string, IReadOnlyList<TableEntity>> Read(string file) =>
        JsonNode
            .Parse(file)!
            .AsObject()
            .ToDictionary(
                table => table.Key,
                table =>
                    (IReadOnlyList<TableEntity>)
                        [
                            .. table
                                .Value!.AsArray()
                                .Select(row => new TableEntity(
                                    row!.AsObject().ToDictionary(column => column.Key, column => Value(column.Value!.AsObject()))
                                )),
                        ]
            );

    /// <summary>
    /// The columns by what they say: a text that was packed into parts is one text again, under the name of the column with a star.
    /// </summary>
    public static IReadOnlyDictionary<string, object> Said(TableEntity row)
    {
        var said = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in row)
        {
            if (value is not (byte[] or BinaryData))
            {
                said[name] = value;
            }
            else if (name[^1] == '0')
            {
                said[name[..^1] + "*"] = Unpack(row, name[..^1]);
            }
        }
        return said;
    }

    private static string Unpack(TableEntity row, string name)
    {
        using var packed = new MemoryStream();
        for (var part = 0; row.TryGetValue($"{name}{part}", out var value); part++)
        {
            packed.Write(Bytes(value!));
        }
        packed.Position = 0;
        using var text = new StreamReader(new GZipStream(packed, CompressionMode.Decompress), Encoding.UTF8);
        return text.ReadToEnd();
    }

    private static byte[] Bytes(object value) => value is BinaryData data ? data.ToArray() : (byte[])value;

    private static JsonObject Typed(object value) =>
        value switch
        {
            string text => new JsonObject { ["string"] = text },
            bool flag => new JsonObject { ["bool"] = flag },
            int number => new JsonObject { ["int"] = number },
            long number => new JsonObject { ["long"] = number },
            double number => new JsonObject { ["double"] = number },
            DateTimeOffset time => new JsonObject { ["time"] = time },
            byte[] or BinaryData => new JsonObject { ["binary"] = Convert.ToBase64String(Bytes(value)) },
            _ => throw new NotSupportedException(value.GetType().Name),
        };

    private static object Value(JsonObject typed)
    {
        var (type, value) = typed.Single();
        return type switch
        {
            "string" => value!.GetValue<string>(),
            "bool" => value!.GetValue<bool>(),
            "int" => value!.GetValue<int>(),
            "long" => value!.GetValue<long>(),
            "double" => value!.GetValue<double>(),
            "time" => value!.GetValue<DateTimeOffset>(),
            "binary" => Convert.FromBase64String(value!.GetValue<string>()),
            _ => throw new NotSupportedException(type),
        };
    }
}
