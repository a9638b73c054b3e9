using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace Autopilot.Api.Tests.Workflows;

/// <summary>The same truth in the form that each caller likes.</summary>
public sealed class FormatTests(AzuriteFixture azurite)
{
    private const string Card = "application/vnd.microsoft.card.adaptive+json";

    [Theory]
    [InlineData("/api/workflows/w1", "markdown", "text/markdown", "### Blocked: ")]
    [InlineData("/api/workflows/w1", "text", "text/plain", "Blocked by    Cluster, TaskFailed since 2026-11-23 07:40 UTC")]
    [InlineData("/api/workflows/w1", "card", Card, "\"version\":\"1.5\"")]
    [InlineData("/api/workflows", "markdown", "text/markdown", "1 active upgrade: 1 Blocked")]
    [InlineData("/api/workflows", "text", "text/plain", "1 active upgrade: 1 Blocked")]
    [InlineData("/api/workflows", "card", Card, "\"version\":\"1.5\"")]
    [InlineData("/api/workflows/w1/timeline", "markdown", "text/markdown", "### Timeline: checkout")]
    [InlineData("/api/workflows/w1/timeline", "svg", "image/svg+xml", "xmlns=\"http://www.w3.org/2000/svg\"")]
    public async Task An_answer_has_the_format_that_was_asked_for_by_name_or_by_accept(
        string path,
        string name,
        string mediaType,
        string said
    )
    {
        await using var app = await BlockedAsync();
        using var byName = await app.GetAsync($"{path}?format={name}");
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", $"application/x-else, {mediaType};q=0.9, application/json;q=0.2");
        using var byAccept = await app.Client.SendAsync(request);
        using var json = await app.GetAsync(path);

        var body = await byName.Content.ReadAsStringAsync();
        Assert.Contains(said, body, StringComparison.Ordinal);
        Assert.Equal(body, await byAccept.Content.ReadAsStringAsync());
        Assert.Equal(
            ($"{mediaType}; charset=utf-8", "Accept, Accept-Encoding", json.Header("Cache-Control"), json.Header("Retry-After")),
            (byName.Header("Content-Type"), byName.Header("Vary"), byName.Header("Cache-Control"), byName.Header("Retry-After"))
        );
        Assert.Equal(byName.Header("ETag"), byAccept.Header("ETag"));
        Assert.NotEqual(byName.Header("ETag"), json.Header("ETag"));

        using var host = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{path}?format={name}"));
        Assert.Equal(
            (HttpStatusCode.OK, byName.Header("ETag"), byName.Header("Content-Type"), byName.Content.Headers.ContentLength),
            (host.StatusCode, host.Header("ETag"), host.Header("Content-Type"), host.Content.Headers.ContentLength)
        );
        Assert.Empty(await host.Content.ReadAsByteArrayAsync());

        using var again = new HttpRequestMessage(HttpMethod.Get, $"{path}?format={name}");
        again.Headers.Add("If-None-Match", byName.Header("ETag"));
        using var unchanged = await app.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task JSON_is_the_response_without_Accept_and_to_any_type()
    {
        await using var app = await BlockedAsync();
        foreach (var accept in new[] { null, "*/*", "text/html, */*;q=0.1", "application/*" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/workflows/w1");
            if (accept is not null)
            {
                request.Headers.Add("Accept", accept);
            }

            using var response = await app.Client.SendAsync(request);
            Assert.Equal("Blocked", (await response.JsonAsync()).GetProperty("assessment").GetString());
        }
    }

    [Fact]
    public async Task Tracking_and_polling_answer_in_the_format_too()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var put = await app.PutToAsync("/api/workflows/w1?format=text", """{"clusterId":"c1","clusterName":"checkout"}""");
        Assert.Equal(
            (HttpStatusCode.Created, "text/plain; charset=utf-8", "/api/workflows/w1"),
            (put.StatusCode, put.Header("Content-Type"), put.Header("Location"))
        );
        Assert.StartsWith("checkout\nUnknown       Upgrade workflow w1", await put.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        app.Upstream.Says(Upstream.Failed);
        using var poll = await app.PostAsync("/api/workflows/w1/poll?format=markdown");
        Assert.Equal(
            (HttpStatusCode.OK, "text/markdown; charset=utf-8", "no-store"),
            (poll.StatusCode, poll.Header("Content-Type"), poll.Header("Cache-Control"))
        );
        Assert.StartsWith(
            "### Blocked: checkout (v1.27.1-r0 → v1.28.6-r0)",
            await poll.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_list_with_more_pages_says_where_they_are_in_the_same_format()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        await app.TrackAsync("w2");
        var text = await (await app.GetAsync("/api/workflows?format=text&maxpagesize=1")).Content.ReadAsStringAsync();
        var link = string.Concat(text[text.IndexOf("/api/workflows?", StringComparison.Ordinal)..].Split('\n'));
        Assert.Contains("format=text", link, StringComparison.Ordinal);
        using var next = await app.GetAsync(link);
        Assert.StartsWith("2 active upgrades: 2 Unknown", await next.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_that_opens_a_picture_applies_its_style_and_nothing_else()
    {
        await using var app = await BlockedAsync();
        using var response = await app.GetAsync("/api/workflows/w1/timeline?format=svg");
        var style = XDocument
            .Parse(await response.Content.ReadAsStringAsync())
            .Descendants()
            .Single(element => element.Name.LocalName == "style")
            .Value;
        Assert.Equal(
            $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'; "
                + "frame-ancestors 'none'",
            response.Header("Content-Security-Policy")
        );
        using var markdown = await app.GetAsync("/api/workflows/w1/timeline?format=markdown");
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", markdown.Header("Content-Security-Policy"));
    }

    [Fact]
    public async Task A_card_has_no_action_and_no_address_whatever_the_cluster_is_called()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        var name = JsonSerializer.Serialize("[free](https://evil.example) <at>all</at> www.evil.example");
        (await app.PutToAsync("/api/workflows/w1", $$"""{"clusterId":"c1","clusterName":{{name}}}""")).Dispose();
        foreach (var path in new[] { "/api/workflows/w1?format=card", "/api/workflows?format=card" })
        {
            var card = await (await app.GetAsync(path)).Content.ReadAsStringAsync();
            Assert.DoesNotContain("://evil", card, StringComparison.Ordinal);
            Assert.DoesNotContain("Action", card, StringComparison.Ordinal);
            Assert.DoesNotContain("msteams", card, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET", "/api/workflows/w1?format=svg")]
    [InlineData("GET", "/api/workflows/w1/timeline?format=card")]
    [InlineData("GET", "/api/workflows/w1/timeline?format=text")]
    [InlineData("PUT", "/api/workflows/w1?format=csv")]
    [InlineData("POST", "/api/workflows/w1/poll?format=svg")]
    public async Task What_is_not_offered_is_not_acceptable_and_what_is_is_named(string method, string path)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var response = await app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Contains("markdown (text/markdown)", await response.ProblemAsync(406, "NotAcceptable"), StringComparison.Ordinal);
    }

    private async Task<ApiApp> BlockedAsync()
    {
        var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Says(Upstream.Failed);
        (await app.PutToAsync("/api/workflows/w1", """{"clusterId":"c1","clusterName":"checkout"}""")).Dispose();
        await app.PollAsync("w1");
        return app;
    }
}
