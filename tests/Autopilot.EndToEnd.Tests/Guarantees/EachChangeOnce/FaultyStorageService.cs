using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Autopilot.EndToEnd.Tests.Guarantees.EachChangeOnce;

/// <summary>
/// Stands between the servers and the real table or queue service and loses answers: a connection cut before a write was applied, or, what
/// is worse, after it. It may also be late, drip its answers, answer that it is busy, and put messages twice.
/// </summary>
internal sealed class FaultyStorageService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
        }
    );
    private readonly Uri _target;
    private readonly Random _random;
    private readonly Lock _randomLock = new();
    private int _cutBefore,
        _cutAfter,
        _doubled,
        _errors;

    private FaultyStorageService(Uri target, int seed)
    {
        _target = target;
        _random = new Random(seed);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(ForwardAsync);
    }

    /// <summary>Share of the writing requests whose answer is lost; 0 for a service that behaves.</summary>
    public double Faults { get; set; }

    /// <summary>
    /// Share of all requests, reads too, that are answered by 500 or 503: half of the writes among them were applied all the same.
    /// </summary>
    public double Errors { get; set; }

    /// <summary>How long every request waits: two that meet at one row then meet for longer.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>Share of the answers whose body comes in pieces over <see cref="Drip"/>.</summary>
    public double SlowBodies { get; set; }

    public TimeSpan Drip { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Share of the messages that are put twice.</summary>
    public double Doubles { get; set; }

    public int Doubled => _doubled;

    public int CutBefore => _cutBefore;

    public int CutAfter => _cutAfter;

    public int Failed => _errors;

    /// <summary>From now on it behaves.</summary>
    public void Clear() => (Faults, Doubles, Errors, SlowBodies, Latency) = (0, 0, 0, 0, TimeSpan.Zero);

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<FaultyStorageService> StartAsync(Uri target, int seed)
    {
        var service = new FaultyStorageService(target, seed);
        await service._app.StartAsync();
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var fault = HttpMethods.IsGet(context.Request.Method) ? 1 : Roll();
        if (fault < Faults / 2)
        {
            Interlocked.Increment(ref _cutBefore);
            context.Abort();
            return;
        }

        if (Latency > TimeSpan.Zero)
        {
            await Task.Delay(Latency);
        }

        var error = Roll();
        if (error < Errors / 2)
        {
            Interlocked.Increment(ref _errors);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (
            HttpMethods.IsPost(context.Request.Method)
            && context.Request.Path.Value!.EndsWith("/messages", StringComparison.Ordinal)
            && Roll() < Doubles
        )
        {
            Interlocked.Increment(ref _doubled);
            using var first = Copy(context, body);
            using var ignored = await _client.SendAsync(first);
        }

        using var request = Copy(context, body);
        using var response = await _client.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();
        if (fault < Faults)
        {
            Interlocked.Increment(ref _cutAfter);
            context.Abort();
            return;
        }

        if (error < Errors)
        {
            Interlocked.Increment(ref _errors);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (name is not "Transfer-Encoding" and not "Connection" and not "Keep-Alive" and not "Content-Length")
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        if (Roll() < SlowBodies)
        {
            foreach (var piece in answer.Chunk(Math.Max(1, (answer.Length + 3) / 4)))
            {
                await Task.Delay(Drip / 4);
                await context.Response.Body.WriteAsync(piece);
                await context.Response.Body.FlushAsync();
            }

            return;
        }

        await context.Response.Body.WriteAsync(answer);
    }

    private HttpRequestMessage Copy(HttpContext context, MemoryStream body)
    {
        var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method),
            new Uri(_target, context.Request.Path.ToUriComponent() + context.Request.QueryString)
        );
        request.Content = new ByteArrayContent(body.ToArray());
        foreach (var (name, value) in context.Request.Headers)
        {
            if (name is "Host" or "Connection" or "Transfer-Encoding" or "Content-Length" or "Expect")
            {
                continue;
            }

            if (!request.Headers.TryAddWithoutValidation(name, value.ToArray()))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value.ToArray());
            }
        }

        return request;
    }

    private double Roll()
    {
        lock (_randomLock)
        {
            return _random.NextDouble();
        }
    }
}
