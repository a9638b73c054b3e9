using System.Net;
using System.Text;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Upstream;

namespace Autopilot.Api.Tests.Clusters;

public sealed class ClusterTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Put_of_a_cluster_is_201_then_200_and_the_next_cycle_finds_its_upgrade()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var created = await app.PutToAsync("/api/clusters/C1", null);
        var first = await created.JsonAsync();
        Assert.Equal((HttpStatusCode.Created, "/api/clusters/c1"), (created.StatusCode, created.Header("Location")));
        Assert.Equal(
            ("c1", ApiApp.Project, "Person", "2026-11-23T08:00:00Z", false),
            (
                first.Text("id"),
                first.Text("projectId"),
                first.Text("origin"),
                first.Text("trackedAt"),
                first.GetProperty("stale").GetBoolean()
            )
        );
        Assert.False(
            first.TryGetProperty("discoveredAt", out _)
                || first.TryGetProperty("workflows", out _)
                || first.TryGetProperty("currentUpgrade", out _)
                || first.TryGetProperty("failure", out _)
        );
        using var repeated = await app.PutToAsync("/api/clusters/c1", "{}");
        Assert.Equal(HttpStatusCode.OK, repeated.StatusCode);

        app.Upstream.Lists = _ => [Upstream.Running(new("p", "c1", "w1")), Upstream.Done(new("p", "c1", "w0"))];
        using var polled = await app.PostAsync("/api/poll");
        var cycle = await polled.JsonAsync();
        Assert.Equal(
            (1, 1, 1, 0),
            (
                cycle.GetProperty("discovered").GetInt32(),
                cycle.GetProperty("recorded").GetInt32(),
                cycle.GetProperty("clusters").GetInt32(),
                cycle.GetProperty("clustersFailed").GetInt32()
            )
        );

        var cluster = await app.GetJsonAsync("/api/clusters/c1");
        Assert.Equal(
            ("name of c1", 2, "2026-11-23T08:00:00Z"),
            (cluster.Text("clusterName"), cluster.GetProperty("workflows").GetInt32(), cluster.Text("discoveredAt"))
        );
        var upgrade = cluster.GetProperty("currentUpgrade");
        Assert.Equal((await app.GetJsonAsync("/api/workflows/w1")).GetRawText(), upgrade.GetRawText());
        Assert.Equal(("name of c1", "Progressing"), (upgrade.Text("clusterName"), upgrade.Text("assessment")));

        var recorded = await app.GetJsonAsync("/api/workflows/w0");
        Assert.Equal(("Completed", false), (recorded.Text("assessment"), recorded.GetProperty("seenLive").GetBoolean()));
        Assert.False(upgrade.TryGetProperty("seenLive", out _));
        Assert.Equal(1, (await app.GetJsonAsync("/api/workflows/w0/history")).GetProperty("value").GetArrayLength());
    }

    [Fact]
    public async Task A_current_upgrade_that_was_untracked_or_has_ended_is_none()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        (await app.PutToAsync("/api/clusters/c1", null)).Dispose();
        app.Upstream.Lists = _ => [Upstream.Running(new("p", "c1", "w1"))];
        (await app.PostAsync("/api/poll")).Dispose();
        Assert.True((await app.GetJsonAsync("/api/clusters/c1")).TryGetProperty("currentUpgrade", out _));
        app.Upstream.Says(Upstream.Done);
        await app.PollAsync("w1");
        Assert.False((await app.GetJsonAsync("/api/clusters/c1")).TryGetProperty("currentUpgrade", out _));
    }

    [Fact]
    public async Task Deleting_a_cluster_ends_discovery_and_leaves_its_workflows_tracked()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        (await app.PutToAsync("/api/clusters/c1", null)).Dispose();
        app.Upstream.Lists = _ => [Upstream.Running(new("p", "c1", "w1"))];
        (await app.PostAsync("/api/poll")).Dispose();
        using (var deleted = await app.Client.DeleteAsync("/api/clusters/c1"))
        {
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        using (var again = await app.Client.DeleteAsync("/api/clusters/c1"))
        {
            await again.ProblemAsync(404, "ClusterNotFound");
        }

        using (var gone = await app.GetAsync("/api/clusters/c1"))
        {
            Assert.Contains("PUT /api/clusters/c1", await gone.ProblemAsync(404, "ClusterNotFound"), StringComparison.Ordinal);
        }

        app.Upstream.Lists = _ => [Upstream.Running(new("p", "c1", "w2"))];
        using var polled = await app.PostAsync("/api/poll");
        Assert.Equal(0, (await polled.JsonAsync()).GetProperty("discovered").GetInt32());
        Assert.True((await app.GetJsonAsync("/api/workflows/w1")).GetProperty("tracked").GetBoolean());
        using var anew = await app.PutToAsync("/api/clusters/c1", null);
        Assert.Equal(HttpStatusCode.Created, anew.StatusCode);
    }

    [Fact]
    public async Task A_cluster_that_cannot_be_listed_says_why_and_becomes_stale()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        (await app.PutToAsync("/api/clusters/c1", """{"clusterName":"ours"}""")).Dispose();
        app.Upstream.Lists = _ =>
            throw new UpstreamException(UpstreamFailure.Denied, "Upstream denies reading this cluster.") { Code = "CCE.01403001" };
        using (var polled = await app.PostAsync("/api/poll"))
        {
            Assert.Equal(1, (await polled.JsonAsync()).GetProperty("clustersFailed").GetInt32());
        }

        var cluster = await app.GetJsonAsync("/api/clusters/c1");
        Assert.Equal(
            """{"kind":"Denied","code":"CCE.01403001","message":"Upstream denies reading this cluster.","since":"2026-11-23T08:00:00Z","count":1}""",
            cluster.GetProperty("failure").GetRawText()
        );
        Assert.Equal(("ours", false), (cluster.Text("clusterName"), cluster.GetProperty("stale").GetBoolean()));
        app.Clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(1));
        Assert.True((await app.GetJsonAsync("/api/clusters/c1")).GetProperty("stale").GetBoolean());
    }

    [Fact]
    public async Task A_cluster_has_an_etag_that_changes_with_what_it_shows()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        (await app.PutToAsync("/api/clusters/c1", null)).Dispose();
        using var first = await app.GetAsync("/api/clusters/c1");
        using var conditional = new HttpRequestMessage(HttpMethod.Get, "/api/clusters/c1");
        conditional.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using (var same = await app.Client.SendAsync(conditional))
        {
            Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        }

        (await app.PutToAsync("/api/clusters/c1", """{"clusterName":"ours"}""")).Dispose();
        using var changed = await app.GetAsync("/api/clusters/c1");
        Assert.NotEqual(first.Headers.ETag, changed.Headers.ETag);
    }

    [Fact]
    public async Task Clusters_are_listed_in_pages_and_by_project_with_their_upgrades()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        for (var i = 0; i < 9; i++)
        {
            (await app.PutToAsync($"/api/clusters/c{i}", i == 3 ? """{"projectId":"Other"}""" : "{}")).Dispose();
        }

        app.Upstream.Lists = cluster => [Upstream.Running(new("p", cluster, $"w-{cluster}"))];
        using (var polled = await app.PostAsync("/api/poll"))
        {
            Assert.Equal(9, (await polled.JsonAsync()).GetProperty("discovered").GetInt32());
        }

        var pages = await app.PagesAsync("/api/clusters?maxpagesize=2");
        var all = pages.SelectMany(page => page.GetProperty("value").EnumerateArray()).ToList();
        Assert.Equal(Enumerable.Range(0, 9).Select(i => $"c{i}"), all.Select(cluster => cluster.Text("id")).Order());
        Assert.All(all, cluster => Assert.Equal($"w-{cluster.Text("id")}", cluster.GetProperty("currentUpgrade").Text("id")));
        Assert.All(pages, page => Assert.InRange(page.GetProperty("value").GetArrayLength(), 0, 2));
        var other = Assert.Single(
            (await app.PagesAsync("/api/clusters?projectId=OTHER&maxpagesize=1000")).SelectMany(page =>
                page.GetProperty("value").EnumerateArray()
            )
        );
        Assert.Equal(("c3", "other"), (other.Text("id"), other.Text("projectId")));
    }

    [Theory]
    [InlineData("GET", "/api/clusters/a%20b", null, "InvalidClusterId")]
    [InlineData("PUT", "/api/clusters/a%2Fb", null, "InvalidClusterId")]
    [InlineData("DELETE", "/api/clusters/a%7Cb", null, "InvalidClusterId")]
    [InlineData("PUT", "/api/clusters/c1", "no json", "InvalidBody")]
    [InlineData("PUT", "/api/clusters/c1", "[]", "InvalidBody")]
    [InlineData("PUT", "/api/clusters/c1", """{"clusterId":"c1"}""", "InvalidBody")]
    [InlineData("PUT", "/api/clusters/c1", """{"projectId":"a/b"}""", "InvalidBody")]
    [InlineData("PUT", "/api/clusters/c1", """{"projectId":7}""", "InvalidBody")]
    [InlineData("PUT", "/api/clusters/c1", """{"clusterName":""}""", "InvalidBody")]
    [InlineData("PUT", "/api/clusters/c1", """{"clusterName":"a\nb"}""", "InvalidBody")]
    [InlineData("GET", "/api/clusters?projectId=a/b", null, "InvalidParameter")]
    [InlineData("GET", "/api/clusters?maxpagesize=0", null, "InvalidParameter")]
    [InlineData("GET", "/api/clusters?continuationToken=nonsense", null, "InvalidParameter")]
    [InlineData("GET", "/api/projects/a_b", null, "InvalidProjectId")]
    [InlineData("PUT", "/api/projects/a_b", null, "InvalidProjectId")]
    [InlineData("DELETE", "/api/projects/a_b", null, "InvalidProjectId")]
    [InlineData("PUT", "/api/projects/p1", """{"clusterName":"x"}""", "InvalidBody")]
    [InlineData("GET", "/api/projects?maxpagesize=1001", null, "InvalidParameter")]
    public async Task What_is_wrong_is_named_and_stores_nothing(string method, string path, string? body, string code)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using var response = await app.Client.SendAsync(request);
        await response.ProblemAsync(400, code);
        Assert.Empty((await app.GetJsonAsync("/api/clusters?maxpagesize=1000")).GetProperty("value").EnumerateArray());
        Assert.Empty((await app.GetJsonAsync("/api/projects?maxpagesize=1000")).GetProperty("value").EnumerateArray());
    }

    [Fact]
    public async Task A_body_of_another_type_is_415_and_a_missing_project_is_named()
    {
        await using var app = await ApiApp.StartAsync(azurite, defaultProject: null);
        using var text = await app.Client.PutAsync("/api/clusters/c1", new StringContent("{}", Encoding.UTF8, "text/plain"));
        await text.ProblemAsync(415, "InvalidBody");
        using var missing = await app.PutToAsync("/api/clusters/c1", null);
        Assert.Contains("Cce:ProjectId", await missing.ProblemAsync(400, "InvalidBody"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_brings_its_clusters_and_takes_them_along()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Clusters = [new ListedCluster("c1", "one"), new ListedCluster("c2", null)];
        using (var created = await app.PutToAsync("/api/projects/P1", null))
        {
            Assert.Equal((HttpStatusCode.Created, "/api/projects/p1"), (created.StatusCode, created.Header("Location")));
        }

        using (var repeated = await app.PutToAsync("/api/projects/p1", "{}"))
        {
            Assert.Equal(HttpStatusCode.OK, repeated.StatusCode);
        }

        (await app.PostAsync("/api/poll")).Dispose();

        var project = await app.GetJsonAsync("/api/projects/p1");
        Assert.Equal(
            ("p1", "Person", 2, "2026-11-23T08:00:00Z"),
            (project.Text("id"), project.Text("origin"), project.GetProperty("clusters").GetInt32(), project.Text("discoveredAt"))
        );
        Assert.Equal(
            project.GetRawText(),
            Assert
                .Single((await app.PagesAsync("/api/projects")).SelectMany(page => page.GetProperty("value").EnumerateArray()))
                .GetRawText()
        );
        var cluster = await app.GetJsonAsync("/api/clusters/c1");
        Assert.Equal(("one", "p1", "Project"), (cluster.Text("clusterName"), cluster.Text("projectId"), cluster.Text("origin")));

        // What a person deleted does not come back by the project.
        (await app.Client.DeleteAsync("/api/clusters/c2")).Dispose();
        app.Clock.Advance(TimeSpan.FromHours(1));
        (await app.PostAsync("/api/poll")).Dispose();
        using (var deleted = await app.GetAsync("/api/clusters/c2"))
        {
            await deleted.ProblemAsync(404, "ClusterNotFound");
        }

        using (var ended = await app.Client.DeleteAsync("/api/projects/p1"))
        {
            Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        }

        using (var gone = await app.GetAsync("/api/projects/p1"))
        {
            await gone.ProblemAsync(404, "ProjectNotFound");
        }

        using var cluster1 = await app.GetAsync("/api/clusters/c1");
        await cluster1.ProblemAsync(404, "ClusterNotFound");
        using var again = await app.Client.DeleteAsync("/api/projects/p1");
        await again.ProblemAsync(404, "ProjectNotFound");
    }

    [Fact]
    public async Task Methods_that_clusters_do_not_have_name_those_they_have()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.PostAsync("/api/clusters/c1");
        await response.ProblemAsync(405, "MethodNotAllowed");
        Assert.Equal("DELETE, GET, HEAD, PUT", string.Join(", ", response.Content.Headers.Allow.Order(StringComparer.Ordinal)));
    }
}
