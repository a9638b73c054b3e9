using System.Net;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Tests.Workflows;

public sealed class TrackTests(AzuriteFixture azurite)
{
    private const string Body = $$"""{"clusterId":"{{ApiApp.Cluster}}"}""";

    [Fact]
    public async Task Tracking_a_new_workflow_answers_201_with_its_place_and_never_asks_upstream()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.PutAsync(
            "W1",
            $$"""{"clusterId":"{{ApiApp.Cluster.ToUpperInvariant()}}","projectId":"Other-Project","clusterName":"prod"}"""
        );
        var summary = await response.JsonAsync();
        Assert.Equal((HttpStatusCode.Created, "/api/workflows/w1"), (response.StatusCode, response.Header("Location")));
        Assert.Equal(
            ("w1", ApiApp.Cluster, "other-project", "prod"),
            (summary.Text("id"), summary.Text("clusterId"), summary.Text("projectId"), summary.Text("clusterName"))
        );
        Assert.Equal(0, app.Upstream.Reads);
    }

    [Fact]
    public async Task The_project_of_the_settings_stands_in_for_one_that_is_not_named()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.PutAsync("w1", $$"""{"clusterId":"{{ApiApp.Cluster}}","projectId":null,"clusterName":null}""");
        Assert.Equal(ApiApp.Project, (await response.JsonAsync()).Text("projectId"));
    }

    [Fact]
    public async Task Without_a_project_in_the_settings_the_body_must_name_one()
    {
        await using var app = await ApiApp.StartAsync(azurite, defaultProject: null);
        using var refused = await app.PutAsync("w1", Body);
        Assert.Contains("Cce:ProjectId", await refused.ProblemAsync(400, "InvalidBody"), StringComparison.Ordinal);
        using var taken = await app.PutAsync("w1", $$"""{"clusterId":"{{ApiApp.Cluster}}","projectId":"p1"}""");
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/vnd.any+json")]
    public async Task A_body_with_any_JSON_type_or_none_is_read(string contentType)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.PutAsync("w1", Body, contentType);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Fact]
    public async Task Tracking_again_is_200_and_takes_a_new_name_over()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        using var response = await app.PutAsync("w1", $$"""{"clusterId":"{{ApiApp.Cluster}}","clusterName":"prod"}""");
        Assert.Equal((HttpStatusCode.OK, (string?)null), (response.StatusCode, response.Header("Location")));
        Assert.Equal("prod", (await response.JsonAsync()).Text("clusterName"));
    }

    [Theory]
    [InlineData("""{"clusterId":"another-cluster"}""")]
    [InlineData($$"""{"clusterId":"{{ApiApp.Cluster}}","projectId":"another-project"}""")]
    public async Task A_workflow_known_elsewhere_is_a_conflict_that_says_where(string body)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        using var response = await app.PutAsync("w1", body);
        var detail = await response.ProblemAsync(409, "WorkflowConflict");
        Assert.Contains(ApiApp.Cluster, detail, StringComparison.Ordinal);
        Assert.Contains(ApiApp.Project, detail, StringComparison.Ordinal);
        Assert.Equal(ApiApp.Cluster, (await app.GetJsonAsync("/api/workflows/w1")).Text("clusterId"));
    }

    [Fact]
    public async Task A_workflow_that_is_being_purged_is_a_conflict_that_says_what_to_do()
    {
        var row = new TrackedWorkflow { Target = ApiApp.Target("w1"), Purging = true };
        await using var app = await ApiApp.StartAsync(new StoreDouble { Tracks = new TrackResult(TrackStatus.Purging, row) });
        using var response = await app.PutAsync("w1", Body);
        Assert.Contains("purge=true", await response.ProblemAsync(409, "WorkflowConflict"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sixteen_requests_to_track_one_workflow_create_it_once()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        // The store recognises its own write by the time of the request, so no two requests have the same time.
        app.Clock.AutoAdvanceAmount = TimeSpan.FromMilliseconds(1);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => app.PutAsync("w1", Body)));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(15, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Single((await app.GetJsonAsync("/api/workflows")).GetProperty("value").EnumerateArray());
    }

    [Fact]
    public async Task Stopping_keeps_the_last_state_and_tracking_again_continues_its_history()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");

        using var stopped = await app.Client.DeleteAsync("/api/workflows/w1");
        Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
        Assert.Empty(await stopped.Content.ReadAsByteArrayAsync());
        using var kept = await app.GetAsync("/api/workflows/w1");
        var summary = await kept.JsonAsync();
        Assert.Equal(
            (false, 1L, "Running"),
            (summary.GetProperty("tracked").GetBoolean(), summary.GetProperty("sequence").GetInt64(), summary.Text("phase"))
        );
        // It is not polled any more, so there is nothing to wait for.
        Assert.Null(kept.Header("Retry-After"));
        Assert.False((await app.PollAsync("w1")).GetProperty("tracked").GetBoolean());
        Assert.Equal(1, app.Upstream.Reads);

        using var resumed = await app.PutAsync("w1", Body);
        Assert.Equal(HttpStatusCode.OK, resumed.StatusCode);
        app.Upstream.Says(Upstream.Failed);
        Assert.Equal(2, (await app.PollAsync("w1")).GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task Stopping_twice_is_stopping()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        for (var i = 0; i < 2; i++)
        {
            using var response = await app.Client.DeleteAsync("/api/workflows/w1?purge=false");
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("/api/workflows/w1")]
    [InlineData("/api/workflows/w1?purge=true")]
    public async Task What_was_never_tracked_cannot_be_stopped(string path)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.Client.DeleteAsync(path);
        await response.ProblemAsync(404, "WorkflowNotFound");
    }

    [Fact]
    public async Task A_purge_takes_the_history_along()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        using var purged = await app.Client.DeleteAsync("/api/workflows/w1?purge=true");
        Assert.Equal(HttpStatusCode.NoContent, purged.StatusCode);
        using var gone = await app.GetAsync("/api/workflows/w1");
        await gone.ProblemAsync(404, "WorkflowNotFound");

        await app.TrackAsync("w1", "another-cluster");
        Assert.Empty((await app.GetJsonAsync("/api/workflows/w1/history")).GetProperty("value").EnumerateArray());
    }

    [Fact]
    public async Task What_is_finished_stays_finished()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Says(Upstream.Done);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        using var response = await app.PutAsync("w1", Body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Completed", (await response.JsonAsync()).Text("assessment"));
    }
}
