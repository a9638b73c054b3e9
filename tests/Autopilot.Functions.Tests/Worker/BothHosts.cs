using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Autopilot.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Autopilot.Functions.Tests.Worker;

/// <summary>The published function app behind its host, and the server, each as it really runs.</summary>
internal sealed partial class BothHosts : IAsyncDisposable
{
    private readonly UpstreamStub _upstream;
    private readonly WorkerHost _worker;
    private readonly WebApplication _server;

    private BothHosts(UpstreamStub upstream, WorkerHost worker, WebApplication server)
    {
        (_upstream, _worker, _server) = (upstream, worker, server);
        Worker = new HttpClient(NewHandler())
        {
            BaseAddress = worker.Address,
            DefaultRequestHeaders = { { "x-functions-key", WorkerHost.Key } },
        };
        Server = new HttpClient(NewHandler()) { BaseAddress = new Uri(server.Urls.Single()) };
    }

    /// <summary>Asks the function app, with the platform's key.</summary>
    public HttpClient Worker { get; }

    /// <summary>Asks the server.</summary>
    public HttpClient Server { get; }

    /// <summary>The host of the function app.</summary>
    public WorkerHost Host => _worker;

    /// <summary>Starts both.</summary>
    /// <param name="connectionString">Of the storage of both.</param>
    /// <param name="sharedTables">Whether both read and write the same tables; otherwise each has its own.</param>
    public static async Task<BothHosts> StartAsync(string connectionString, string? sharedTables = null)
    {
        var upstream = await UpstreamStub.StartAsync();
        var worker = await WorkerHost.StartAsync(await PublishedApp.FolderAsync(), Settings("W"));
        var server = ServerApp.Create(
            ["--urls", "http://127.0.0.1:0"],
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(Settings("S"));
                builder.Logging.ClearProviders();
            }
        );
        await server.StartAsync(TestContext.Current.CancellationToken);
        return new BothHosts(upstream, worker, server);

        Dictionary<string, string?> Settings(string host) =>
            new(HostSettings.Enough)
            {
                ["AutopilotStorage"] = connectionString,
                ["Storage:TablePrefix"] = sharedTables ?? $"{host}{Guid.NewGuid():N}",
                ["Cce:Endpoint"] = upstream.Address.ToString(),
                ["PollSchedule"] = host == "S" ? "disabled" : "0 * * * * *",
            };
    }

    /// <summary>Sends one request.</summary>
    /// <returns>Status, headers and body, without what differs from moment to moment.</returns>
    public static async Task<string> AskAsync(HttpClient http, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (path == "/api/mcp")
        {
            request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        }

        using var answer = await http.SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var headers = answer
            .Headers.NonValidated.Concat(answer.Content.Headers.NonValidated)
            .Where(header => header.Key is not ("Date" or "Server" or "Transfer-Encoding"))
            .OrderBy(header => header.Key, StringComparer.Ordinal)
            .Select(header =>
                $"{header.Key}: "
                + (header.Key is "Content-Length" or "ETag" or "Last-Modified" or "Retry-After" ? "…" : Timeless(header.Value.ToString()))
            );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{method} {path} → {(int)answer.StatusCode}\n{string.Join('\n', headers)}\n\n{Timeless(Encoding.UTF8.GetString(bytes))}"
        );
    }

    public async ValueTask DisposeAsync()
    {
        Worker.Dispose();
        Server.Dispose();
        await _worker.DisposeAsync();
        await _server.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    private static SocketsHttpHandler NewHandler() =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        };

    private static string Timeless(string text) => Seconds().Replace(TraceId().Replace(Instant().Replace(text, "T"), "$1…"), "$1N");

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")]
    private static partial Regex Instant();

    [GeneratedRegex("""((?:\\u0022|\\?")traceId(?:\\u0022|\\?"):(?:\\u0022|\\?"))[^"\\]+""")]
    private static partial Regex TraceId();

    [GeneratedRegex("""((?:\\u0022|\\?")\w*[sS]econds(?:\\u0022|\\?"):|max-age=)[\d.E+-]+""")]
    private static partial Regex Seconds();
}
