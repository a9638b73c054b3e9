using System.Net;

namespace Autopilot.Api.Tests.Workflows;

public sealed class TimelineTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task The_timeline_has_every_run_and_wait_and_the_caching_of_its_summary()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Says(Upstream.Done);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");

        using var response = await app.GetAsync("/api/workflows/W1/timeline");
        var timeline = await response.JsonAsync();

        Assert.Equal(
            ("w1", "2026-11-23T07:00:00.5Z", "2026-11-23T07:50:00Z"),
            (timeline.Text("workflowId"), timeline.Text("from"), timeline.Text("to"))
        );
        Assert.Contains(
            timeline.GetProperty("rows").EnumerateArray(),
            row =>
                (row.Text("task"), row.Text("kind"), row.Text("status"), row.Text("endedAt"))
                == ("Cluster", "Run", "Success", "2026-11-23T07:50:00Z")
        );
        Assert.Equal("private, max-age=3600", response.Header("Cache-Control"));
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/workflows/w1/timeline");
        again.Headers.Add("If-None-Match", response.Header("ETag"));
        using var unchanged = await app.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task Before_the_first_read_it_is_empty()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        Assert.Equal("""{"workflowId":"w1","rows":[]}""", (await app.GetJsonAsync("/api/workflows/w1/timeline")).GetRawText());
    }

    [Theory]
    [InlineData("/api/workflows/a%20b/timeline", 400, "InvalidWorkflowId")]
    [InlineData("/api/workflows/w1/timeline", 404, "WorkflowNotFound")]
    [InlineData("/api/workflows/w1/timeline?format=csv", 406, "NotAcceptable")]
    public async Task What_cannot_be_answered_is_a_problem(string path, int status, string code)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var response = await app.GetAsync(path);
        await response.ProblemAsync(status, code);
    }
}
