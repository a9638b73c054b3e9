using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Autopilot.Functions.Tests.Worker;

/// <summary>Stands before the table service and delays every request.</summary>
internal sealed class SlowTables : IAsyncDisposable
{
    private static readonly string[] HopByHop = ["Connection", "Keep-Alive", "Transfer-Encoding"];

    private readonly HttpMessageInvoker _forward = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        }
    );
    private readonly TaskCompletionSource _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Uri _target;
    private readonly WebApplication _app;

    private SlowTables(Uri target)
    {
        _target = target;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(ForwardAsync);
    }

    /// <summary>How long each request waits before it is handed on.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>Completes once a request hangs: it has to wait for a minute or more.</summary>
    public Task Hangs => _hangs.Task;

    public static async Task<SlowTables> StartAsync(Uri target)
    {
        var tables = new SlowTables(target);
        await tables._app.StartAsync(TestContext.Current.CancellationToken);
        return tables;
    }

    /// <summary>A connection string whose tables are here.</summary>
    public string ConnectionString(string original) =>
        string.Join(
            ';',
            original
                .Split(';')
                .Select(part =>
                    part.StartsWith("TableEndpoint=", StringComparison.Ordinal)
                        ? $"TableEndpoint={_app.Urls.Single()}{_target.AbsolutePath}"
                        : part
                )
        );

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _forward.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        if (Latency >= TimeSpan.FromMinutes(1))
        {
            _hangs.TrySetResult();
        }

        await Task.Delay(Latency, context.RequestAborted);
        var path = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method),
            new Uri(
                _target.GetLeftPart(UriPartial.Authority) + path,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
            )
        )
        {
            Content = context.Request.ContentLength > 0 ? new StreamContent(context.Request.Body) : null,
        };
        foreach (
            var (name, values) in context.Request.Headers.Where(header => !HopByHop.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
        )
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        using var response = await _forward.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (
            var (name, values) in response
                .Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
                .Where(header => !HopByHop.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
        )
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
