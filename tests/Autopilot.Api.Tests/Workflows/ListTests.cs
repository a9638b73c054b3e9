using System.Net;
using System.Text.Json;

namespace Autopilot.Api.Tests.Workflows;

public sealed class ListTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_fresh_app_has_an_empty_list_without_a_link()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        var page = await app.GetJsonAsync("/api/workflows");
        Assert.Equal("""{"value":[]}""", page.GetRawText());
    }

    [Fact]
    public async Task Active_workflows_come_before_finished_ones()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        foreach (var id in new[] { "w1", "w2", "w3", "w4", "w5", "w6" })
            await app.TrackAsync(id);
        app.Upstream.Says(Upstream.Done);
        await app.PollAsync("w1");
        await app.PollAsync("w4");
        var ids = Ids(await app.PagesAsync("/api/workflows"));
        Assert.Equal(["w2", "w3", "w5", "w6"], ids[..4].Order(StringComparer.Ordinal));
        Assert.Equal(["w1", "w4"], ids[4..].Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_filter_keeps_what_it_says()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("run");
        await app.TrackAsync("fail", "other-cluster");
        await app.TrackAsync("done");
        using (var put = await app.PutAsync("elsewhere", """{"clusterId":"c9","projectId":"p9"}"""))
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        await app.PollAsync("run");
        app.Upstream.Says(Upstream.Failed);
        await app.PollAsync("fail");
        app.Upstream.Says(Upstream.Done);
        await app.PollAsync("done");

        foreach (var (query, expected) in new (string, string[])[]
        {
            ("assessment=Blocked", ["fail"]),
            ("assessment=blocked", ["fail"]),
            ("assessment=Unknown", ["elsewhere"]),
            ("assessment=Stalled", []),
            ("phase=Running", ["run"]),
            ("phase=Never%20Heard%20Of%27s", []),
            ("clusterId=OTHER-CLUSTER", ["fail"]),
            ($"clusterId={ApiApp.Cluster}", ["done", "run"]),
            ("projectId=P9", ["elsewhere"]),
            ("active=true", ["elsewhere", "fail", "run"]),
            ("active=FALSE", ["done"]),
            ($"clusterId={ApiApp.Cluster}&active=true&phase=Running&assessment=Progressing", ["run"]),
            ("unheardOf=1&code=key", ["done", "elsewhere", "fail", "run"]),
        })
        {
            var ids = Ids(await app.PagesAsync($"/api/workflows?{query}"));
            Assert.Equal((query, string.Join(' ', expected)), (query, string.Join(' ', ids.Order(StringComparer.Ordinal))));
        }
    }

    [Fact]
    public async Task Paging_through_250_workflows_visits_each_once_and_never_carries_a_key()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        var expected = Enumerable.Range(0, 250).Select(i => $"w{i:000}").ToList();
        await Parallel.ForEachAsync(expected, async (id, _) => await app.TrackAsync(id, int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture) % 5 == 0 ? "every-fifth" : ApiApp.Cluster));
        foreach (var (query, matching) in new (string, int)[]
        {
            ("maxpagesize=7", 250), ("maxpagesize=100", 250), ("", 250), ("maxpagesize=1000", 250), ("maxpagesize=9&clusterId=every-fifth&active=true&assessment=unknown", 50), ("maxpagesize=50&assessment=Gone", 0),
        })
        {
            var pages = await app.PagesAsync($"/api/workflows?{query}&code=s3cret-key&x-functions-key=s3cret-key&format=json");
            var size = query.StartsWith("maxpagesize=", StringComparison.Ordinal) ? int.Parse(query[12..].Split('&')[0], System.Globalization.CultureInfo.InvariantCulture) : 100;
            var ids = Ids(pages);
            Assert.Equal(matching, ids.Count);
            Assert.Equal(matching, ids.Distinct().Count());
            Assert.All(pages, page => Assert.InRange(page.GetProperty("value").GetArrayLength(), 0, size));
            foreach (var page in pages.SkipLast(1))
            {
                var link = page.Text("nextLink");
                Assert.StartsWith("/api/workflows?", link, StringComparison.Ordinal);
                Assert.DoesNotContain("s3cret", link, StringComparison.Ordinal);
                Assert.DoesNotContain("code=", link, StringComparison.Ordinal);
                Assert.Contains("format=json", link, StringComparison.Ordinal);
                foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
                    Assert.Contains(part, link, StringComparison.OrdinalIgnoreCase);
            }

            Assert.False(pages[^1].TryGetProperty("nextLink", out _));
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("AAAA")]
    [InlineData("%00%FF")]
    public async Task A_token_that_nobody_made_is_refused(string token)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        foreach (var path in new[] { "/api/workflows", "/api/workflows/w1/history" })
        {
            using var response = await app.GetAsync($"{path}?continuationToken={token}");
            Assert.Contains("nextLink", await response.ProblemAsync(400, "InvalidParameter"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_list_has_a_tag_and_answers_304_and_head()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        using var first = await app.GetAsync("/api/workflows");
        Assert.Equal("private, no-cache", first.Header("Cache-Control"));
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/workflows") { Headers = { { "If-None-Match", first.Header("ETag") } } };
        using var unchanged = await app.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var head = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/workflows"));
        Assert.Equal((HttpStatusCode.OK, first.Header("ETag")), (head.StatusCode, head.Header("ETag")));
    }

    private static List<string> Ids(IEnumerable<JsonElement> pages) => [.. pages.SelectMany(page => page.GetProperty("value").EnumerateArray()).Select(summary => summary.Text("id"))];
}
