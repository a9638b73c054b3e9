using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Cce.Tests.Upstream;

/// <summary>Bodies of error answers that are hard to read, each around the same code and message.</summary>
internal static class BrokenBodies
{
    /// <summary>Every kind by name.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        "invalid UTF-8",
        "half a surrogate pair",
        "half a surrogate pair in a name",
        "byte order mark",
        "broken gzip",
        "cut gzip",
        "cut",
        "never ends",
        "web page",
        "empty",
        "deep",
        "random",
    ];

    /// <summary>Kinds from which a lenient reader still gets code and message.</summary>
    public static IReadOnlyList<string> Readable { get; } =
    ["invalid UTF-8", "half a surrogate pair", "half a surrogate pair in a name", "byte order mark"];

    public static async Task SendAsync(HttpContext context, string kind, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        var body = Bytes(kind, code, message);
        if (kind.EndsWith("gzip", StringComparison.Ordinal))
        {
            context.Response.Headers.ContentEncoding = "gzip";
        }

        if (kind is "cut" or "never ends")
        {
            context.Response.ContentLength = body.Length + 100;
        }

        await context.Response.Body.WriteAsync(body);
        await context.Response.Body.FlushAsync();
        if (kind is "cut")
        {
            // Long enough for the status to arrive before the connection goes.
            await Task.Delay(50);
            context.Abort();
        }

        if (kind is "never ends")
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private static byte[] Bytes(string kind, string code, string message)
    {
        string Json(string more) => $$"""{{{more}}"error_code":"{{code}}","error_msg":"{{message}}","request_id":"r"}""";
        return kind switch
        {
            "invalid UTF-8" => [.. "{\"detail\":\""u8, 0xC3, 0x28, .. "\","u8, .. Encoding.UTF8.GetBytes(Json(""))[1..]],
            "half a surrogate pair" => Encoding.UTF8.GetBytes(Json("""  "detail":"\ud83d", """)),
            "half a surrogate pair in a name" => Encoding.UTF8.GetBytes(Json("""  "\udc00":1, """)),
            "byte order mark" => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Json(""))],
            "broken gzip" => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 255, 254, 253, 252, 1, 2, 3],
            "cut gzip" => Gzip(Json(""))[..^12],
            "web page" => "<html>no</html>"u8.ToArray(),
            "empty" => [],
            "deep" => Encoding.UTF8.GetBytes(new string('[', 5000)),
            "random" => [.. Enumerable.Range(0, 500).Select(i => (byte)((i * 151) + (i * i * 7)))],
            _ => Encoding.UTF8.GetBytes(Json("")),
        };
    }

    private static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }
}
