using System.IO.Compression;
using System.Net;
using System.Text;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Tests.Representations;

/// <summary>Large responses are compressed for clients that accept it, and mean the same to every cache.</summary>
public sealed class CompressionTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("*", "br")]
    [InlineData("identity", null)]
    [InlineData("br;q=0, gzip;q=0", null)]
    [InlineData("", null)]
    public async Task A_large_answer_is_compressed_as_the_caller_takes_it(string accepted, string? encoding)
    {
        await using var app = await StartAsync();
        using var plain = await SendAsync(app, "");
        using var answer = await SendAsync(app, accepted);

        Assert.Equal((HttpStatusCode.OK, encoding), (answer.StatusCode, answer.Header("Content-Encoding")));
        Assert.Equal(await plain.Content.ReadAsStringAsync(), Decoded(await answer.Content.ReadAsByteArrayAsync(), encoding));
        Assert.Equal((encoding is null ? "" : "W/") + plain.Header("ETag"), answer.Header("ETag"));
        Assert.All([plain, answer], each => Assert.Equal("Accept, Accept-Encoding", each.Header("Vary")));
        Assert.Equal("application/json; charset=utf-8", answer.Header("Content-Type"));
    }

    [Fact]
    public async Task A_small_answer_and_a_problem_stay_as_they_are()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        foreach (var path in (string[])["/api/workflows/w1", "/api/workflows/w2", "/api/workflows?format=xml", "/api/health/live"])
        {
            using var answer = await SendAsync(app, "br, gzip", path: path);
            Assert.Null(answer.Header("Content-Encoding"));
            Assert.InRange((await answer.Content.ReadAsByteArrayAsync()).Length, 1, 2047);
        }
    }

    [Theory]
    [InlineData("br")]
    [InlineData("identity")]
    public async Task Head_says_what_get_says(string accepted)
    {
        await using var app = await StartAsync();
        using var get = await SendAsync(app, accepted);
        using var host = await SendAsync(app, accepted, HttpMethod.Head);

        Assert.Empty(await host.Content.ReadAsByteArrayAsync());
        foreach (var name in (string[])["Content-Type", "Content-Encoding", "ETag", "Vary", "Cache-Control", "Retry-After"])
        {
            Assert.Equal((name, get.Header(name)), (name, host.Header(name)));
        }

        Assert.Equal(accepted == "br" ? null : get.Header("Content-Length"), host.Header("Content-Length"));
    }

    [Theory]
    [InlineData("/api/workflows")]
    [InlineData("/api/workflows/w1")]
    public async Task An_ETag_matches_in_any_encoding_and_a_304_has_the_headers_of_the_full_response(string path)
    {
        await using var app = await StartAsync();
        using var plain = await SendAsync(app, "identity", path: path);
        using var encoded = await SendAsync(app, "br", path: path);
        Assert.Equal(path == "/api/workflows/w1" ? "30" : null, plain.Header("Retry-After"));
        foreach (var known in (string[])[plain.Header("ETag")!, encoded.Header("ETag")!, $"\"other\", {encoded.Header("ETag")}", "*"])
        {
            foreach (var (accepted, answer) in new[] { ("identity", plain), ("br", encoded) })
            {
                using var unchanged = await SendAsync(app, accepted, known: known, path: path);

                Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
                Assert.Empty(await unchanged.Content.ReadAsByteArrayAsync());
                Assert.Null(unchanged.Header("Content-Encoding"));
                foreach (var name in (string[])["ETag", "Vary", "Cache-Control", "Retry-After"])
                {
                    Assert.Equal((name, answer.Header(name)), (name, unchanged.Header(name)));
                }
            }
        }

        using var changed = await SendAsync(app, "br", known: "W/\"00000000000000000000000000000000\"", path: path);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Fact]
    public async Task Not_acceptable_varies_by_Accept()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/workflows") { Headers = { { "Accept", "text/html" } } };
        using var answer = await app.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.NotAcceptable, "Accept"), (answer.StatusCode, answer.Header("Vary")));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public async Task A_stream_is_compressed_as_it_comes(string format)
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await ApiApp.StartAsync(new SlowRuns(goOn.Task));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/reports/runs?format={format}")
        {
            Headers = { { "Accept-Encoding", "br" } },
        };
        using var answer = await app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(("br", "Accept, Accept-Encoding"), (answer.Header("Content-Encoding"), answer.Header("Vary")));

        await using var decoded = new BrotliStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var lines = new StreamReader(decoded);
        // The store has not returned the last runs yet.
        var early = await lines.ReadLineAsync();
        Assert.False(goOn.Task.IsCompleted);
        goOn.SetResult();

        Assert.NotEqual("", early);
        Assert.Equal(SlowRuns.Count + (format == "csv" ? 1 : 0), 1 + (await lines.ReadToEndAsync()).Count(c => c == '\n'));
    }

    private async Task<ApiApp> StartAsync()
    {
        var app = await ApiApp.StartAsync(azurite);
        // Together they are a large answer; each alone is a small one.
        foreach (var id in (string[])["w1", "w2", "w3"])
        {
            await app.TrackAsync(id);
            await app.PollAsync(id);
        }

        return app;
    }

    private static async Task<HttpResponseMessage> SendAsync(
        ApiApp app,
        string accepted,
        HttpMethod? method = null,
        string? known = null,
        string path = "/api/workflows"
    )
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (accepted.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        }

        if (known is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", known);
        }

        return await app.Client.SendAsync(request);
    }

    private static string Decoded(byte[] body, string? encoding)
    {
        Stream stream = encoding switch
        {
            "br" => new BrotliStream(new MemoryStream(body), CompressionMode.Decompress),
            "gzip" => new GZipStream(new MemoryStream(body), CompressionMode.Decompress),
            _ => new MemoryStream(body),
        };
        using var text = new StreamReader(stream, Encoding.UTF8);
        return text.ReadToEnd();
    }

    /// <summary>Many runs; the store holds the last ones back.</summary>
    private sealed class SlowRuns(Task goOn) : IRunStore
    {
        public const int Count = 1000;

        public async IAsyncEnumerable<FinishedUpgrade> ReadAsync(
            RunQuery query,
            UnreadableCount unreadable,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            for (var i = 0; i < Count; i++)
            {
                if (i == Count - 1)
                {
                    await goOn.WaitAsync(cancellationToken);
                }

                yield return new FinishedUpgrade
                {
                    Target = ApiApp.Target($"{Guid.NewGuid()}"),
                    Outcome = WorkflowOutcome.Succeeded,
                    EndedAt = ApiApp.Now.AddMinutes(-i - 1),
                };
            }
        }

        public Task<Page<FinishedUpgrade>> ReadPageAsync(
            RunQuery query,
            int pageSize,
            string? continuationToken,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public Task WriteAsync(FinishedUpgrade run, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
