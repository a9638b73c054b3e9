using System.Net;
using System.Text.Json;
using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Tests.Workflows;

public sealed class ListTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_fresh_app_has_an_empty_list_without_a_link()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        var page = await app.GetJsonAsync("/api/workflows");
        Assert.Equal(
            """{"value":[],"counts":{"Blocked":0,"Stalled":0,"Gone":0,"Waiting":0,"Slow":0,"Unknown":0,"NotStarted":0,"RollingBack":0,"Progressing":0}}""",
            page.GetRawText()
        );
    }

    [Fact]
    public async Task Active_workflows_come_before_finished_ones()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        foreach (var id in new[] { "w1", "w2", "w3", "w4", "w5", "w6" })
        {
            await app.TrackAsync(id);
        }

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
        {
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        }

        using (var put = await app.PutAsync("named", """{"clusterId":"c8","clusterName":"shop"}"""))
        {
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        }

        await app.PollAsync("run");
        app.Upstream.Says(Upstream.Failed);
        await app.PollAsync("fail");
        app.Upstream.Says(Upstream.Done);
        await app.PollAsync("done");

        foreach (
            var (query, expected) in new (string, string[])[]
            {
                ("assessment=Blocked", ["fail"]),
                ("assessment=blocked", ["fail"]),
                ("assessment=Unknown", ["elsewhere", "named"]),
                ("assessment=Stalled", []),
                ("phase=Running", ["run"]),
                ("phase=Never%20Heard%20Of%27s", []),
                ("clusterId=OTHER-CLUSTER", ["fail"]),
                ($"clusterId={ApiApp.Cluster}", ["done", "run"]),
                ($"cluster={ApiApp.Cluster.ToUpperInvariant()}", ["done", "run"]),
                ("cluster=no%20such%20name", []),
                ("cluster=shop", ["named"]),
                ("projectId=P9", ["elsewhere"]),
                ("active=true", ["elsewhere", "fail", "named", "run"]),
                ("active=FALSE", ["done"]),
                ($"clusterId={ApiApp.Cluster}&active=true&phase=Running&assessment=Progressing", ["run"]),
                ("code=key&clientId=id&_=1&utm_source=mail", ["done", "elsewhere", "fail", "named", "run"]),
                ("assessment=Blocked,unknown", ["elsewhere", "fail", "named"]),
                ("assessment=Blocked&assessment=Progressing", ["fail", "run"]),
                ("assessment=Completed,%20Blocked&assessment=Blocked", ["done", "fail"]),
                ("phase=Running,Pending", ["fail", "run"]),
                ("phase=Success&phase=Running&active=false", ["done"]),
                ("cluster=shop,other-cluster", ["fail", "named"]),
                ("cluster=shop&cluster=c9&cluster=C8", ["elsewhere", "named"]),
                ("cluster=a,b,d,e,f,shop,OTHER-cluster", ["fail", "named"]),
                ("assessment=Blocked,Unknown&phase=Pending&cluster=other-cluster,shop", ["fail"]),
            }
        )
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
        await Parallel.ForEachAsync(
            expected,
            async (id, _) =>
                await app.TrackAsync(
                    id,
                    int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture) % 5 == 0 ? "every-fifth" : ApiApp.Cluster
                )
        );
        foreach (
            var (query, matching) in new (string, int)[]
            {
                ("maxpagesize=7", 250),
                ("maxpagesize=100", 250),
                ("", 250),
                ("maxpagesize=1000", 250),
                ("maxpagesize=9&clusterId=every-fifth&active=true&assessment=unknown", 50),
                ("maxpagesize=50&assessment=Gone", 0),
            }
        )
        {
            var pages = await app.PagesAsync($"/api/workflows?{query}&code=s3cret-key&format=json");
            var size = query.StartsWith("maxpagesize=", StringComparison.Ordinal)
                ? int.Parse(query[12..].Split('&')[0], System.Globalization.CultureInfo.InvariantCulture)
                : 100;
            var ids = Ids(pages);
            Assert.Equal(matching, ids.Count);
            Assert.Equal(matching, ids.Distinct().Count());
            Assert.Equal(Math.Max(1, (matching + size - 1) / size), pages.Count);
            Assert.All(pages.SkipLast(1), page => Assert.Equal(size, page.GetProperty("value").GetArrayLength()));
            foreach (var page in pages.SkipLast(1))
            {
                var link = page.Text("nextLink");
                Assert.StartsWith("/api/workflows?", link, StringComparison.Ordinal);
                Assert.DoesNotContain("s3cret", link, StringComparison.Ordinal);
                Assert.DoesNotContain("code=", link, StringComparison.Ordinal);
                Assert.Contains("format=json", link, StringComparison.Ordinal);
                foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
                {
                    Assert.Contains(part, link, StringComparison.OrdinalIgnoreCase);
                }
            }

            Assert.False(pages[^1].TryGetProperty("nextLink", out _));
        }
    }

    [Fact]
    public async Task Workflows_that_need_a_person_come_first_and_counts_ignore_the_assessment_filter()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        foreach (var id in new[] { "a-runs", "b-fails", "c-new", "d-stopped", "e-done" })
        {
            await app.TrackAsync(id);
        }

        await app.PollAsync("a-runs");
        app.Upstream.Says(Upstream.Failed);
        await app.PollAsync("b-fails");
        await app.PollAsync("d-stopped");
        Assert.Equal(HttpStatusCode.NoContent, (await app.Client.DeleteAsync("/api/workflows/d-stopped")).StatusCode);
        app.Upstream.Says(Upstream.Done);
        await app.PollAsync("e-done");

        var page = await app.GetJsonAsync("/api/workflows");
        Assert.Equal(["b-fails", "c-new", "a-runs", "d-stopped", "e-done"], Ids([page]));
        const string Counts =
            """{"Blocked":1,"Stalled":0,"Gone":0,"Waiting":0,"Slow":0,"Unknown":1,"NotStarted":0,"RollingBack":0,"Progressing":1}""";
        Assert.Equal(Counts, page.GetProperty("counts").GetRawText());
        Assert.Equal(Counts, (await app.GetJsonAsync("/api/workflows?assessment=Waiting")).GetProperty("counts").GetRawText());
        Assert.Equal(Counts, (await app.GetJsonAsync("/api/workflows?maxpagesize=1")).GetProperty("counts").GetRawText());

        foreach (var format in new[] { "text", "markdown", "card" })
        {
            var form = await app.Client.GetStringAsync(new Uri($"/api/workflows?format={format}&assessment=Blocked", UriKind.Relative));
            Assert.Contains(
                "3 active upgrades in all: 1 Blocked, 1 Unknown, 1 Progressing; listed: Blocked",
                form,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task A_link_carries_every_value_of_a_filter()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        foreach (var id in new[] { "w1", "w2", "w3" })
        {
            await app.TrackAsync(id, $"c-{id}");
        }

        var pages = await app.PagesAsync("/api/workflows?maxpagesize=1&cluster=c-w3&cluster=c-w1&assessment=Unknown,Blocked");

        Assert.Equal(["w1", "w3"], Ids(pages).Order(StringComparer.Ordinal));
        Assert.Contains("cluster=c-w1,c-w3&", pages[0].Text("nextLink"), StringComparison.Ordinal);
        using var other = await app.GetAsync(pages[0].Text("nextLink").Replace(",c-w3", "", StringComparison.Ordinal));
        Assert.Contains("nextLink", await other.ProblemAsync(400, "InvalidParameter"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orderBy=createdAt", "createdAt")]
    [InlineData("orderBy=createdAt%20desc&maxpagesize=2", "createdAt desc")]
    [InlineData("orderBy=CLUSTER+desc&maxpagesize=1", "cluster desc")]
    public async Task An_order_is_kept_over_pages_and_stands_in_the_link(string query, string order)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        foreach (var (n, id) in new[] { "w1", "w2", "w3" }.Index())
        {
            await app.TrackAsync(id, $"c{n}");
        }

        var pages = await app.PagesAsync($"/api/workflows?{query}");
        Assert.Equal(order.StartsWith("cluster", StringComparison.Ordinal) ? ["w3", "w2", "w1"] : ["w1", "w2", "w3"], Ids(pages));
        Assert.All(
            pages.SkipLast(1),
            page => Assert.Contains($"orderBy={Uri.EscapeDataString(order)}&", page.Text("nextLink"), StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("orderBy=age", "'orderBy' must be one of need, since, since desc")]
    [InlineData("orderBy=need%20desc", "'orderBy' must be")]
    [InlineData("orderBy=", "'orderBy' must be")]
    [InlineData("cluster=", "'cluster' must be")]
    [InlineData("cluster=a,,b", "'cluster' must be")]
    [InlineData("phase=Running,", "'phase' must be")]
    [InlineData("assessment=Blocked,", "'assessment' must be one of")]
    public async Task What_cannot_be_asked_is_refused(string query, string said)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.GetAsync($"/api/workflows?{query}");
        Assert.Contains(said, await response.ProblemAsync(400, "InvalidParameter"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_would_be_too_large_is_short_says_so_and_continues()
    {
        // Each of them has 60 KiB of failures.
        var failure = new TaskFailure
        {
            Type = UpgradeTaskType.Cluster,
            TaskId = "t",
            StartedAt = ApiApp.Now,
            Details = [.. Enumerable.Range(0, 50).Select(i => new FailureDetail { Name = $"item {i}", Message = new string('x', 1200) })],
        };
        var rows = Enumerable
            .Range(0, 300)
            .Select(i => new TrackedWorkflow
            {
                Target = ApiApp.Target($"w{i:000}"),
                ObservedAt = ApiApp.Now,
                State = new UpgradeWorkflow
                {
                    Phase = WorkflowPhase.From("Pending"),
                    Tasks =
                    [
                        new UpgradeTask
                        {
                            Type = UpgradeTaskType.Cluster,
                            TaskId = "t",
                            Status = UpgradeTaskStatus.Failed,
                            StartedAt = ApiApp.Now,
                            EndedAt = ApiApp.Now,
                        },
                    ],
                },
                TaskFailures = [failure],
            });
        await using var app = await ApiApp.StartAsync(new ListStoreInMemory { Rows = [.. rows] });

        var pages = await app.PagesAsync("/api/workflows?maxpagesize=1000");

        Assert.InRange(pages.Count, 2, 5);
        Assert.All(pages.SkipLast(1), page => Assert.Equal("Size", page.Text("partial")));
        Assert.All(pages, page => Assert.InRange(page.GetRawText().Length, 1, ListLimits.Bytes + 4096));
        Assert.False(pages[^1].TryGetProperty("partial", out _));
        Assert.Equal(rows.Select(row => row.Target.WorkflowId), Ids(pages));
    }

    [Fact]
    public async Task Forms_for_people_are_whole_up_to_200_and_then_say_how_many_more()
    {
        ListStoreInMemory store = new()
        {
            Rows = [.. Enumerable.Range(0, 257).Select(i => new TrackedWorkflow { Target = ApiApp.Target($"w{i:000}") })],
            Unreadable = 2,
        };
        await using var app = await ApiApp.StartAsync(store);

        foreach (var format in new[] { "text", "markdown" })
        {
            var form = await app.Client.GetStringAsync(new Uri($"/api/workflows?format={format}", UriKind.Relative));
            Assert.Contains("w199", form, StringComparison.Ordinal);
            Assert.DoesNotContain("w200", form, StringComparison.Ordinal);
            Assert.Contains("57 more", form, StringComparison.Ordinal);
            Assert.Contains("/api/workflows?format=", form, StringComparison.Ordinal);
            Assert.Contains("2 stored upgrades cannot be read", form, StringComparison.Ordinal);
        }

        Assert.Equal(2, (await app.GetJsonAsync("/api/workflows")).GetProperty("unreadable").GetInt32());
        Assert.Contains(
            "w256",
            await app.Client.GetStringAsync(new Uri("/api/workflows?format=text&maxpagesize=257", UriKind.Relative)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("AAAA")]
    [InlineData("%00%FF")]
    public async Task A_forged_token_is_rejected(string token)
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
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/workflows")
        {
            Headers = { { "If-None-Match", first.Header("ETag") } },
        };
        using var unchanged = await app.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var host = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/workflows"));
        Assert.Equal((HttpStatusCode.OK, first.Header("ETag")), (host.StatusCode, host.Header("ETag")));
    }

    private static List<string> Ids(IEnumerable<JsonElement> pages) =>
        [.. pages.SelectMany(page => page.GetProperty("value").EnumerateArray()).Select(summary => summary.Text("id"))];
}
