using System.Net;
using System.Text;

namespace Autopilot.Api.Tests.Workflows;

public sealed class HistoryTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task The_history_lists_each_change_newest_first()
    {
        await using var app = await WithThreeStatesAsync();
        using var response = await app.GetAsync("/api/workflows/W1/history");
        var page = await response.JsonAsync();
        var entries = page.GetProperty("value").EnumerateArray().ToList();
        Assert.Equal([3L, 2L, 1L], entries.Select(entry => entry.GetProperty("sequence").GetInt64()));
        Assert.Equal(["Running", "Pending", "Running"], entries.Select(entry => entry.Text("phase")));
        Assert.Equal(["Progressing", "Blocked", "Progressing"], entries.Select(entry => entry.Text("assessment")));
        Assert.Equal(
            ["2026-11-23T08:20:00Z", "2026-11-23T08:10:00Z", "2026-11-23T08:00:00Z"],
            entries.Select(entry => entry.Text("observedAt"))
        );
        var change = entries[1].GetProperty("changes").EnumerateArray().Single(candidate => candidate.Text("what") == "phase");
        Assert.Equal(("Running", "Pending"), (change.Text("from"), change.Text("to")));
        Assert.False(change.TryGetProperty("task", out _));
        Assert.Contains(
            entries[1].GetProperty("changes").EnumerateArray(),
            candidate => candidate.TryGetProperty("task", out var task) && task.GetString() == "Cluster"
        );
        Assert.Equal("private, no-cache", response.Header("Cache-Control"));
        Assert.NotNull(response.Header("ETag"));
    }

    [Fact]
    public async Task Paging_keeps_the_range_and_visits_each_change_once()
    {
        await using var app = await WithThreeStatesAsync();
        var pages = await app.PagesAsync("/api/workflows/w1/history?maxpagesize=1&from=2026-11-23&to=2026-11-24T00:00:00Z&code=s3cret");
        Assert.Equal(
            [3L, 2L, 1L],
            pages.SelectMany(page => page.GetProperty("value").EnumerateArray()).Select(entry => entry.GetProperty("sequence").GetInt64())
        );
        var link = pages[0].Text("nextLink");
        Assert.StartsWith("/api/workflows/w1/history?", link, StringComparison.Ordinal);
        Assert.Contains("from=2026-11-23T00%3A00%3A00Z", link, StringComparison.Ordinal);
        Assert.Contains("to=2026-11-24T00%3A00%3A00Z", link, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", link, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from=2026-11-23T08:10:00Z", "3 2")]
    [InlineData("to=2026-11-23T08:10:00Z", "1")]
    [InlineData("from=2026-11-23T16:10:00%2B08:00&to=2026-11-23T16:20:00%2B08:00", "2")]
    [InlineData("from=2026-11-23T16:20:00+08:00", "3")]
    [InlineData("from=2026-11-24", "")]
    [InlineData("from=2026-11-23T08:10:00.001Z", "3")]
    public async Task The_range_includes_its_start_and_excludes_its_end(string query, string sequences)
    {
        await using var app = await WithThreeStatesAsync();
        var pages = await app.PagesAsync($"/api/workflows/w1/history?{query}");
        Assert.Equal(
            sequences,
            string.Join(
                ' ',
                pages
                    .SelectMany(page => page.GetProperty("value").EnumerateArray())
                    .Select(entry => entry.GetProperty("sequence").GetInt64())
            )
        );
    }

    [Fact]
    public async Task One_state_carries_the_document_byte_for_byte()
    {
        await using var app = await WithThreeStatesAsync();
        using var response = await app.GetAsync("/api/workflows/w1/history/2");
        var state = await response.JsonAsync();
        Assert.Equal(
            (2L, "Pending", "Blocked", "2026-11-23T08:10:00Z"),
            (state.GetProperty("sequence").GetInt64(), state.Text("phase"), state.Text("assessment"), state.Text("observedAt"))
        );
        Assert.NotEmpty(state.GetProperty("changes").EnumerateArray());
        var document = state.GetProperty("document").GetRawText();
        Assert.Equal(Encoding.UTF8.GetString(Upstream.Failed(ApiApp.Target("w1")).Document.Span), document);
        Assert.Equal("private, no-cache", response.Header("Cache-Control"));

        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/workflows/w1/history/2")
        {
            Headers = { { "If-None-Match", response.Header("ETag") } },
        };
        using var unchanged = await app.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task A_state_that_never_was_is_404_and_names_the_newest()
    {
        await using var app = await WithThreeStatesAsync();
        using var response = await app.GetAsync("/api/workflows/w1/history/4");
        Assert.Contains("the newest is 3", await response.ProblemAsync(404, "SnapshotNotFound"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_that_was_never_read_has_an_empty_history()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        Assert.Equal("""{"value":[]}""", (await app.GetJsonAsync("/api/workflows/w1/history")).GetRawText());
        using var response = await app.GetAsync("/api/workflows/w1/history/1");
        Assert.Contains("no states yet", await response.ProblemAsync(404, "SnapshotNotFound"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/workflows/w9/history")]
    [InlineData("/api/workflows/w9/history/1")]
    public async Task The_history_of_an_unknown_workflow_is_404(string path)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.GetAsync(path);
        await response.ProblemAsync(404, "WorkflowNotFound");
    }

    [Fact]
    public async Task The_history_of_a_finished_workflow_may_be_kept_for_an_hour()
    {
        await using var app = await WithThreeStatesAsync();
        app.Upstream.Says(Upstream.Done);
        await app.PollAsync("w1");
        foreach (var path in new[] { "/api/workflows/w1/history", "/api/workflows/w1/history/4" })
        {
            using var response = await app.GetAsync(path);
            Assert.Equal((HttpStatusCode.OK, "private, max-age=3600"), (response.StatusCode, response.Header("Cache-Control")));
        }
    }

    /// <summary>Running, failed, and running again: a state that comes back is a change too.</summary>
    private async Task<ApiApp> WithThreeStatesAsync()
    {
        var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        foreach (
            var answer in new Func<Core.Workflows.WorkflowTarget, Core.Workflows.WorkflowObservation>[]
            {
                Upstream.Running,
                Upstream.Failed,
                Upstream.Running,
            }
        )
        {
            app.Upstream.Says(answer);
            await app.PollAsync("w1");
            app.Clock.Advance(TimeSpan.FromMinutes(10));
        }

        return app;
    }
}
