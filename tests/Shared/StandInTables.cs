using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Autopilot.Testing;

/// <summary>Stands in for the table and queue services over real HTTP, and answers every request in the same way.</summary>
internal sealed class StandInTables : IAsyncDisposable
{
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly WebApplication _app;
    private int _requests;

    private StandInTables(WebApplication app) => _app = app;

    /// <summary>
    /// How it answers: <c>empty</c> as tables without a row, <c>busy</c> with 503, <c>busy for an hour</c> with 503 and <c>Retry-After:
    /// 3600</c>, <c>silent</c> not at all, <c>html</c>, <c>{}</c>, <c>gzip</c> cut.
    /// </summary>
    public string Answer { get; set; } = "empty";

    /// <summary>The answer to the first requests, and how many those are.</summary>
    public (int Count, string Answer) First { get; set; }

    /// <summary>How many requests have come.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName=account;AccountKey={Key};TableEndpoint={_app.Urls.Single()}/account;"
        + $"QueueEndpoint={_app.Urls.Single()}/account;";

    public static async Task<StandInTables> StartAsync(string answer = "empty")
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var tables = new StandInTables(app) { Answer = answer };
        app.Run(tables.RespondAsync);
        await app.StartAsync();
        return tables;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(0);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task RespondAsync(HttpContext context)
    {
        var number = Interlocked.Increment(ref _requests);
        var response = context.Response;
        response.ContentType = "application/json;odata=minimalmetadata";
        switch (number <= First.Count ? First.Answer : Answer)
        {
            case "silent":
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                return;
            case "busy for an hour":
                response.Headers.RetryAfter = "3600";
                goto case "busy";
            case "busy":
                response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                await response.WriteAsync("""{"odata.error":{"code":"ServerBusy","message":{"lang":"en-US","value":"busy"}}}""");
                return;
            case "html":
                response.ContentType = "text/html";
                await response.WriteAsync("<html><body>Sign in to the network</body></html>");
                return;
            case "{}":
                await response.WriteAsync("{}");
                return;
            case "gzip":
                response.Headers.ContentEncoding = "gzip";
                using (var packed = new MemoryStream())
                {
                    await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                    {
                        await gzip.WriteAsync(Encoding.UTF8.GetBytes("""{"value":[]}"""));
                    }

                    await response.Body.WriteAsync(packed.ToArray().AsMemory(0, 12));
                }

                return;
            default:
                await EmptyAsync(context);
                return;
        }
    }

    private static Task EmptyAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.Value!.Contains("RowKey=", StringComparison.Ordinal))
        {
            return context.Response.WriteAsync("""{"value":[]}""");
        }

        context.Response.StatusCode = HttpMethods.IsGet(context.Request.Method)
            ? StatusCodes.Status404NotFound
            : StatusCodes.Status204NoContent;
        if (context.Response.StatusCode == StatusCodes.Status204NoContent)
        {
            context.Response.Headers.ETag = "W/\"datetime'2026-05-04T12%3A00%3A00Z'\"";
            return Task.CompletedTask;
        }

        return context.Response.WriteAsync("""{"odata.error":{"code":"ResourceNotFound","message":{"lang":"en-US","value":"none"}}}""");
    }
}
