using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Autopilot.Core.Workflows;

/// <summary>
/// SHA-256 over the canonical form of <c>spec</c> and <c>status</c>. Members are ordered by name, the entries of <c>pointStatuses</c> and
/// <c>lineStatuses</c> by content. Strings are unescaped and prefixed with their length; numbers are raw text. Null members are left out,
/// and of a repeated member the last counts. Depth is bounded by the reader, so the work is linear in the document but for the sorting.
/// </summary>
internal struct CanonicalHash : IDisposable
{
    private const int FewParts = 16;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int _length;
    private Part[] _parts = ArrayPool<Part>.Shared.Rent(64);
    private int _partCount;

    private CanonicalHash(int length) => _length = length;

    /// <summary>A member or an array's entry within the buffer; <c>Key</c> is the length of what it is sorted by.</summary>
    private readonly record struct Part(int Start, int Key, int Length)
    {
        /// <summary>A member that is null is as good as absent.</summary>
        public bool IsAbsent => Length == Key;
    }

    /// <summary>Lower-case hex of the hash; <paramref name="spec"/> and <paramref name="status"/> may be undefined.</summary>
    public static string Of(JsonElement spec, JsonElement status)
    {
        var hash = new CanonicalHash(0);
        try
        {
            hash.Write(spec, unordered: false);
            hash.WriteStatus(status);
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(hash._buffer.AsSpan(0, hash._length), digest);
            return Convert.ToHexStringLower(digest);
        }
        finally
        {
            hash.Dispose();
        }
    }

    /// <inheritdoc/>
    public readonly void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        ArrayPool<Part>.Shared.Return(_parts);
    }

    private void WriteStatus(JsonElement status)
    {
        if (status.ValueKind == JsonValueKind.Object)
        {
            WriteObject(status, isStatus: true);
        }
        else
        {
            Write(status, unordered: false);
        }
    }

    private void Write(JsonElement element, bool unordered)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when unordered:
                // One object where an array is meant is an array of one.
                Add((byte)'[');
                WriteObject(element, isStatus: false);
                Add((byte)',');
                Add((byte)']');
                break;
            case JsonValueKind.Object:
                WriteObject(element, isStatus: false);
                break;
            case JsonValueKind.Array:
                WriteArray(element, unordered);
                break;
            case JsonValueKind.String:
                WriteText(JsonStrings.Raw(element));
                break;
            case JsonValueKind.Number:
                Add((byte)'n');
                Add(JsonMarshal.GetRawUtf8Value(element));
                Add((byte)';');
                break;
            default:
                Add(
                    element.ValueKind switch
                    {
                        JsonValueKind.True => (byte)'t',
                        JsonValueKind.False => (byte)'f',
                        _ => (byte)'z',
                    }
                );
                break;
        }
    }

    private void WriteObject(JsonElement element, bool isStatus)
    {
        Add((byte)'{');
        var first = _partCount;
        foreach (var member in element.EnumerateObject())
        {
            var start = _length;
            WriteText(JsonMarshal.GetRawUtf8PropertyName(member));
            var key = _length - start;
            if (member.Value.ValueKind != JsonValueKind.Null)
            {
                Write(member.Value, unordered: isStatus && IsUnordered(JsonStrings.Name(member)));
            }

            Push(new Part(start, key, _length - start));
        }

        Arrange(first);
        Add((byte)'}');
    }

    private static bool IsUnordered(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("pointStatuses"u8) || name.SequenceEqual("lineStatuses"u8);

    private void WriteArray(JsonElement element, bool unordered)
    {
        Add((byte)'[');
        var first = _partCount;
        foreach (var item in element.EnumerateArray())
        {
            var start = _length;
            Write(item, unordered: false);
            if (unordered)
            {
                // The extra byte keeps an entry from looking like an absent member.
                Add((byte)',');
                Push(new Part(start, _length - start - 1, _length - start));
            }
        }

        if (unordered)
        {
            Arrange(first, keepEqual: true);
        }

        Add((byte)']');
    }

    /// <summary>Puts the parts from <paramref name="first"/> on, which lie at the buffer's end, into the order of their keys.</summary>
    private void Arrange(int first, bool keepEqual = false)
    {
        var parts = _parts.AsSpan(first, _partCount - first);
        _partCount = first;
        if (parts.IsEmpty)
        {
            return;
        }

        var start = parts[0].Start;
        Sort(parts, _buffer);

        var size = _length - start;
        var scratch = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(start, size).CopyTo(scratch);
        _length = start;
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            var text = scratch.AsSpan(part.Start - start, part.Length);
            var repeated =
                !keepEqual
                && i + 1 < parts.Length
                && parts[i + 1].Key == part.Key
                && scratch.AsSpan(parts[i + 1].Start - start, part.Key).SequenceEqual(text[..part.Key]);
            if (!repeated && !part.IsAbsent)
            {
                Add(text);
            }
        }

        ArrayPool<byte>.Shared.Return(scratch);
    }

    private static void Sort(Span<Part> parts, byte[] buffer)
    {
        if (parts.Length > FewParts)
        {
            parts.Sort((x, y) => Compare(x, y, buffer));
            return;
        }

        // By insertion: what upstream sends is short and all but sorted, and needs no delegate.
        for (var i = 1; i < parts.Length; i++)
        {
            var part = parts[i];
            var at = i;
            for (; at > 0 && Compare(parts[at - 1], part, buffer) > 0; at--)
            {
                parts[at] = parts[at - 1];
            }

            parts[at] = part;
        }
    }

    private static int Compare(Part x, Part y, byte[] buffer)
    {
        var order = buffer.AsSpan(x.Start, x.Key).SequenceCompareTo(buffer.AsSpan(y.Start, y.Key));
        return order != 0 ? order : x.Start.CompareTo(y.Start);
    }

    private void WriteText(ReadOnlySpan<byte> raw)
    {
        if (raw.IndexOf((byte)'\\') >= 0)
        {
            WritePlain(Encoding.UTF8.GetBytes(JsonStrings.Unescape(raw)));
        }
        else
        {
            WritePlain(raw);
        }
    }

    private void WritePlain(ReadOnlySpan<byte> text)
    {
        Span<byte> length = stackalloc byte[16];
        text.Length.TryFormat(length, out var digits);
        Add((byte)'s');
        Add(length[..digits]);
        Add((byte)':');
        Add(text);
    }

    private void Add(byte value)
    {
        if (_length == _buffer.Length)
        {
            Grow(1);
        }

        _buffer[_length++] = value;
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length - _length < bytes.Length)
        {
            Grow(bytes.Length);
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Grow(int by)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + by));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private void Push(Part part)
    {
        if (_partCount == _parts.Length)
        {
            var larger = ArrayPool<Part>.Shared.Rent(_parts.Length * 2);
            _parts.AsSpan().CopyTo(larger);
            ArrayPool<Part>.Shared.Return(_parts);
            _parts = larger;
        }

        _parts[_partCount++] = part;
    }
}
