using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Autopilot.Notifications.Formats;

/// <summary>Bodies as UTF-8 JSON. Letters of any script stay as they are: a body is measured in bytes, and none is ever part of a page.</summary>
internal static class Bodies
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            write(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
