using System.Diagnostics;
using System.Text;
using Autopilot.Api.Representations;
using CsvHelper;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Reports;

/// <summary>All runs of a query, written as they are read: whatever their number, no more than a page of them is held.</summary>
internal sealed class RunStream(IAsyncEnumerable<RunItem> runs, Format format) : IResult
{
    // Little enough to hold, much enough to be worth a write.
    private const int FlushAt = 32 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var host = HttpMethods.IsHead(httpContext.Request.Method);
        var reading = runs.GetAsyncEnumerator(httpContext.RequestAborted);
        await using (reading)
        {
            // Read before anything is written: a store that cannot be reached can still be answered as the problem that it is.
            var more = !host && await reading.MoveNextAsync();
            response.ContentType = format.ContentType;
            response.Headers.CacheControl = "private, no-cache";
            response.Headers.Vary = ResponseCompression.Vary;
            response.Headers.ContentDisposition = $"attachment; filename=\"upgrade-runs.{format.Name}\"";
            if (host)
            {
                ResponseCompression.ActAsIfSent(httpContext);
            }
            else
            {
                await (
                    format == Format.Csv ? WriteCsvAsync(response, reading, more)
                    : format == Format.Ndjson ? WriteLinesAsync(response, reading, more)
                    : throw new UnreachableException($"Runs are not streamed as {format}.")
                );
            }
        }
    }

    private static async Task WriteCsvAsync(HttpResponse response, IAsyncEnumerator<RunItem> reading, bool more)
    {
        using var text = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
        await using var csv = new CsvWriter(text, CsvCell.Configuration);
        RunColumns.WriteHeader(csv);
        for (; more; more = await reading.MoveNextAsync())
        {
            RunColumns.Write(csv, reading.Current);
            await csv.FlushAsync();
            if (text.GetStringBuilder().Length >= FlushAt && !await SendAsync())
            {
                return;
            }
        }

        await csv.FlushAsync();
        await SendAsync();

        async ValueTask<bool> SendAsync()
        {
            var bytes = Utf8.GetBytes(text.ToString());
            text.GetStringBuilder().Clear();
            return await ResponseWriter.WriteAsync(response.HttpContext, bytes) && await ResponseWriter.FlushAsync(response.HttpContext);
        }
    }

    private static async Task WriteLinesAsync(HttpResponse response, IAsyncEnumerator<RunItem> reading, bool more)
    {
        using var lines = new MemoryStream();
        for (; more; more = await reading.MoveNextAsync())
        {
            lines.Write(JsonBody.Serialize(reading.Current, ApiJson.Default.RunItem).Span);
            lines.WriteByte((byte)'\n');
            if (lines.Length >= FlushAt && !await SendAsync())
            {
                return;
            }
        }

        await SendAsync();

        async ValueTask<bool> SendAsync()
        {
            var taken =
                await ResponseWriter.WriteAsync(response.HttpContext, lines.GetBuffer().AsMemory(0, (int)lines.Length))
                && await ResponseWriter.FlushAsync(response.HttpContext);
            lines.SetLength(0);
            return taken;
        }
    }
}
