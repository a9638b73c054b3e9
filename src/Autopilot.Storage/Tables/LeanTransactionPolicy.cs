using System.Text;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.IO;

namespace Autopilot.Storage;

/// <summary>
/// Spares the client library half of its work with a transaction. It would write the rows out twice, the first time only to learn their length: here they are written once. And it would take the answer
/// apart part by part: of an answer that accepts every row, only the rows' new versions are taken, and the library is given an empty one. Any other answer it gets as it came, and judges it.
/// </summary>
internal sealed class LeanTransactionPolicy : HttpPipelinePolicy
{
    private const string Property = "Autopilot.Versions";

    private static readonly RecyclableMemoryStreamManager Streams = new(new RecyclableMemoryStreamManager.Options { MaximumSmallPoolFreeBytes = 8 * 1024 * 1024 });

    /// <summary>A transaction within the scope fills the list with the rows' new versions in their order, none where a row was deleted. It stays empty where the answer was the library's to judge.</summary>
    /// <param name="versions">An empty list whose capacity is the number of rows.</param>
    public static IDisposable Versions(List<ETag> versions) => HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?>(1) { [Property] = versions });

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (!message.TryGetProperty(Property, out var property) || property is not List<ETag> versions || message.Request.Content is not { } content)
        {
            await ProcessNextAsync(message, pipeline).ConfigureAwait(false);
            return;
        }

        var whole = Streams.GetStream();
        await using (whole.ConfigureAwait(false))
        {
            await content.WriteToAsync(whole, message.CancellationToken).ConfigureAwait(false);
            whole.Position = 0;
            message.Request.Content = RequestContent.Create(whole);
            try
            {
                await ProcessNextAsync(message, pipeline).ConfigureAwait(false);
            }
            finally
            {
                // What was written goes back to the pool; a retry would write the rows out anew.
                message.Request.Content = content;
            }
        }

        versions.Clear();
        if (message.Response is { Status: 202, ContentStream: MemoryStream answer } response && Boundary(response) is { } boundary)
        {
            if (TryReadVersions(answer.TryGetBuffer(out var buffer) ? buffer : answer.ToArray(), versions))
                response.ContentStream = new MemoryStream(Encoding.ASCII.GetBytes($"--{boundary}--\r\n"));
            else
                versions.Clear();
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessNext(message, pipeline);

    /// <summary>One version for each row, if all of them were accepted. What a row holds cannot pass for a line of the head: in JSON, no line ends within a value.</summary>
    internal static bool TryReadVersions(ReadOnlySpan<byte> answer, List<ETag> versions)
    {
        foreach (var range in answer.Split((byte)'\n'))
        {
            var line = answer[range].TrimEnd((byte)'\r');
            if (line.StartsWith("HTTP/1.1 "u8))
            {
                if (line.Length < 12 || line[9] != (byte)'2' || versions.Count == versions.Capacity)
                    return false;
                versions.Add(default);
            }
            else if (line.Length > 5 && versions.Count > 0 && Ascii.EqualsIgnoreCase(line[..5], "etag:"u8))
            {
                versions[^1] = new ETag(Encoding.ASCII.GetString(line[5..].Trim((byte)' ')));
            }
        }

        // An answer that was cut says nothing of what it lacks.
        return versions.Count == versions.Capacity && answer.TrimEnd("\r\n"u8).EndsWith("--"u8);
    }

    private static string? Boundary(Response response) =>
        response.Headers.ContentType is { } type && type.IndexOf("boundary=", StringComparison.OrdinalIgnoreCase) is >= 0 and var at ? type[(at + "boundary=".Length)..].Trim('"', ' ') : null;
}
