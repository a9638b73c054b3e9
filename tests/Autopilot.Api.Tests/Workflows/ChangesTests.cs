using System.Net;
using System.Text.Json;

namespace Autopilot.Api.Tests.Workflows;

/// <summary>What changed over the fleet, and the forms of changes for people.</summary>
public sealed class ChangesTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Changes_of_all_workflows_come_newest_first_with_their_clusters()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);

        var page = await app.GetJsonAsync("/api/changes?since=2026-11-23T08:05:00Z");

        Assert.Equal("2026-11-23T08:05:00Z", page.Text("since"));
        Assert.Equal(
            ["w3 3 Completed", "w2 2 Blocked", "w3 2 Blocked"],
            Lines([page]).Select(line => $"{line.Text("workflowId")} {line.GetProperty("sequence")} {line.Text("assessment")}")
        );
        var change = Lines([page])[1];
        Assert.Equal(
            ("kiosk", "c2", ApiApp.Project, "v1.28.6-r0"),
            (change.Text("clusterName"), change.Text("clusterId"), change.Text("projectId"), change.Text("targetVersion"))
        );
        Assert.Contains(change.GetProperty("changes").EnumerateArray(), one => one.Text("what") == "phase" && one.Text("to") == "Pending");
        Assert.False(page.TryGetProperty("nextLink", out _));
    }

    [Fact]
    public async Task Without_since_it_is_the_last_day_and_pages_visit_each_change_once()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);
        foreach (var size in new[] { 1, 2, 5, 100 })
        {
            var lines = Lines(await app.PagesAsync($"/api/changes?maxpagesize={size}"))
                .Select(line => $"{line.Text("workflowId")} {line.GetProperty("sequence")}")
                .ToList();
            Assert.Equal(["w1 1", "w2 1", "w2 2", "w3 1", "w3 2", "w3 3"], lines.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("assessment=Blocked", "w2 w2")]
    [InlineData("assessment=Blocked,Progressing", "w1 w2 w2")]
    [InlineData("cluster=KIOSK", "w2 w2")]
    [InlineData("clusterId=c1", "w1")]
    [InlineData("active=false", "w3 w3 w3")]
    [InlineData("active=true", "w1 w2 w2")]
    [InlineData("phase=Success", "w3 w3 w3")]
    [InlineData("projectId=other", "")]
    public async Task Filters_are_those_of_the_list(string query, string expected)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);
        Assert.Equal(
            expected,
            string.Join(
                ' ',
                Lines(await app.PagesAsync($"/api/changes?{query}")).Select(line => line.Text("workflowId")).Order(StringComparer.Ordinal)
            )
        );
    }

    [Theory]
    [InlineData("since=yesterday", "RFC 3339")]
    [InlineData("since=2026-10-01", "at most 31 days ago")]
    [InlineData("from=2026-11-23", "'from' is not a parameter of this operation")]
    [InlineData("continuationToken=AAAA", "nextLink")]
    [InlineData("assessment=Fine", "'assessment' must be one of")]
    public async Task What_cannot_be_asked_is_refused(string query, string said)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.GetAsync($"/api/changes?{query}");
        Assert.Contains(said, await response.ProblemAsync(400, "InvalidParameter"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forms_for_people_say_what_changed_and_where()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);
        var text = await app.Client.GetStringAsync(new Uri("/api/changes?format=text&since=2026-11-23T08:05:00Z", UriKind.Relative));
        Assert.StartsWith("Changes since 2026-11-23 08:05 UTC, newest first: 3.\n", text, StringComparison.Ordinal);
        Assert.Contains("2026-11-23 08:10 UTC Blocked     kiosk", text, StringComparison.Ordinal);
        Assert.Contains("workflow phase: Running → Pending", text, StringComparison.Ordinal);
        var markdown = await app.Client.GetStringAsync(
            new Uri("/api/changes?format=markdown&since=2026-11-23T08:05:00Z", UriKind.Relative)
        );
        Assert.Contains("| Observed | Assessment | Cluster | Changes | Workflow | State |", markdown, StringComparison.Ordinal);
        Assert.Contains("| kiosk |", markdown, StringComparison.Ordinal);

        var history = await app.Client.GetStringAsync(new Uri("/api/workflows/kiosk/history?format=text", UriKind.Relative));
        Assert.StartsWith("History of upgrade workflow w2 of cluster kiosk, newest first.\n", history, StringComparison.Ordinal);
        Assert.Contains("state 2, phase Pending", history, StringComparison.Ordinal);
        var table = await app.Client.GetStringAsync(new Uri("/api/workflows/w2/history?format=markdown", UriKind.Relative));
        Assert.Contains("| Observed | Assessment | Phase | Changes | State |", table, StringComparison.Ordinal);
        Assert.All(text.Split('\n').Concat(history.Split('\n')), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public async Task An_empty_time_is_said_to_be_one()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        Assert.Empty(Lines([await app.GetJsonAsync("/api/changes")]));
        Assert.Contains(
            "No change was observed in this time.",
            await app.Client.GetStringAsync(new Uri("/api/changes?format=text", UriKind.Relative)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(null, null, "/api/")]
    [InlineData("https://autopilot.example.com/", null, "https://autopilot.example.com/api/")]
    [InlineData("https://example.com/autopilot", "app.azurewebsites.net", "https://example.com/autopilot/api/")]
    [InlineData(null, "app.azurewebsites.net", "https://app.azurewebsites.net/api/")]
    [InlineData(null, "localhost:7071", "http://localhost:7071/api/")]
    public async Task Links_in_forms_for_people_stand_on_one_line_and_use_the_public_address_if_set(string? url, string? host, string begin)
    {
        await using var app = await ApiApp.StartAsync(
            azurite,
            new Dictionary<string, string?> { ["Server:PublicUrl"] = url, ["WEBSITE_HOSTNAME"] = host },
            new NoSender()
        );
        await FillAsync(app);
        var since = "since=2026-11-23T07:00:00Z";
        foreach (
            var path in new[]
            {
                "/api/workflows?maxpagesize=1&cluster=shop,kiosk,single,nothing-of-this-name-is-known-here-at-all",
                $"/api/changes?maxpagesize=1&{since}",
                "/api/workflows/w3/history?maxpagesize=1&from=2026-11-01",
            }
        )
        {
            var next = begin + (await app.GetJsonAsync(path)).Text("nextLink")[5..];
            foreach (
                var format in path.StartsWith("/api/workflows?", StringComparison.Ordinal)
                    ? ["text", "markdown", "card"]
                    : new[] { "text", "markdown" }
            )
            {
                var form = await app.Client.GetStringAsync(new Uri($"{path}&format={format}", UriKind.Relative));
                var expected = next.Replace("continuationToken=", $"format={format}&continuationToken=", StringComparison.Ordinal);
                expected =
                    format == "card"
                        ? JsonEncodedText.Encode(expected, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString()
                        : expected;
                Assert.Contains(
                    form.Split('\n'),
                    line =>
                        line.Contains(expected, StringComparison.Ordinal)
                        || line.Replace("\\u0026", "&", StringComparison.Ordinal).Contains(expected, StringComparison.Ordinal)
                );
            }
        }
    }

    [Theory]
    [InlineData("autopilot.example.com")]
    [InlineData("ftp://example.com")]
    [InlineData("https://user:secret@example.com")]
    [InlineData("https://example.com/?code=secret")]
    public async Task A_public_address_that_is_none_is_refused_at_start(string url)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() =>
            ApiApp.StartAsync(azurite, new Dictionary<string, string?> { ["Server:PublicUrl"] = url }, new NoSender())
        );
        Assert.Contains("Server:PublicUrl must be an absolute address", failure.ToString(), StringComparison.Ordinal);
    }

    /// <summary>w1 runs, w2 failed ten minutes later, w3 failed and was completed.</summary>
    private static async Task FillAsync(ApiApp app)
    {
        foreach (var (id, cluster, name) in new[] { ("w1", "c1", "shop"), ("w2", "c2", "kiosk"), ("w3", "c3", "single") })
        {
            using var put = await app.PutAsync(id, $$"""{"clusterId":"{{cluster}}","clusterName":"{{name}}"}""");
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
            await app.PollAsync(id);
        }

        app.Clock.Advance(TimeSpan.FromMinutes(10));
        app.Upstream.Says(Upstream.Failed);
        await app.PollAsync("w2");
        await app.PollAsync("w3");
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        app.Upstream.Says(Upstream.Done);
        await app.PollAsync("w3");
    }

    private static List<JsonElement> Lines(IEnumerable<JsonElement> pages) =>
        [.. pages.SelectMany(page => page.GetProperty("value").EnumerateArray())];

    private sealed class NoSender : Core.Notifications.INotificationSender
    {
        public Task<Core.Notifications.SendResult> SendAsync(
            Core.Notifications.Webhook webhook,
            Core.Notifications.Notification notification,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();
    }
}
