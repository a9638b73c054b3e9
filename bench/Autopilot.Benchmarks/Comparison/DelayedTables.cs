using System.Net;
using Autopilot.Azurite;
using Microsoft.AspNetCore.Http.Features;

namespace Autopilot.Benchmarks.Comparison;

/// <summary>
/// A table service that takes its time: forwards each request to the emulator after a latency, and counts it. One for each server, so that
/// the counts are its own.
/// </summary>
internal sealed class DelayedTables : IAsyncDisposable
{
    /// <summary>Headers of one hop.</summary>
    private static readonly HashSet<string> OfTheHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host",
        "Connection",
        "Keep-Alive",
        "Transfer-Encoding",
        "Expect",
    };

    private static readonly UriCreationOptions AsItCame = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly WebApplication _app;
    private readonly AzuriteServer _azurite;
    private readonly HttpMessageInvoker _emulator = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
        }
    );
    private long _requests;

    private DelayedTables(WebApplication app, AzuriteServer azurite) => (_app, _azurite) = (app, azurite);

    /// <summary>Milliseconds before each request is forwarded.</summary>
    public int Latency { get; set; }

    /// <summary>Requests so far: each is paid for as an operation.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public string ConnectionString =>
        _azurite.ConnectionString.Replace(
            _azurite.TableEndpoint.GetLeftPart(UriPartial.Authority),
            _app.Urls.Single(),
            StringComparison.Ordinal
        );

    public static async Task<DelayedTables> StartAsync(AzuriteServer azurite)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var tables = new DelayedTables(app, azurite);
        app.Run(tables.ForwardAsync);
        await app.StartAsync();
        return tables;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _emulator.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (Latency > 0)
        {
            await Task.Delay(Latency, context.RequestAborted);
        }

        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method),
            new Uri(_azurite.TableEndpoint.GetLeftPart(UriPartial.Authority) + target, in AsItCame)
        );
        if (context.Request.ContentLength is > 0 || context.Request.Headers.ContainsKey("Transfer-Encoding"))
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var (name, values) in context.Request.Headers.Where(header => !OfTheHop.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        using var answer = await _emulator.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !OfTheHop.Contains(header.Key)))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
