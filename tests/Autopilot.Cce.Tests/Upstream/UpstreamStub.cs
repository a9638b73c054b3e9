using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Autopilot.Cce.Tests.Upstream;

/// <summary>A real HTTP server on loopback that speaks for CCE and for IAM, notes what arrives, and answers as the test says.</summary>
internal sealed class UpstreamStub : IAsyncDisposable
{
    public const string AccessKey = "AKIDEXAMPLE012345678";
    public const string SecretKey = "sk+example/secret0123456789abcdefghijklmn";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = [];
    private int _count;

    private UpstreamStub(WebApplication app) => _app = app;

    /// <summary>Answers to <c>GET</c>s. The number counts from 1.</summary>
    public Func<HttpContext, int, Task> Answer { get; set; } = (context, _) => Workflow(context);

    /// <summary>The response to a request for a token.</summary>
    public Func<HttpContext, Task> AnswerToken { get; set; } = context => Json(context, 500, "{}");

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The <c>GET</c>s, in order.</summary>
    public IReadOnlyList<Received> Requests => [.. _received.Where(r => r.Method == "GET")];

    public IReadOnlyList<Received> TokenRequests => [.. _received.Where(r => r.Method == "POST")];

    public static async Task<UpstreamStub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        var stub = new UpstreamStub(app);
        app.Run(stub.HandleAsync);
        await app.StartAsync();
        stub.Address = new Uri(app.Urls.Single());
        return stub;
    }

    public static Task Json(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    public static Task Workflow(HttpContext context) => Json(context, 200, WorkflowJson);

    public const string WorkflowJson = """
        {"kind":"WorkFlowTask","apiVersion":"v3","metadata":{"uid":"c271e39e-1a6e-4d3d-8fa8-2a36329c68d1","creationTimestamp":"2023-11-25 06:32:34.923248 +0000 UTC"},
         "spec":{"clusterID":"b4b9e60f-8aa2-11ee-af09-0255ac10004f","clusterVersion":"v1.17.17-r0","targetVersion":"v1.19.16-r80"},"status":{"phase":"Running","pointStatuses":[],"lineStatuses":[]}}
        """;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var received = new Received(
            context.Request.Method,
            context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()),
            await reader.ReadToEndAsync()
        );
        _received.Enqueue(received);
        await (received.Method == "POST" ? AnswerToken(context) : Answer(context, Interlocked.Increment(ref _count)));
    }
}

/// <summary>A request as it came over the wire.</summary>
internal sealed record Received(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Header(string name) => Headers.TryGetValue(name, out var value) ? value : "";

    public string[] SignedHeaders => Part("SignedHeaders=").Split(';');

    /// <summary>Checks the signature as the gateway does: from the bytes that arrived, by code that is not the client's.</summary>
    public bool IsSignedBy(string accessKey, string secretKey)
    {
        if (!Header("authorization").StartsWith($"SDK-HMAC-SHA256 Access={accessKey}, ", StringComparison.Ordinal))
        {
            return false;
        }

        var target = Target.Split('?', 2);
        var uri = string.Join('/', target[0].Split('/').Select(s => Uri.EscapeDataString(Uri.UnescapeDataString(s)))) + "/";
        var headers = string.Concat(SignedHeaders.Select(name => $"{name}:{Header(name)}\n"));
        var canonical = string.Join(
            '\n',
            Method,
            uri,
            target.Length == 2 ? target[1] : "",
            headers,
            string.Join(';', SignedHeaders),
            Sha(Body)
        );
        var toSign = string.Join('\n', "SDK-HMAC-SHA256", Header("x-sdk-date"), Sha(canonical));
        using var mac = new HMACSHA256(Encoding.UTF8.GetBytes(secretKey));
        return Convert.ToHexStringLower(mac.ComputeHash(Encoding.UTF8.GetBytes(toSign))) == Part("Signature=");
    }

    private static string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private string Part(string name) =>
        Header("authorization").Split(", ").First(p => p.StartsWith(name, StringComparison.Ordinal))[name.Length..];
}
