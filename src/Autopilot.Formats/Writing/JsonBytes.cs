using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Autopilot.Formats.Writing;

/// <summary>
/// JSON as UTF-8. Letters of any script stay as they are: a message is measured in bytes, and none is ever part of a page.
/// </summary>
public static class JsonBytes
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What is written, whole.</summary>
    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        return buffer.WrittenMemory;
    }
}
