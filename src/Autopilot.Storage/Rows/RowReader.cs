using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Autopilot.Storage.Reading;
using Azure.Data.Tables;

namespace Autopilot.Storage.Rows;

/// <summary>
/// Reads what <see cref="RowBuilder"/> has written. A missing column reads as null; one that holds another number type is read; one that
/// holds anything else is an <see cref="UnreadableColumnException"/>.
/// </summary>
internal static class RowReader
{
    // First and last byte, and nothing between them.
    private const int MinGzip = 18;

    public static string PartOf(string name, int part) => string.Create(CultureInfo.InvariantCulture, $"{name}{part}");

    /// <summary>Whatever a column holds, of a row that may be unreadable.</summary>
    public static object? Raw(this TableEntity row, string name) => row.TryGetValue(name, out var value) ? value : null;

    public static DateTimeOffset? Time(this TableEntity row, string name) =>
        row.Raw(name) switch
        {
            null => null,
            DateTimeOffset time => time.ToUniversalTime(),
            DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
            _ => throw Wrong(name, "a time"),
        };

    public static DateTimeOffset RequiredTime(this TableEntity row, string name) => row.Time(name) ?? throw Missing(name);

    /// <summary>A string, or null where it is missing or empty: a merge cannot take a value away, so that empty stands for none.</summary>
    public static string? Text(this TableEntity row, string name) =>
        row.Raw(name) switch
        {
            null or "" => null,
            string text => text,
            _ => throw Wrong(name, "text"),
        };

    public static string RequiredText(this TableEntity row, string name) => row.Text(name) ?? throw Missing(name);

    /// <summary>An enum's value by its exact name; null where the column is missing or empty.</summary>
    public static T? Word<T>(this TableEntity row, string name)
        where T : struct, Enum =>
        row.Text(name) switch
        {
            null => null,
            // Enum.TryParse also accepts numbers and lists of names.
            var text => Enum.TryParse<T>(text, out var word) && Enum.GetName(word) == text
                ? word
                : throw new UnreadableColumnException($"holds a word in column {name} that this version does not know"),
        };

    public static T RequiredWord<T>(this TableEntity row, string name)
        where T : struct, Enum => row.Word<T>(name) ?? throw Missing(name);

    /// <summary>A whole number of whatever type; null where it is missing.</summary>
    public static long? Whole(this TableEntity row, string name) =>
        row.Raw(name) switch
        {
            null => null,
            long number => number,
            int number => number,
            double number when Math.Truncate(number) == number && Math.Abs(number) < 1L << 53 => (long)number,
            _ => throw Wrong(name, "a whole number"),
        };

    public static long RequiredWhole(this TableEntity row, string name) => row.Whole(name) ?? throw Missing(name);

    /// <summary>A whole number that fits into 32 bits; 0 where it is missing.</summary>
    public static int Count(this TableEntity row, string name) =>
        row.Whole(name) is not { } number ? 0
        : number is >= int.MinValue and <= int.MaxValue ? (int)number
        : throw Wrong(name, "a number of 32 bits");

    /// <summary>A number of whatever type; null where it is missing.</summary>
    public static double? Fractional(this TableEntity row, string name) =>
        row.Raw(name) switch
        {
            null => null,
            double number when double.IsFinite(number) => number,
            long number => number,
            int number => number,
            _ => throw Wrong(name, "a number"),
        };

    public static bool Flag(this TableEntity row, string name) =>
        row.Raw(name) switch
        {
            null => false,
            bool flag => flag,
            _ => throw Wrong(name, "true or false"),
        };

    public static bool RequiredFlag(this TableEntity row, string name) => row.Raw(name) is null ? throw Missing(name) : row.Flag(name);

    /// <summary>Whether a flag is set, of a row that may be unreadable.</summary>
    public static bool IsSet(this TableEntity row, string name) => row.Raw(name) is true;

    /// <summary>What <see cref="RowBuilder.SetText"/> has written, or null.</summary>
    public static byte[]? Packed(this TableEntity row, string name)
    {
        if (row.Text(name) is { } text)
        {
            return Encoding.UTF8.GetBytes(text);
        }
        using var packed = new MemoryStream();
        for (var part = 0; row.TryGetValue(PartOf(name, part), out var value); part++)
        {
            var bytes = BytesOf(value, name);
            if (bytes.IsEmpty)
            {
                // What follows is left of a longer text.
                break;
            }
            packed.Write(bytes);
        }
        if (packed.Length == 0)
        {
            return null;
        }
        var lengthAtEnd =
            packed.Length < MinGzip
                ? uint.MaxValue
                : BinaryPrimitives.ReadUInt32LittleEndian(packed.GetBuffer().AsSpan((int)packed.Length - sizeof(uint)));
        packed.Position = 0;
        try
        {
            using var gzip = new GZipStream(packed, CompressionMode.Decompress);
            using var whole = new MemoryStream();
            gzip.CopyTo(whole);
            // What is cut decompresses without a complaint: the length at the end says what there should be.
            if (lengthAtEnd == (uint)whole.Length)
            {
                return whole.ToArray();
            }
        }
        catch (InvalidDataException)
        {
            // Reported below.
        }
        throw new UnreadableColumnException($"holds broken gzip in column {name}");
    }

    /// <param name="unknown">Gathers the members that this version does not know, for a row that is written again; null where it never
    /// is.</param>
    public static T? Json<T>(this TableEntity row, string name, JsonTypeInfo<T> type, UnknownReader? unknown = null)
        where T : class
    {
        if (row.Packed(name) is not { Length: > 0 } json)
        {
            return null;
        }
        try
        {
            if (unknown is null)
            {
                return JsonSerializer.Deserialize(json, type);
            }
            var value = UnknownMembers.Read(json, type, out var members);
            unknown.Note(name, members);
            return value;
        }
        catch (JsonException e)
        {
            throw new UnreadableColumnException(
                "holds broken JSON, or JSON of another shape, in column "
                    + $"{name}{(e.Path is { Length: > 1 and <= 128 } path ? $" at {path}" : "")}"
            );
        }
    }

    public static T RequiredJson<T>(this TableEntity row, string name, JsonTypeInfo<T> type)
        where T : class => row.Json(name, type) ?? throw Missing(name);

    /// <summary>A list without a hole; null where it is missing.</summary>
    public static IReadOnlyList<T>? List<T>(
        this TableEntity row,
        string name,
        JsonTypeInfo<IReadOnlyList<T>> type,
        UnknownReader? unknown = null
    )
        where T : class =>
        row.Json(name, type, unknown) is { } list
            ? list.All(item => item is not null)
                ? list
                : throw new UnreadableColumnException($"holds a list with a hole in column {name}")
            : null;

    public static UnreadableColumnException Missing(string name) => new($"has no column {name}");

    private static UnreadableColumnException Wrong(string name, string expected) =>
        new($"holds something else than {expected} in column {name}");

    private static ReadOnlySpan<byte> BytesOf(object? value, string name) =>
        value switch
        {
            BinaryData data => data.ToMemory().Span,
            byte[] bytes => bytes,
            _ => throw Wrong(name, "bytes"),
        };
}
