using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Autopilot.Functions.Tests.Worker;

/// <summary>The ingestion endpoint of Application Insights on loopback: accepts every envelope and keeps it.</summary>
internal sealed class IngestionStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<TelemetryEnvelope> _received = new();

    private IngestionStub()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v2.1/track", TrackAsync);
    }

    /// <summary>What the platform gives to an app; live metrics go to the same address, which answers them 404.</summary>
    public string ConnectionString =>
        $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint={_app.Urls.Single()}/;"
        + $"LiveEndpoint={_app.Urls.Single()}/";

    /// <summary>Every envelope received so far.</summary>
    public IReadOnlyCollection<TelemetryEnvelope> Received => [.. _received];

    public static async Task<IngestionStub> StartAsync()
    {
        var stub = new IngestionStub();
        await stub._app.StartAsync(TestContext.Current.CancellationToken);
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TrackAsync(HttpContext context)
    {
        var packed = context.Request.Headers.ContentEncoding == "gzip";
        await using var body = packed ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        using var lines = new StreamReader(body, Encoding.UTF8);
        var count = 0;
        while (await lines.ReadLineAsync(context.RequestAborted) is { } line)
        {
            if (line.Length > 0)
            {
                _received.Enqueue(TelemetryEnvelope.Of(JsonNode.Parse(line)!));
                count++;
            }
        }

        await context.Response.WriteAsJsonAsync(
            new
            {
                itemsReceived = count,
                itemsAccepted = count,
                errors = Array.Empty<object>(),
            },
            JsonSerializerOptions.Web
        );
    }
}
