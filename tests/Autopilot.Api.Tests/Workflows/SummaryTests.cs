using System.Net;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Tests.Workflows;

public sealed class SummaryTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Before_the_first_read_there_is_a_summary_without_a_state()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        using var response = await app.GetAsync("/api/workflows/w1");
        var summary = await response.JsonAsync();
        Assert.Equal(("w1", "Unknown", 0L), (summary.Text("id"), summary.Text("assessment"), summary.GetProperty("sequence").GetInt64()));
        Assert.Equal((ApiApp.Cluster, ApiApp.Project), (summary.Text("clusterId"), summary.Text("projectId")));
        Assert.True(summary.GetProperty("tracked").GetBoolean());
        Assert.Empty(summary.GetProperty("tasks").EnumerateArray());
        Assert.False(summary.TryGetProperty("phase", out _));
        Assert.NotEqual("", summary.Text("headline"));
        Assert.Equal(0, app.Upstream.Reads);
    }

    [Fact]
    public async Task A_running_workflow_shows_its_task_as_the_contract_spells_it()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        using var response = await app.GetAsync("/api/workflows/w1");
        var summary = await response.JsonAsync();

        Assert.Equal(
            ("Running", "Progressing", "2026-11-23T07:00:00.5Z", "2026-11-23T08:00:00Z"),
            (summary.Text("phase"), summary.Text("assessment"), summary.Text("createdAt"), summary.Text("observedAt"))
        );
        Assert.Equal(("v1.27.1-r0", "v1.28.6-r0"), (summary.Text("fromVersion"), summary.Text("targetVersion")));
        var blocking = summary.GetProperty("blockingTask");
        Assert.Equal(
            ("Cluster", "Running", "InProgress", "2026-11-23T07:30:00.25Z"),
            (blocking.Text("type"), blocking.Text("status"), blocking.Text("reason"), blocking.Text("since"))
        );
        var task = Assert.Single(summary.GetProperty("tasks").EnumerateArray(), task => task.Text("type") == "Cluster");
        Assert.Equal(1799.75, task.GetProperty("durationSeconds").GetDouble());
        Assert.False(task.TryGetProperty("endedAt", out _));
        Assert.DoesNotContain("null", summary.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_workflow_is_404_and_says_how_to_track_it()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.GetAsync("/api/workflows/W9");
        Assert.Contains("PUT /api/workflows/w9", await response.ProblemAsync(404, "WorkflowNotFound"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_are_compared_in_lower_case()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("C271E39E-1a6e");
        Assert.Equal("c271e39e-1a6e", (await app.GetJsonAsync("/api/workflows/c271e39e-1A6E")).Text("id"));
    }

    [Fact]
    public async Task Head_has_the_headers_of_get_and_no_body()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        using var get = await app.GetAsync("/api/workflows/w1");
        using var host = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/workflows/w1"));
        Assert.Equal(HttpStatusCode.OK, host.StatusCode);
        Assert.Empty(await host.Content.ReadAsByteArrayAsync());
        Assert.Equal((await get.Content.ReadAsByteArrayAsync()).Length, host.Content.Headers.ContentLength);
        foreach (
            var name in new[]
            {
                "ETag",
                "Cache-Control",
                "Retry-After",
                "Content-Type",
                "X-Content-Type-Options",
                "Referrer-Policy",
                "Content-Security-Policy",
            }
        )
        {
            Assert.Equal((name, get.Header(name) ?? "missing"), (name, host.Header(name)));
        }
    }

    [Fact]
    public async Task A_reader_who_has_it_already_gets_304_until_it_changes()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        using var first = await app.GetAsync("/api/workflows/w1");
        var tag = first.Header("ETag")!;

        foreach (var known in new[] { tag, $"W/{tag}", $"\"other\", {tag}", "*" })
        {
            using var again = await GetIfNoneMatchAsync(app, known);
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
            Assert.Equal((tag, "private, no-cache"), (again.Header("ETag"), again.Header("Cache-Control")));
            Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        }

        using var other = await GetIfNoneMatchAsync(app, "\"other\"");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        app.Upstream.Says(Upstream.Failed);
        await app.PollAsync("w1");
        using var changed = await GetIfNoneMatchAsync(app, tag);
        Assert.Equal("Blocked", (await changed.JsonAsync()).Text("assessment"));
        Assert.NotEqual(tag, changed.Header("ETag"));
    }

    [Fact]
    public async Task Turning_stale_changes_the_tag()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        using var fresh = await app.GetAsync("/api/workflows/w1");
        Assert.False((await fresh.JsonAsync()).GetProperty("stale").GetBoolean());
        app.Clock.Advance(TimeSpan.FromMinutes(3) + TimeSpan.FromSeconds(1));
        using var stale = await GetIfNoneMatchAsync(app, fresh.Header("ETag")!);
        Assert.True((await stale.JsonAsync()).GetProperty("stale").GetBoolean());
    }

    [Fact]
    public async Task Retry_after_is_the_whole_seconds_to_the_next_poll_and_at_least_one()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        using var polled = await app.PostAsync("/api/workflows/w1/poll");
        // A tick of a minute less half a tick.
        Assert.Equal("30", polled.Header("Retry-After"));
        app.Clock.Advance(TimeSpan.FromSeconds(10.5));
        using var later = await app.GetAsync("/api/workflows/w1");
        Assert.Equal("20", later.Header("Retry-After"));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using var overdue = await app.GetAsync("/api/workflows/w1");
        Assert.Equal("1", overdue.Header("Retry-After"));
    }

    [Fact]
    public async Task A_finished_workflow_may_be_kept_for_an_hour_and_is_not_asked_for_again()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Says(Upstream.Done);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        using var response = await app.GetAsync("/api/workflows/w1");
        var summary = await response.JsonAsync();
        Assert.Equal(("Completed", "2026-11-23T07:50:00Z"), (summary.Text("assessment"), summary.Text("endedAt")));
        Assert.Equal(("private, max-age=3600", (string?)null), (response.Header("Cache-Control"), response.Header("Retry-After")));
        using var again = await GetIfNoneMatchAsync(app, response.Header("ETag")!);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task Sixteen_readers_at_once_get_the_same_bytes()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        var bodies = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => app.Client.GetStringAsync("/api/workflows/w1")));
        Assert.Single(bodies.Distinct());
    }

    [Fact]
    public async Task Names_in_any_script_come_back_as_they_were_given()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var put = await app.PutAsync("w1", $$"""{"clusterId":"{{ApiApp.Cluster}}","clusterName":"生产-Müller's \"main\""}""");
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        using var response = await app.GetAsync("/api/workflows/w1");
        Assert.Contains("生产-Müller's", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("生产-Müller's \"main\"", (await app.GetJsonAsync("/api/workflows/w1")).Text("clusterName"));
    }

    [Fact]
    public async Task A_workflow_that_is_being_purged_is_not_found()
    {
        var purging = new TrackedWorkflow
        {
            Target = ApiApp.Target("w1"),
            Purging = true,
            Tracked = false,
        };
        await using var app = await ApiApp.StartAsync(new StoreDouble { Finds = purging });
        foreach (var path in new[] { "/api/workflows/w1", "/api/workflows/w1/history", "/api/workflows/w1/history/1" })
        {
            using var response = await app.GetAsync(path);
            await response.ProblemAsync(404, "WorkflowNotFound");
        }
    }

    private static Task<HttpResponseMessage> GetIfNoneMatchAsync(ApiApp app, string tags)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/workflows/w1");
        request.Headers.Add("If-None-Match", tags);
        return app.Client.SendAsync(request);
    }
}
