using System.Net;
using System.Text;
using System.Text.Json;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Api.Tests.Clusters;

/// <summary>People know clusters by their names: everything that reads takes one in place of an id.</summary>
public sealed class ClusterNameTests(AzuriteFixture azurite)
{
    private static readonly string[] OfOne = ["", "/history", "/history/1", "/timeline", "/wait?until=moved&after=0"];

    [Fact]
    public async Task Every_route_of_a_workflow_that_reads_takes_the_name_of_its_cluster()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await TrackAsync(app, "w1", "c1", "Checkout-Jakarta_1.eu");
        await app.PollAsync("w1");
        foreach (var name in new[] { "Checkout-Jakarta_1.eu", "checkout-jakarta_1.EU" })
        {
            foreach (var end in OfOne)
            {
                using var byId = await app.GetAsync($"/api/workflows/w1{end}");
                using var byName = await app.GetAsync($"/api/workflows/{name}{end}");
                Assert.Equal((end, HttpStatusCode.OK, byId.Header("ETag")), (end, byName.StatusCode, byName.Header("ETag")));
            }

            Assert.Equal("w1", (await app.PollAsync(name)).Text("id"));
        }

        Assert.Equal(3, app.Upstream.Reads);
    }

    [Fact]
    public async Task The_link_of_a_history_continues_by_id()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await TrackAsync(app, "w1", "c1", "shop");
        await app.PollAsync("w1");
        app.Upstream.Says(Upstream.Failed);
        await app.PollAsync("shop");
        var pages = await app.PagesAsync("/api/workflows/shop/history?maxpagesize=1");
        Assert.Equal(2, pages.Count);
        Assert.StartsWith("/api/workflows/w1/history?", pages[0].Text("nextLink"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_stands_for_the_active_upgrade_and_then_for_the_last()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Says(Upstream.Done);
        await TrackAsync(app, "old", "c1", "shop");
        await app.PollAsync("old");
        Assert.Equal("old", (await app.GetJsonAsync("/api/workflows/shop")).Text("id"));

        app.Upstream.Says(Upstream.Running);
        await TrackAsync(app, "new", "c1", "shop");
        Assert.Equal("new", (await app.GetJsonAsync("/api/workflows/shop")).Text("id"));
        Assert.Equal(HttpStatusCode.NoContent, (await app.Client.DeleteAsync("/api/workflows/new?purge=true")).StatusCode);
        Assert.Equal("old", (await app.GetJsonAsync("/api/workflows/shop")).Text("id"));
    }

    [Fact]
    public async Task An_exact_id_wins_over_a_name()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await TrackAsync(app, "w1", "c1", "w2");
        await TrackAsync(app, "w2", "c2", "c1");
        Assert.Equal("w2", (await app.GetJsonAsync("/api/workflows/w2")).Text("id"));
        Assert.Equal(["w1"], await IdsAsync(app, "/api/workflows?cluster=c1"));
        Assert.Equal(["w1"], await IdsAsync(app, "/api/workflows?clusterId=c1"));
        Assert.Equal(["w1", "w2"], await IdsAsync(app, "/api/workflows?cluster=c1,c2"));
        using (var put = await app.PutToAsync("/api/clusters/c1", null))
        {
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        }

        using (var put = await app.PutToAsync("/api/clusters/c3", """{"clusterName":"c1"}"""))
        {
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        }

        Assert.Equal("c1", (await app.GetJsonAsync("/api/clusters/c1")).Text("id"));
    }

    [Theory]
    [InlineData("/api/workflows?cluster=nosuch")]
    [InlineData("/api/workflows?cluster=shop,nosuch")]
    [InlineData("/api/workflows?clusterId=nosuch&assessment=Blocked")]
    [InlineData("/api/changes?cluster=nosuch")]
    [InlineData("/api/reports/upgrades?cluster=nosuch")]
    [InlineData("/api/reports/upgrades?cluster=nosuch&active=true")]
    [InlineData("/api/reports/runs?cluster=nosuch")]
    [InlineData("/api/reports/outlook?cluster=nosuch")]
    public async Task Name_that_no_cluster_has_is_noted_in_every_form(string path)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await TrackAsync(app, "w1", "c1", "shop");
        await app.PollAsync("w1");

        const string Note = "No cluster with the name or id 'nosuch' is known here.";
        Assert.StartsWith(Note, (await app.GetJsonAsync(path)).Text("note"), StringComparison.Ordinal);
        string[] formats =
            path.Contains("runs", StringComparison.Ordinal) ? []
            : path.Contains("changes", StringComparison.Ordinal) ? ["markdown"]
            : ["markdown", "card"];
        foreach (var format in formats)
        {
            using var response = await app.GetAsync($"{path}&format={format}");
            Assert.Contains(
                "No cluster with the name or id",
                await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal
            );
        }

        Assert.False((await app.GetJsonAsync(path.Replace("nosuch", "shop", StringComparison.Ordinal))).TryGetProperty("note", out _));
    }

    [Fact]
    public async Task Id_that_no_cluster_has_is_noted_where_nothing_matches()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        var id = Guid.NewGuid().ToString();
        Assert.Equal(
            $"No cluster with the name or id '{id}' is known here.",
            (await app.GetJsonAsync($"/api/workflows?cluster={id}")).Text("note")
        );
    }

    [Fact]
    public async Task Phase_that_is_an_assessment_is_noted_where_nothing_matches()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await TrackAsync(app, "w1", "c1", "shop");
        await app.PollAsync("w1");
        Assert.Contains(
            "assessment=Blocked",
            (await app.GetJsonAsync("/api/workflows?phase=Blocked")).Text("note"),
            StringComparison.Ordinal
        );
        Assert.False((await app.GetJsonAsync("/api/workflows?phase=Success")).TryGetProperty("note", out _));
    }

    [Fact]
    public async Task A_name_of_several_clusters_is_409_and_names_them()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await TrackAsync(app, "w1", "c1", "twin");
        await TrackAsync(app, "w2", "c2", "TWIN");
        await TrackAsync(app, "w3", "c3", "single");
        string[] paths =
        [
            .. OfOne.Select(end => $"/api/workflows/Twin{end}"),
            "/api/clusters/twin",
            "/api/workflows?cluster=twin",
            "/api/workflows?cluster=single,twin",
            "/api/workflows?clusterId=twin",
            "/api/reports/upgrades?cluster=twin",
            "/api/reports/upgrades?clusterId=twin",
            "/api/reports/runs?cluster=twin&format=csv",
            "/api/reports/outlook?cluster=twin",
            "/api/reports/outlook?clusterId=twin",
        ];
        foreach (var path in paths)
        {
            using var response = await app.GetAsync(path);
            await AssertAmbiguousAsync(response);
        }

        using var poll = await app.PostAsync("/api/workflows/twin/poll");
        await AssertAmbiguousAsync(poll);
        Assert.Equal(0, app.Upstream.Reads);

        static async Task AssertAmbiguousAsync(HttpResponseMessage response)
        {
            var detail = await response.ProblemAsync(409, "AmbiguousCluster");
            Assert.Contains("c1 (upgrade w1), c2 (upgrade w2). Use the id instead.", detail, StringComparison.Ordinal);
            var candidates = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("candidates");
            Assert.Equal(
                $$"""[{"clusterId":"c1","projectId":"{{ApiApp.Project}}","clusterName":"twin","workflowId":"w1","active":true},{"clusterId":"c2","projectId":"{{ApiApp.Project}}","clusterName":"TWIN","workflowId":"w2","active":true}]""",
                candidates.GetRawText()
            );
        }
    }

    [Fact]
    public async Task Of_several_clusters_of_a_name_the_only_one_whose_upgrade_goes_on_is_meant()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Says(Upstream.Done);
        await TrackAsync(app, "w1", "c1", "shop");
        await app.PollAsync("w1");
        app.Upstream.Says(Upstream.Running);
        await TrackAsync(app, "w2", "c2", "shop");
        await app.PollAsync("w2");

        foreach (var end in OfOne)
        {
            using var response = await app.GetAsync($"/api/workflows/shop{end}");
            using var byId = await app.GetAsync($"/api/workflows/w2{end}");
            Assert.Equal((end, byId.Header("ETag"), "c1"), (end, response.Header("ETag"), response.Header("Autopilot-Other-Clusters")));
            Assert.Null(byId.Header("Autopilot-Other-Clusters"));
        }

        Assert.Equal("w2", (await app.PollAsync("shop")).Text("id"));
        using var cluster = await app.GetAsync("/api/clusters/shop");
        Assert.Contains("PUT /api/clusters/c2 begins that", await cluster.ProblemAsync(404, "ClusterNotFound"), StringComparison.Ordinal);
        // A list shows the upgrades of both, and figures are never made of two clusters.
        Assert.Equal(["w1", "w2"], await IdsAsync(app, "/api/workflows?cluster=shop"));
        Assert.Equal(["w2"], await IdsAsync(app, "/api/workflows?cluster=shop&active=true"));
        foreach (var path in new[] { "reports/upgrades", "reports/runs", "reports/outlook" })
        {
            using var report = await app.GetAsync($"/api/{path}?cluster=shop");
            await report.ProblemAsync(409, "AmbiguousCluster");
        }

        var tool = (await CallAsync(app, "get_upgrade", """{"workflowId":"shop"}""")).GetRawText();
        Assert.Contains("their upgrades have ended or are not tracked: c1 (upgrade w1).", tool, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/workflows?clusterId=shop")]
    [InlineData("/api/workflows?cluster=shop")]
    [InlineData("/api/changes?clusterId=shop")]
    public async Task The_link_of_a_list_continues_with_all_clusters_of_a_name(string path)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Says(Upstream.Done);
        await TrackAsync(app, "w1", "c1", "shop");
        await app.PollAsync("w1");
        app.Upstream.Says(Upstream.Running);
        await TrackAsync(app, "w2", "c2", "shop");
        await app.PollAsync("w2");

        var pages = await app.PagesAsync($"{path}&maxpagesize=1");
        Assert.Equal(2, pages.Sum(page => page.GetProperty("value").GetArrayLength()));
        using var both = await app.GetAsync("/api/workflows?clusterId=shop&cluster=c1");
        await both.ProblemAsync(409, "AmbiguousCluster");
    }

    [Theory]
    [InlineData("c1")]
    [InlineData("b4b9e60f-8aa2-11ee-af09-0255ac10004f")]
    public async Task The_id_of_a_cluster_works_as_its_name_does(string cluster)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await TrackAsync(app, "w1", cluster, "twin");
        await TrackAsync(app, "w2", "c2", "twin");
        await app.PollAsync("w1");
        foreach (var end in OfOne)
        {
            using var response = await app.GetAsync($"/api/workflows/{cluster}{end}");
            Assert.Equal((end, HttpStatusCode.OK), (end, response.StatusCode));
        }

        Assert.Equal("w1", (await app.PollAsync(cluster)).Text("id"));
        Assert.Contains(
            "upgrade w1",
            (await CallAsync(app, "get_upgrade", $$"""{"workflowId":"{{cluster}}"}""")).GetRawText(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("/api/workflows/c1", """{"clusterId":"C1"}""", "InvalidWorkflowId", "'c1' is the id of a cluster")]
    [InlineData("/api/workflows/c9", """{"clusterId":"c1"}""", "InvalidWorkflowId", "'c9' is the id of a cluster")]
    [InlineData("/api/clusters/w1", "{}", "InvalidClusterId", "'w1' is the id of an upgrade workflow, whose cluster is c1")]
    public async Task The_id_of_the_other_kind_is_never_tracked(string path, string body, string code, string said)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await TrackAsync(app, "w1", "c1", "shop");
        (await app.PutToAsync("/api/clusters/c9", "{}")).Dispose();
        using var response = await app.PutToAsync(path, body);
        Assert.Contains(said, await response.ProblemAsync(400, code), StringComparison.Ordinal);
        Assert.Equal(["w1"], await IdsAsync(app, "/api/workflows"));
        using var cluster = await app.GetAsync("/api/clusters/w1");
        Assert.Contains("whose cluster is c1: ask for that", await cluster.ProblemAsync(404, "ClusterNotFound"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_was_once_tracked_as_a_workflow_can_be_discovered()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app
            .Services.GetRequiredService<ITrackingStore>()
            .TrackAsync(
                new WorkflowTarget(ApiApp.Project, "c1", "c1"),
                null,
                app.Clock.GetUtcNow(),
                onlyIfUnknown: false,
                TestContext.Current.CancellationToken
            );
        using (var cluster = await app.GetAsync("/api/clusters/c1"))
        {
            Assert.DoesNotContain("ask for that", await cluster.ProblemAsync(404, "ClusterNotFound"), StringComparison.Ordinal);
        }

        using var put = await app.PutToAsync("/api/clusters/c1", "{}");
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
    }

    [Theory]
    [InlineData("workflows", "shop", "If you mean the upgrade of cluster 'shop' (c1), the id is w1.")]
    [InlineData("workflows", "c1", "If you mean the upgrade of cluster 'shop' (c1), the id is w1.")]
    [InlineData("clusters", "shop", "If you mean the cluster 'shop' (c1), the id is c1.")]
    public async Task What_is_deleted_by_its_name_is_answered_with_the_id(string kind, string text, string said)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await TrackAsync(app, "w1", "c1", "shop");
        using var response = await app.Client.DeleteAsync($"/api/{kind}/{text}");
        var detail = await response.ProblemAsync(404, kind == "workflows" ? "WorkflowNotFound" : "ClusterNotFound");
        Assert.EndsWith($"DELETE takes ids only, and no name of a cluster. {said}", detail, StringComparison.Ordinal);
        Assert.Equal(["w1"], await IdsAsync(app, "/api/workflows"));
    }

    [Fact]
    public async Task Without_a_project_the_one_under_which_it_is_known_is_taken()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        (await app.PutToAsync("/api/workflows/w1", """{"clusterId":"c1","projectId":"other"}""")).Dispose();
        Assert.Equal(HttpStatusCode.NoContent, (await app.Client.DeleteAsync("/api/workflows/w1")).StatusCode);

        // The workflow itself, its cluster, another workflow of the cluster, and the cluster's own row.
        Assert.Equal("other", await ProjectAsync("/api/workflows/w1", """{"clusterId":"c1"}"""));
        Assert.Equal("other", await ProjectAsync("/api/workflows/w2", """{"clusterId":"c1"}"""));
        Assert.Equal("other", await ProjectAsync("/api/clusters/c1", "{}"));
        Assert.Equal("other", await ProjectAsync("/api/clusters/c1", """{"clusterName":"shop"}"""));
        Assert.Equal(ApiApp.Project, await ProjectAsync("/api/clusters/c1", $$"""{"projectId":"{{ApiApp.Project}}"}"""));
        Assert.Equal(ApiApp.Project, await ProjectAsync("/api/workflows/w3", """{"clusterId":"c1"}"""));
        Assert.Equal(ApiApp.Project, await ProjectAsync("/api/workflows/w9", """{"clusterId":"c9"}"""));

        async Task<string> ProjectAsync(string path, string body)
        {
            using var put = await app.PutToAsync(path, body);
            return (await put.JsonAsync()).Text("projectId");
        }
    }

    [Theory]
    [InlineData("""{"clusterId":"c1","projectId":"wrong"}""", "Give 'projectId' as 'other', or leave it out.")]
    [InlineData("""{"clusterId":"c2"}""", "Give 'clusterId' as 'c1', and leave 'projectId' out.")]
    public async Task A_conflict_advises_the_right_ids_before_anything_that_deletes(string body, string said)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        (await app.PutToAsync("/api/workflows/w1", """{"clusterId":"c1","projectId":"other"}""")).Dispose();
        using var put = await app.PutToAsync("/api/workflows/w1", body);
        Assert.Contains(
            $"is known under cluster 'c1' of project 'other'. {said} Only if those are wrong: DELETE",
            await put.ProblemAsync(409, "WorkflowConflict"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("PUT", "/api/workflows/shop.eu", "InvalidWorkflowId")]
    [InlineData("DELETE", "/api/workflows/shop.eu", "InvalidWorkflowId")]
    [InlineData("PUT", "/api/clusters/shop_eu", "InvalidClusterId")]
    [InlineData("DELETE", "/api/clusters/shop_eu", "InvalidClusterId")]
    public async Task What_changes_something_takes_ids_only(string method, string path, string code)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = method == "PUT" ? new StringContent("{}", Encoding.UTF8, "application/json") : null,
        };
        using var response = await app.Client.SendAsync(request);
        await response.ProblemAsync(400, code);
    }

    [Theory]
    [InlineData("/api/workflows/w9", """{"clusterId":"Shop"}""", "body", "cluster c1")]
    [InlineData("/api/clusters/SHOP", "{}", "path", "cluster c1")]
    [InlineData("/api/workflows/w9", """{"clusterId":"twin"}""", "body", "2 clusters")]
    public async Task A_name_is_never_tracked_for_an_id(string path, string body, string where, string whose)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await TrackAsync(app, "w1", "c1", "shop");
        await TrackAsync(app, "w2", "c2", "twin");
        await TrackAsync(app, "w3", "c3", "twin");
        using var response = await app.PutToAsync(path, body);
        var detail = await response.ProblemAsync(400, "InvalidClusterId");
        Assert.Contains($"in the {where} is the name of {whose}: give the id", detail, StringComparison.Ordinal);
        Assert.Equal(3, (await app.GetJsonAsync("/api/workflows")).GetProperty("value").GetArrayLength());
        Assert.Empty((await app.GetJsonAsync("/api/clusters")).GetProperty("value").EnumerateArray());
    }

    [Fact]
    public async Task An_id_that_is_another_clusters_name_is_still_an_id()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await TrackAsync(app, "w1", "c1", "c2-name");
        await TrackAsync(app, "w2", "c2", "c1");
        await TrackAsync(app, "w3", "c1", "c2-name");
        using var put = await app.PutToAsync("/api/clusters/c1", "{}");
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
    }

    [Fact]
    public async Task A_name_is_never_deleted_for_an_id()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await TrackAsync(app, "w1", "c1", "shop");
        using var workflow = await app.Client.DeleteAsync("/api/workflows/shop?purge=true");
        Assert.DoesNotContain("PUT", await workflow.ProblemAsync(404, "WorkflowNotFound"), StringComparison.Ordinal);
        using var cluster = await app.Client.DeleteAsync("/api/clusters/shop");
        Assert.DoesNotContain("PUT", await cluster.ProblemAsync(404, "ClusterNotFound"), StringComparison.Ordinal);
        using var project = await app.Client.DeleteAsync("/api/projects/shop");
        Assert.DoesNotContain("PUT", await project.ProblemAsync(404, "ProjectNotFound"), StringComparison.Ordinal);
        Assert.Equal("w1", (await app.GetJsonAsync("/api/workflows/shop")).Text("id"));
    }

    [Fact]
    public async Task The_name_of_a_cluster_without_an_upgrade_is_never_advised_to_be_tracked()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using (var put = await app.PutToAsync("/api/clusters/c1", """{"clusterName":"shop"}"""))
        {
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        }

        foreach (var end in OfOne)
        {
            using var response = await app.GetAsync($"/api/workflows/shop{end}");
            var detail = await response.ProblemAsync(404, "WorkflowNotFound");
            Assert.Equal(
                "No upgrade of cluster 'shop' (c1) is known here. GET /api/clusters/c1 says whether its upgrades are discovered.",
                detail
            );
        }
    }

    [Theory]
    [InlineData("/api/workflows/shop_eu", "WorkflowNotFound")]
    [InlineData("/api/workflows/shop.eu", "WorkflowNotFound")]
    [InlineData("/api/clusters/shop.eu", "ClusterNotFound")]
    public async Task What_cannot_be_an_id_is_not_advised_to_be_tracked_either(string path, string code)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.GetAsync(path);
        Assert.DoesNotContain("PUT /api", await response.ProblemAsync(404, code), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_is_found_by_its_name_and_one_that_is_not_discovered_says_its_id()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using (var put = await app.PutToAsync("/api/clusters/c1", """{"clusterName":"Shop"}"""))
        {
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        }

        await TrackAsync(app, "w2", "c2", "kiosk");
        Assert.Equal("c1", (await app.GetJsonAsync("/api/clusters/sHOP")).Text("id"));
        using var other = await app.GetAsync("/api/clusters/kiosk");
        Assert.Contains("PUT /api/clusters/c2 begins that", await other.ProblemAsync(404, "ClusterNotFound"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_takes_names_of_any_case_beside_ids()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await TrackAsync(app, "w1", "c1", "Shop");
        await TrackAsync(app, "w2", "c2", "kiosk");
        await TrackAsync(app, "w3", "b4b9e60f-8aa2-11ee-af09-0255ac10004f", null);
        foreach (
            var (query, expected) in new (string, string[])[]
            {
                ("cluster=sHOP", ["w1"]),
                ("clusterId=sHOP", ["w1"]),
                ("cluster=shop,KIOSK", ["w1", "w2"]),
                ("cluster=shop&cluster=B4B9E60F-8AA2-11EE-AF09-0255AC10004F", ["w1", "w3"]),
                ("cluster=shop,nothing", ["w1"]),
                ("cluster=nothing", []),
                ("clusterId=shop&cluster=kiosk", []),
                ("clusterId=shop&cluster=kiosk,Shop", ["w1"]),
            }
        )
        {
            Assert.Equal((query, string.Join(' ', expected)), (query, string.Join(' ', await IdsAsync(app, $"/api/workflows?{query}"))));
        }
    }

    [Fact]
    public async Task A_report_takes_names()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Says(Upstream.Done);
        await TrackAsync(app, "w1", "c1", "Shop");
        await TrackAsync(app, "w2", "c2", "kiosk");
        await TrackAsync(app, "w3", "c3", "other");
        foreach (var id in new[] { "w1", "w2", "w3" })
        {
            await app.PollAsync(id);
        }

        foreach (
            var (query, runs) in new[]
            {
                ("cluster=shop", 1),
                ("clusterId=SHOP", 1),
                ("cluster=shop,kiosk", 2),
                ("cluster=c1,c2,c3,c4", 3),
                ("cluster=nothing", 0),
            }
        )
        {
            Assert.Equal(
                (query, runs),
                (
                    query,
                    (await app.GetJsonAsync($"/api/reports/upgrades?from=2026-11-01&to=2026-12-01&{query}"))
                        .GetProperty("total")
                        .GetProperty("runs")
                        .GetInt32()
                )
            );
            Assert.Equal(
                (query, runs),
                (
                    query,
                    (await app.PagesAsync($"/api/reports/runs?from=2026-11-01&to=2026-12-01&maxpagesize=1&{query}")).Sum(page =>
                        page.GetProperty("value").GetArrayLength()
                    )
                )
            );
        }

        Assert.Equal("c1", (await app.GetJsonAsync("/api/reports/outlook?cluster=SHOP")).Text("clusterId"));
        using var both = await app.GetAsync("/api/reports/upgrades?cluster=shop&clusterId=c1");
        await both.ProblemAsync(400, "InvalidParameter");
        using var several = await app.GetAsync("/api/reports/outlook?cluster=shop,kiosk");
        await several.ProblemAsync(400, "InvalidParameter");
    }

    [Fact]
    public async Task What_is_tracked_by_ids_alone_gets_its_clusters_name_with_the_first_read()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Named = cluster => $"name-of-{cluster}";
        await TrackAsync(app, "w1", "c1", null);
        Assert.False((await app.GetJsonAsync("/api/workflows/w1")).TryGetProperty("clusterName", out _));
        Assert.Equal("name-of-c1", (await app.PollAsync("w1")).Text("clusterName"));
        Assert.Equal("w1", (await app.GetJsonAsync("/api/workflows/name-of-c1")).Text("id"));

        // A name that comes with a read that shows no change is kept, too.
        app.Upstream.Named = _ => null;
        await TrackAsync(app, "w2", "c2", null);
        await app.PollAsync("w2");
        app.Upstream.Named = cluster => $"name-of-{cluster}";
        app.Clock.Advance(TimeSpan.FromHours(2));
        await app.PollAsync("w2");
        Assert.Equal("name-of-c2", (await app.GetJsonAsync("/api/workflows/w2")).Text("clusterName"));
        Assert.Equal(1, (await app.GetJsonAsync("/api/workflows/name-of-c2")).GetProperty("sequence").GetInt32());
    }

    [Fact]
    public async Task Groups_by_cluster_have_the_newest_name_beside_the_id_in_every_form()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Says(Upstream.Done);
        app.Upstream.Named = _ => null;
        await TrackAsync(app, "w1", "c1", "Shop");
        await TrackAsync(app, "w2", "c2", null);
        await app.PollAsync("w1");
        await app.PollAsync("w2");
        const string Report = "/api/reports/upgrades?from=2026-11-01&to=2026-12-01&groupBy=cluster";

        var groups = (await app.GetJsonAsync(Report)).GetProperty("groups");
        Assert.Equal(("c1", "Shop"), (groups[0].Text("key"), groups[0].Text("clusterName")));
        Assert.Equal("c2", groups[1].Text("key"));
        Assert.False(groups[1].TryGetProperty("clusterName", out _));
        foreach (var (format, said) in new[] { ("markdown", "| Shop "), ("card", "Shop (c1)"), ("svg", "Shop (c1)") })
        {
            Assert.Contains(
                said,
                await app.Client.GetStringAsync(new Uri($"{Report}&format={format}", UriKind.Relative)),
                StringComparison.Ordinal
            );
        }

        var csv = (await app.Client.GetStringAsync(new Uri($"{Report}&format=csv", UriKind.Relative))).Split("\r\n");
        Assert.EndsWith(",clusterName,watchedRuns,watchedSucceeded,firstTimeSuccesses", csv[0], StringComparison.Ordinal);
        Assert.EndsWith(",Shop,0,0,0", csv[1], StringComparison.Ordinal);
        var runs = (
            await app.Client.GetStringAsync(new Uri("/api/reports/runs?from=2026-11-01&to=2026-12-01&format=csv", UriKind.Relative))
        ).Split("\r\n");
        Assert.EndsWith(",clusterName,seenLive", runs[0], StringComparison.Ordinal);
        Assert.Contains(
            runs,
            line => line.StartsWith("w1,", StringComparison.Ordinal) && line.EndsWith(",Shop,false", StringComparison.Ordinal)
        );
        Assert.Contains(
            "Shop (c1)",
            (await CallAsync(app, "upgrade_report", """{"groupBy":"cluster","from":"2026-11-01","to":"2026-12-01"}""")).GetRawText(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_summary_without_a_name_says_which_cluster_by_its_id()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Named = _ => null;
        await TrackAsync(app, "w1", "c1", null);
        Assert.StartsWith(
            "Upgrade workflow w1 of cluster c1 has not been read yet",
            (await app.GetJsonAsync("/api/workflows/w1")).Text("headline"),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "Upgrade of cluster c1 from v1.27.1-r0 to v1.28.6-r0 ",
            (await app.PollAsync("w1")).Text("headline"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_name_that_upstream_does_not_return_never_fails_a_poll()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Named = _ =>
            throw new UpstreamException(UpstreamFailure.Misconfigured, "Not published.") { StatusCode = 404, Code = "APIGW.0101" };
        await TrackAsync(app, "w1", "c1", null);
        Assert.Equal("Progressing", (await app.PollAsync("w1")).Text("assessment"));
    }

    [Theory]
    [InlineData("get_upgrade")]
    [InlineData("explain_blocker")]
    [InlineData("get_timeline")]
    [InlineData("get_upgrade_history")]
    public async Task Every_tool_about_one_upgrade_takes_the_name_of_its_cluster(string tool)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await TrackAsync(app, "w1", "c1", "Shop");
        await TrackAsync(app, "w2", "c2", "twin");
        await TrackAsync(app, "w3", "c3", "twin");
        await app.PollAsync("w1");
        var found = await CallAsync(app, tool, """{"workflowId":"shop"}""");
        Assert.False(found.TryGetProperty("isError", out var failed) && failed.GetBoolean(), found.GetRawText());
        var twins = await CallAsync(app, tool, """{"workflowId":"twin"}""");
        Assert.True(twins.GetProperty("isError").GetBoolean());
        Assert.Contains("c2 (twin, project", twins.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("c3 (twin, project", twins.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list_upgrades", """{"cluster":"SHOP"}""", "1 upgrade listed")]
    [InlineData("list_upgrades", """{"cluster":"shop,kiosk"}""", "2 upgrades listed")]
    [InlineData("list_upgrades", """{"clusterId":"shop"}""", "1 upgrade listed")]
    [InlineData("list_upgrades", """{"cluster":"twin"}""", "AmbiguousCluster")]
    [InlineData("upgrade_report", """{"cluster":"shop","from":"2026-11-01","to":"2026-12-01"}""", "1 upgrade ended")]
    [InlineData("upgrade_report", """{"cluster":"twin"}""", "AmbiguousCluster")]
    [InlineData("upgrade_outlook", """{"cluster":"shop","targetVersion":"v1.28.6-r0"}""", "v1.28.6-r0")]
    [InlineData("upgrade_outlook", """{"cluster":"twin"}""", "AmbiguousCluster")]
    public async Task Every_tool_with_a_filter_takes_names(string tool, string arguments, string said)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Says(Upstream.Done);
        await TrackAsync(app, "w1", "c1", "Shop");
        await app.PollAsync("w1");
        await TrackAsync(app, "w4", "c4", "kiosk");
        await TrackAsync(app, "w2", "c2", "twin");
        await TrackAsync(app, "w3", "c3", "twin");
        Assert.Contains(said, (await CallAsync(app, tool, arguments)).GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<List<string>> IdsAsync(ApiApp app, string path) =>
        [
            .. (await app.PagesAsync(path))
                .SelectMany(page => page.GetProperty("value").EnumerateArray())
                .Select(summary => summary.Text("id"))
                .Order(StringComparer.Ordinal),
        ];

    private static async Task TrackAsync(ApiApp app, string id, string cluster, string? name)
    {
        using var response = await app.PutAsync(
            id,
            name is null ? $$"""{"clusterId":"{{cluster}}"}""" : $$"""{"clusterId":"{{cluster}}","clusterName":"{{name}}"}"""
        );
        Assert.True(response.IsSuccessStatusCode);
    }

    private static async Task<JsonElement> CallAsync(ApiApp app, string tool, string arguments)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/mcp")
        {
            Content = new StringContent(
                $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}} } }""",
                Encoding.UTF8,
                "application/json"
            ),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        using var response = await app.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return JsonDocument.Parse(text[text.IndexOf('{')..]).RootElement.GetProperty("result").Clone();
    }
}
