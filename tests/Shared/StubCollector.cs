using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Testing;

/// <summary>
/// Takes whatever is exported over OTLP (HTTP with protobuf, or gRPC), and keeps the bytes: names and values stand in them as plain UTF-8.
/// </summary>
internal sealed class StubCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, string Headers, byte[] Body)> _received = new();

    private StubCollector(bool grpc, X509Certificate2? certificate, X509Certificate2? client, TimeSpan answersAfter)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel =>
                kestrel.Listen(
                    System.Net.IPAddress.Loopback,
                    0,
                    listen =>
                    {
                        listen.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1;
                        if (certificate is null)
                        {
                            return;
                        }

                        listen.UseHttps(https =>
                        {
                            https.ServerCertificate = certificate;
                            https.ClientCertificateMode = client is null
                                ? ClientCertificateMode.NoCertificate
                                : ClientCertificateMode.RequireCertificate;
                            https.ClientCertificateValidation = (shown, _, _) => shown.Thumbprint == client?.Thumbprint;
                        });
                    }
                )
            );
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var compressed = context.Request.Headers.ContentEncoding == "gzip";
            _received.Enqueue(
                (
                    context.Request.Path.Value!,
                    string.Join('\n', context.Request.Headers.Select(header => $"{header.Key.ToLowerInvariant()}: {header.Value}")),
                    grpc ? Message(body.ToArray()) : Plain(body.ToArray(), compressed)
                )
            );
            if (answersAfter > TimeSpan.Zero)
            {
                await Task.Delay(answersAfter, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            context.Response.StatusCode = StatusCodes.Status200OK;
            context.Response.ContentType = grpc ? "application/grpc" : "application/x-protobuf";
            if (!grpc)
            {
                return;
            }

            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        });
    }

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The paths that something was sent to.</summary>
    public IReadOnlySet<string> Paths => _received.Select(one => one.Path).ToHashSet(StringComparer.Ordinal);

    /// <summary>Everything received under a path so far, as text that is good for searching.</summary>
    public string Received(string path) =>
        string.Concat(_received.Where(one => one.Path == path).Select(one => Encoding.Latin1.GetString(one.Body)));

    /// <summary>The headers of every request under a path so far, a line each, names in lower case.</summary>
    public IReadOnlyList<string> Headers(string path) => [.. _received.Where(one => one.Path == path).Select(one => one.Headers)];

    /// <summary>Everything received so far.</summary>
    public string All => string.Concat(_received.Select(one => $"{one.Path} {Encoding.Latin1.GetString(one.Body)}"));

    /// <param name="grpc">Whether it speaks gRPC over HTTP/2 without negotiation, and not HTTP/1.1.</param>
    /// <param name="certificate">Its certificate, with which it listens on https.</param>
    /// <param name="client">The only certificate that a client may show; null where none is asked for.</param>
    /// <param name="answersAfter">How long each answer takes.</param>
    public static async Task<StubCollector> StartAsync(
        bool grpc = false,
        X509Certificate2? certificate = null,
        X509Certificate2? client = null,
        TimeSpan answersAfter = default
    )
    {
        var collector = new StubCollector(grpc, certificate, client, answersAfter);
        await collector._app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>The message of a unary call: a byte that says whether it is compressed, its length in four, then itself.</summary>
    private static byte[] Message(byte[] body) =>
        Plain(body[5..(5 + (int)BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(1)))], compressed: body[0] == 1);

    private static byte[] Plain(byte[] body, bool compressed)
    {
        if (!compressed)
        {
            return body;
        }

        using var plain = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress))
        {
            gzip.CopyTo(plain);
        }

        return plain.ToArray();
    }
}
