using System.Net;
using System.Text;

namespace Autopilot.EndToEnd.Tests.Guarantees;

/// <summary>
/// A table service without state, for counting only: every shard returns new copies of one row at each read, and every write succeeds. An
/// emulator with ten thousand rows would take minutes on a busy machine.
/// </summary>
/// <param name="row">An active workflow's row as the service answers it, without its keys: members of a JSON object.</param>
/// <param name="shards">The ids of the workflows in each shard.</param>
internal sealed class EndlessTables(string row, ILookup<string, string> shards) : HttpMessageHandler
{
    private const string Version = "W/\"datetime'2026-01-01T12%3A00%3A00.0000000Z'\"";

    private static readonly string Etag = $"\"odata.etag\":\"{Version.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Get)
        {
            return Read(Uri.UnescapeDataString(request.RequestUri!.PathAndQuery));
        }

        if (!request.RequestUri!.AbsolutePath.EndsWith("$batch", StringComparison.Ordinal))
        {
            return Landed(new HttpResponseMessage(HttpStatusCode.NoContent));
        }

        var parts = await request.Content!.ReadAsStringAsync(cancellationToken);
        return Transaction(parts.Split("Content-Type: application/http").Length - 1);
    }

    private HttpResponseMessage Read(string query)
    {
        const string Partition = "PartitionKey eq '";
        if (
            query.IndexOf(Partition, StringComparison.Ordinal) is not (>= 0 and var at)
            || !query.Contains("RowKey ge 'a|'", StringComparison.Ordinal)
        )
        {
            return new HttpResponseMessage(HttpStatusCode.NotFound)
            {
                Content = new StringContent("{\"odata.error\":{\"code\":\"ResourceNotFound\"}}", Encoding.UTF8, "application/json"),
                Headers = { { "x-ms-error-code", "ResourceNotFound" } },
            };
        }

        var shard = query[at + Partition.Length].ToString();
        var rows = shards[shard].Select(id => $"{{{Etag},\"PartitionKey\":\"{shard}\",\"RowKey\":\"a|{id}\",{row}}}");
        return Answer($"{{\"value\":[{string.Join(',', rows)}]}}");
    }

    private static HttpResponseMessage Answer(string json) =>
        new(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    private static HttpResponseMessage Transaction(int writes)
    {
        var body = new StringBuilder("--batch\r\nContent-Type: multipart/mixed; boundary=changes\r\n\r\n");
        for (var i = 0; i < writes; i++)
        {
            body.Append(
                    "--changes\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nHTTP/1.1 204 No "
                        + "Content\r\nETag: "
                )
                .Append(Version)
                .Append("\r\n\r\n\r\n");
        }

        body.Append("--changes--\r\n--batch--\r\n");
        var answer = new HttpResponseMessage(HttpStatusCode.Accepted)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToString())),
        };
        answer.Content.Headers.TryAddWithoutValidation("Content-Type", "multipart/mixed; boundary=batch");
        return answer;
    }

    private static HttpResponseMessage Landed(HttpResponseMessage answer)
    {
        answer.Headers.TryAddWithoutValidation("ETag", Version);
        return answer;
    }
}
