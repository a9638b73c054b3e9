using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>Reads what <see cref="RowBuilder"/> has written. A missing property reads as null.</summary>
internal static class RowReader
{
    public static string PartOf(string name, int part) => string.Create(CultureInfo.InvariantCulture, $"{name}{part}");

    public static DateTimeOffset? Time(this TableEntity row, string name) => row.TryGetValue(name, out var value) ? value switch
    {
        DateTimeOffset time => time.ToUniversalTime(),
        DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
        _ => null,
    } : null;

    /// <summary>A string, or null where it is missing or empty: a merge cannot take a value away, so that empty stands for none.</summary>
    public static string? Text(this TableEntity row, string name) => row.TryGetValue(name, out var value) && value is string { Length: > 0 } text ? text : null;

    public static long Number(this TableEntity row, string name) => row.TryGetValue(name, out var value) ? value switch { long number => number, int number => number, _ => 0 } : 0;

    public static bool Flag(this TableEntity row, string name) => row.TryGetValue(name, out var value) && value is true;

    /// <summary>What <see cref="RowBuilder.SetText"/> has written, or null.</summary>
    public static byte[]? Packed(this TableEntity row, string name)
    {
        if (row.TryGetValue(name, out var plain) && plain is string { Length: > 0 } text)
        {
            return Encoding.UTF8.GetBytes(text);
        }
        using var packed = new MemoryStream();
        for (var part = 0; row.TryGetValue(PartOf(name, part), out var value) && BytesOf(value) is { } chunk; part++)
        {
            packed.Write(chunk.Span);
        }
        if (packed.Length == 0)
        {
            return null;
        }
        packed.Position = 0;
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        using var whole = new MemoryStream();
        gzip.CopyTo(whole);
        return whole.ToArray();
    }

    private static ReadOnlyMemory<byte>? BytesOf(object? value) => value switch { BinaryData data => data.ToMemory(), byte[] bytes => bytes, _ => null };

    public static T? Json<T>(this TableEntity row, string name, JsonTypeInfo<T> type) =>
        row.Text(name) is { } text ? JsonSerializer.Deserialize(text, type)
        : row.Packed(name) is { Length: > 0 } json ? JsonSerializer.Deserialize(json, type)
        : default;
}
