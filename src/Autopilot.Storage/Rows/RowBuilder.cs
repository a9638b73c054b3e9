using System.Buffers;
using System.Collections.Frozen;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Autopilot.Core.Rows;
using Autopilot.Storage.Reading;
using Azure;
using Azure.Data.Tables;

namespace Autopilot.Storage.Rows;

/// <summary>
/// Fills a row and measures it on the way, by the service's own rules. Local emulators accept more than the service does. So what cannot be
/// stored must be known before it is sent.
/// </summary>
internal sealed class RowBuilder
{
    /// <summary>Longest string property, in UTF-16 characters.</summary>
    public const int MaxString = 32 * 1024;

    /// <summary>Longest binary property, in bytes.</summary>
    public const int MaxBinary = 64 * 1024;

    /// <summary>Largest row, in bytes.</summary>
    public const int MaxRow = 1024 * 1024;

    /// <summary>Most properties of a row, besides the two keys and the timestamp.</summary>
    public const int MaxProperties = 252;

    /// <summary>Largest transaction that we send, in bytes on the wire; the service takes 4 MiB.</summary>
    public const int MaxTransaction = 3584 * 1024;

    // Headers of one part of a transaction, its address and the row's braces.
    private const int WireOverhead = 1024;

    // Characters that JSON carries as they are; every other is taken for the six of an escape.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !#$%()*,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~"
    );

    private static readonly DateTimeOffset EarliestTime = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A time as the service knows it: in UTC, and none before 1601.</summary>
    public static DateTimeOffset Storable(DateTimeOffset time) => time < EarliestTime ? EarliestTime : time.ToUniversalTime();

    private bool _overlong;

    public RowBuilder(string partitionKey, string rowKey, ETag etag = default)
    {
        Entity = new TableEntity(partitionKey, rowKey);
        ETag = etag;
        RowBytes = 4 + 2 * (partitionKey.Length + rowKey.Length);
        WireBytes = WireOverhead + 2 * (partitionKey.Length + rowKey.Length);
    }

    public TableEntity Entity { get; }

    /// <summary>The version that the row must have to be replaced.</summary>
    public ETag ETag { get; set; }

    /// <summary>Size as the service counts it.</summary>
    public int RowBytes { get; private set; }

    /// <summary>Upper bound of the size in a transaction.</summary>
    public int WireBytes { get; private set; }

    /// <summary>Whether the service takes the row.</summary>
    public bool Fits => !_overlong && RowBytes <= MaxRow && Entity.Count - 2 <= MaxProperties;

    public RowBuilder Set(string name, string? value)
    {
        if (value is null)
        {
            return this;
        }
        _overlong |= value.Length > MaxString;
        return Put(name, value, 4 + 2 * value.Length, WireLength(value));
    }

    public RowBuilder Set(string name, long value) => Put(name, value, 8, 22);

    public RowBuilder Set(string name, int value) => Put(name, value, 4, 11);

    public RowBuilder Set(string name, bool value) => Put(name, value, 1, 5);

    public RowBuilder Set(string name, double? value) => value is { } number ? Put(name, number, 8, 26) : this;

    public RowBuilder Set(string name, DateTimeOffset? value) => value is { } time ? Put(name, Storable(time), 8, 36) : this;

    /// <summary>
    /// A text of any length: as it is when it fits into one property and is valid UTF-8, else gzipped into numbered binary properties.
    /// </summary>
    public RowBuilder SetText(string name, ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length <= 3 * MaxString && TryDecode(utf8) is { Length: <= MaxString } text)
        {
            return Set(name, text);
        }
        if (_overlong)
        {
            return this;
        }
        var packed = Compress(utf8);
        if (packed.Length > MaxRow)
        {
            _overlong = true;
            return this;
        }
        for (var (offset, part) = (0, 0); offset < packed.Length; offset += MaxBinary, part++)
        {
            var chunk = packed.AsSpan(offset, Math.Min(MaxBinary, packed.Length - offset)).ToArray();
            Put(RowReader.PartOf(name, part), chunk, 4 + chunk.Length, (chunk.Length + 2) / 3 * 4 + 20);
        }
        return this;
    }

    /// <summary>
    /// For a merge: whatever a text was before, a shorter plain one or one of more parts, is left behind by what is written now.
    /// </summary>
    public RowBuilder InPlaceOfAny(string name)
    {
        var parts = 0;
        while (Entity.ContainsKey(RowReader.PartOf(name, parts)))
        {
            parts++;
        }
        // A plain text comes before parts.
        return parts == 0 ? this : Set(name, "").Put(RowReader.PartOf(name, parts), Array.Empty<byte>(), 4, 20);
    }

    /// <summary>A value as JSON of any length; none for null.</summary>
    /// <param name="unknown">What the row held that this version does not know.</param>
    public RowBuilder SetJson<T>(string name, T? value, JsonTypeInfo<T> type, UnknownContent? unknown = null)
        where T : class
    {
        if (value is null)
        {
            return this;
        }
        var text = TextOf(name, value, type, unknown);
        return text.Length <= MaxString ? Set(name, text) : SetText(name, Utf8.GetBytes(text));
    }

    /// <summary>The JSON of a column, with the members that this version does not know.</summary>
    public static string TextOf<T>(string name, T value, JsonTypeInfo<T> type, UnknownContent? unknown)
    {
        var text = JsonSerializer.Serialize(value, type);
        return unknown?.Members.GetValueOrDefault(name) is { } members ? UnknownMembers.PutBack(text, members) : text;
    }

    /// <summary>
    /// Columns that a newer version keeps in the row: they go into every write as they came. A column of ours comes first.
    /// </summary>
    public RowBuilder SetUnknown(UnknownContent? unknown)
    {
        foreach (var (name, value) in unknown?.Columns ?? FrozenDictionary<string, object>.Empty)
        {
            if (!Entity.ContainsKey(name))
            {
                var bytes = value switch
                {
                    string text => 4 + 2 * text.Length,
                    byte[] some => 4 + some.Length,
                    BinaryData some => 4 + some.ToMemory().Length,
                    _ => 16,
                };
                // JSON escapes text, and writes bytes as Base64.
                Put(name, value, bytes, value is string escaped ? WireLength(escaped) : 40 + 2 * bytes);
            }
        }
        return this;
    }

    private RowBuilder Put(string name, object value, int bytes, int wire)
    {
        Entity[name] = value;
        RowBytes += 8 + 2 * name.Length + bytes;
        // The name stands twice where the type must be said.
        WireBytes += 2 * name.Length + 32 + wire;
        return this;
    }

    private static int WireLength(string value)
    {
        var escaped = 0;
        for (var rest = value.AsSpan(); rest.IndexOfAnyExcept(Plain) is >= 0 and var at; rest = rest[(at + 1)..])
        {
            escaped++;
        }
        return value.Length + 5 * escaped + 2;
    }

    private static string? TryDecode(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Utf8.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static byte[] Compress(ReadOnlySpan<byte> utf8)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(utf8);
        }
        return packed.ToArray();
    }

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
