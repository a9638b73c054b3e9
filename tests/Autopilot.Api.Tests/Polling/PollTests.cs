using System.Net.Http.Json;
using System.Text.Json;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Autopilot.Api.Tests.Polling;

public sealed class PollTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Polling_one_answers_its_fresh_summary()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        using var response = await app.PostAsync("/api/workflows/W1/poll");
        var summary = await response.JsonAsync();
        Assert.Equal(
            (1L, "Progressing", "2026-11-23T08:00:00Z"),
            (summary.GetProperty("sequence").GetInt64(), summary.Text("assessment"), summary.Text("observedAt"))
        );
        Assert.Equal(("no-store", (string?)null), (response.Header("Cache-Control"), response.Header("ETag")));
        Assert.Equal(1, app.Upstream.Reads);
    }

    [Fact]
    public async Task Polling_what_is_not_tracked_is_404()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.PostAsync("/api/workflows/w1/poll");
        await response.ProblemAsync(404, "WorkflowNotFound");
        Assert.Equal(0, app.Upstream.Reads);
    }

    [Fact]
    public async Task Polling_a_finished_one_answers_what_is_stored()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Says(Upstream.Done);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        app.Clock.Advance(TimeSpan.FromHours(1));
        var summary = await app.PollAsync("w1");
        Assert.Equal(("Completed", "2026-11-23T08:00:00Z"), (summary.Text("assessment"), summary.Text("observedAt")));
        Assert.Equal(1, app.Upstream.Reads);
    }

    [Fact]
    public async Task Sixteen_polls_of_one_workflow_at_once_are_one_change()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => app.PollAsync("w1")));
        Assert.All(answers, answer => Assert.Equal(1, answer.GetProperty("sequence").GetInt64()));
        Assert.Single((await app.GetJsonAsync("/api/workflows/w1/history")).GetProperty("value").EnumerateArray());
    }

    [Theory]
    [InlineData(UpstreamFailure.Rejected, false, 502, "UpstreamRejected")]
    [InlineData(UpstreamFailure.Denied, false, 502, "UpstreamRejected")]
    [InlineData(UpstreamFailure.Misconfigured, false, 502, "UpstreamRejected")]
    [InlineData(UpstreamFailure.Unavailable, false, 502, "UpstreamUnavailable")]
    [InlineData(UpstreamFailure.Unavailable, true, 504, "UpstreamUnavailable")]
    [InlineData(UpstreamFailure.Invalid, false, 502, "UpstreamInvalid")]
    [InlineData(UpstreamFailure.Throttled, false, 429, "UpstreamThrottled")]
    [InlineData(UpstreamFailure.Locked, false, 429, "UpstreamThrottled")]
    public async Task A_read_that_fails_has_the_code_of_its_cause_and_loses_nothing(
        UpstreamFailure failure,
        bool timedOut,
        int status,
        string code
    )
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        app.Upstream.Fails(
            new UpstreamException(failure, "What to do about it.", new InvalidOperationException("hunter2"))
            {
                TimedOut = timedOut,
                Code = "CCE.01",
                RequestId = "request-7",
                RetryAfter = status == 429 ? TimeSpan.FromSeconds(42) : null,
            }
        );
        using var response = await app.PostAsync("/api/workflows/w1/poll");
        Assert.Equal("What to do about it.", await response.ProblemAsync(status, code));
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("CCE.01", "request-7"), (problem.Text("upstreamCode"), problem.Text("upstreamRequestId")));
        Assert.DoesNotContain("hunter2", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(status == 429 ? "42" : null, response.Header("Retry-After"));

        var kept = await app.GetJsonAsync("/api/workflows/w1");
        Assert.Equal(("Running", 1L), (kept.Text("phase"), kept.GetProperty("sequence").GetInt64()));
    }

    [Fact]
    public async Task A_read_that_breaks_is_a_problem_of_its_own_and_loses_nothing()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        app.Upstream.Answer = _ => throw new InvalidOperationException("hunter2");
        using var response = await app.PostAsync("/api/workflows/w1/poll");
        Assert.Equal("The answer could not be worked on; the log says more.", await response.ProblemAsync(502, "UpstreamInvalid"));
        Assert.DoesNotContain(
            "hunter2",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );

        var kept = await app.GetJsonAsync("/api/workflows/w1");
        Assert.Equal(("Running", 1L), (kept.Text("phase"), kept.GetProperty("sequence").GetInt64()));
        Assert.Contains(kept.GetProperty("insights").EnumerateArray(), insight => insight.Text("code") == "UpstreamError");
    }

    [Fact]
    public async Task A_state_that_does_not_fit_is_a_problem_and_the_row_records_it()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        app.Upstream.Says(Upstream.Huge);
        using var response = await app.PostAsync("/api/workflows/w1/poll");
        Assert.Matches(
            "^A state of [0-9]+ bytes does not fit into the table; the last good state is kept.$",
            await response.ProblemAsync(502, "UpstreamInvalid")
        );

        var kept = await app.GetJsonAsync("/api/workflows/w1");
        Assert.Equal(("Running", 1L), (kept.Text("phase"), kept.GetProperty("sequence").GetInt64()));
        Assert.Contains(kept.GetProperty("insights").EnumerateArray(), insight => insight.Text("code") == "UpstreamError");
    }

    [Fact]
    public async Task An_upstream_that_no_longer_knows_it_is_no_error()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        app.Upstream.Fails(new UpstreamException(UpstreamFailure.NotFound, "Not there.") { StatusCode = 404 });
        for (var i = 0; i < 3; i++)
        {
            await app.PollAsync("w1");
        }

        Assert.Equal("Gone", (await app.GetJsonAsync("/api/workflows/w1")).Text("assessment"));
    }

    [Fact]
    public async Task A_cycle_polls_everything_and_returns_its_figures()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        foreach (var id in new[] { "w1", "w2", "w3" })
        {
            await app.TrackAsync(id);
        }

        using var first = await app.PostAsync("/api/poll");
        var result = await first.JsonAsync();
        Assert.Equal(
            (3, 3, 0, 0, 0, 0, true),
            (
                Figure(result, "polled"),
                Figure(result, "changed"),
                Figure(result, "unchanged"),
                Figure(result, "failed"),
                Figure(result, "skipped"),
                Figure(result, "discovered"),
                result.GetProperty("complete").GetBoolean()
            )
        );
        Assert.Equal(JsonValueKind.Number, result.GetProperty("durationSeconds").ValueKind);
        Assert.Equal("no-store", first.Header("Cache-Control"));

        using var second = await app.PostAsync("/api/poll?due=false");
        result = await second.JsonAsync();
        Assert.Equal((3, 0, 3), (Figure(result, "polled"), Figure(result, "changed"), Figure(result, "unchanged")));
        Assert.False(result.TryGetProperty("errors", out _));
    }

    [Fact]
    public async Task A_cycle_over_those_due_skips_the_others()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        await app.TrackAsync("w2");
        using var response = await app.PostAsync("/api/poll?due=TRUE");
        var result = await response.JsonAsync();
        Assert.Equal((1, 1), (Figure(result, "polled"), Figure(result, "skipped")));
    }

    [Theory]
    [InlineData("cluster=SHOP", "w1,w2")]
    [InlineData("cluster=C1", "w1,w2")]
    [InlineData("cluster=billing,shop", "w1,w2,w3")]
    [InlineData("cluster=billing&cluster=c1", "w1,w2,w3")]
    [InlineData("cluster=billing&due=false", "w3")]
    [InlineData("cluster=b4b9e60f-8aa2-11ee-af09-0255ac10004f", "")]
    public async Task A_poll_of_clusters_reads_their_workflows_alone_and_is_no_cycle(string query, string read)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await ShopsAsync(app);
        using (var cycle = await app.PostAsync("/api/poll"))
        {
            await cycle.JsonAsync();
        }

        app.Clock.Advance(TimeSpan.FromSeconds(30));
        var asked = new System.Collections.Concurrent.ConcurrentBag<string>();
        app.Upstream.Answer = target =>
        {
            asked.Add(target.WorkflowId);
            return Task.FromResult(Upstream.Failed(target));
        };

        using var response = await app.PostAsync($"/api/poll?{query}");

        var result = await response.JsonAsync();
        var ids = read.Split(',', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ids, asked.Order());
        Assert.Equal(
            (ids.Length, ids.Length, 0, true),
            (Figure(result, "polled"), Figure(result, "changed"), Figure(result, "skipped"), result.GetProperty("complete").GetBoolean())
        );
        foreach (var id in (string[])["w1", "w2", "w3", "w4"])
        {
            Assert.Equal(
                (id, ids.Contains(id) ? "Blocked" : "Progressing"),
                (id, (await app.GetJsonAsync($"/api/workflows/{id}")).Text("assessment"))
            );
        }

        Assert.Equal("2026-11-23T08:00:00Z", (await app.GetJsonAsync("/api/health/ready")).Text("lastCompletedAt"));
    }

    [Fact]
    public async Task A_poll_of_clusters_that_are_due_leaves_the_others()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await ShopsAsync(app);
        await app.PollAsync("w1");
        using var response = await app.PostAsync("/api/poll?cluster=shop&due=true");
        var result = await response.JsonAsync();
        Assert.Equal((1, 1), (Figure(result, "polled"), Figure(result, "skipped")));
    }

    [Fact]
    public async Task A_poll_of_a_cluster_that_is_discovered_finds_its_new_upgrade()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        foreach (var (cluster, name) in new[] { ("c1", "shop"), ("c2", "billing") })
        {
            using var put = await app.PutToAsync($"/api/clusters/{cluster}", $$"""{"clusterName":"{{name}}"}""");
            Assert.True(put.IsSuccessStatusCode);
        }
        var listed = new System.Collections.Concurrent.ConcurrentBag<string>();
        app.Upstream.Lists = cluster =>
        {
            listed.Add(cluster);
            return [Upstream.Running(new WorkflowTarget(ApiApp.Project, cluster, $"new-{cluster}"))];
        };

        using var response = await app.PostAsync("/api/poll?cluster=shop");

        var result = await response.JsonAsync();
        Assert.Equal((1, 1, 0), (Figure(result, "discovered"), Figure(result, "clusters"), Figure(result, "clustersFailed")));
        Assert.Equal(["c1"], listed);
        Assert.Equal("new-c1", (await app.GetJsonAsync("/api/workflows/shop")).Text("id"));
        Assert.False((await app.GetJsonAsync("/api/health/ready")).TryGetProperty("lastCompletedAt", out _));
    }

    [Theory]
    [InlineData("cluster=b4b9e60f-8aa2-11ee-af09-0255ac100040", true)]
    [InlineData("cluster=shop&due=true", false)]
    public async Task A_poll_of_a_cluster_without_anything_tracked_says_so(string query, bool isNoted)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await ShopsAsync(app);
        using var response = await app.PostAsync($"/api/poll?{query}");
        var result = await response.JsonAsync();
        Assert.Equal(
            isNoted ? "No cluster with the name or id 'b4b9e60f-8aa2-11ee-af09-0255ac100040' is known here." : null,
            result.TryGetProperty("note", out var note) ? note.GetString() : null
        );
    }

    [Theory]
    [InlineData("cluster=twin", 409, "AmbiguousCluster")]
    [InlineData("cluster=shop,twin", 409, "AmbiguousCluster")]
    [InlineData("cluster=shop,no.such.cluster", 404, "ClusterNotFound")]
    [InlineData("cluster=", 400, "InvalidParameter")]
    [InlineData("cluster=shop,", 400, "InvalidParameter")]
    [InlineData("cluster=shop,%E2%80%AEpohs", 400, "InvalidParameter")]
    [InlineData("cluster=../shop", 400, "InvalidParameter")]
    [InlineData("clusters=shop", 400, "InvalidParameter")]
    public async Task A_cluster_that_is_not_clear_polls_nothing(string query, int status, string code)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await ShopsAsync(app);
        foreach (var id in (string[])["w5", "w6"])
        {
            await TrackNamedAsync(app, id, $"c-{id}", "twin");
        }

        using var response = await app.PostAsync($"/api/poll?{query}");
        await response.ProblemAsync(status, code);
        Assert.Equal(0, app.Upstream.Reads);
    }

    [Fact]
    public async Task A_cycle_that_upstream_refuses_says_so_and_is_not_complete()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        app.Upstream.Fails(new UpstreamException(UpstreamFailure.Rejected, "The access key is refused."));
        app.Upstream.Status = new UpstreamStatus(ApiApp.Now, "No.", new ThrottleWindow(200, TimeSpan.FromMinutes(5)));
        using var response = await app.PostAsync("/api/poll");
        var result = await response.JsonAsync();
        Assert.False(result.GetProperty("complete").GetBoolean());
        Assert.Contains("The access key is refused.", result.GetProperty("errors")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("""{"limit":200,"windowSeconds":300}""", result.GetProperty("throttle").GetRawText());
    }

    [Fact]
    public async Task A_completed_cycle_makes_the_app_ready()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        using (var before = await app.GetAsync("/api/health/ready"))
        {
            await before.ProblemAsync(503, "NoCycleYet");
        }

        using (var polled = await app.PostAsync("/api/poll"))
        {
            Assert.True((await polled.JsonAsync()).GetProperty("complete").GetBoolean());
        }

        app.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(
            ("Ready", "2026-11-23T08:10:00Z"),
            (await app.GetJsonAsync("/api/health/ready")) is var ready ? (ready.Text("status"), ready.Text("lastCompletedAt")) : default
        );
        app.Clock.Advance(TimeSpan.FromMinutes(3));
        using var overdue = await app.GetAsync("/api/health/ready");
        await overdue.ProblemAsync(503, "CycleOverdue");
    }

    [Fact]
    public async Task A_cycle_longer_than_200_seconds_answers_before_the_platform_gives_up()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        app.Upstream.Answer = _ => new TaskCompletionSource<Core.Workflows.WorkflowObservation>().Task;
        var asked = app.PostAsync("/api/poll");
        while (app.Upstream.Reads == 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        app.Clock.Advance(TimeSpan.FromSeconds(199));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(asked.IsCompleted);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        using var response = await asked;
        Assert.False((await response.JsonAsync()).GetProperty("complete").GetBoolean());
    }

    [Fact]
    public async Task A_poll_of_one_that_takes_60_seconds_is_given_up_with_504_and_loses_nothing()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        app.Upstream.Answer = _ => new TaskCompletionSource<Core.Workflows.WorkflowObservation>().Task;
        var asked = app.PostAsync("/api/workflows/w1/poll");
        while (app.Upstream.Reads == 1)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        app.Clock.Advance(TimeSpan.FromSeconds(59));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(asked.IsCompleted);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        using var response = await asked.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Contains("60 s", await response.ProblemAsync(504, "UpstreamUnavailable"), StringComparison.Ordinal);
        Assert.Equal("30", response.Header("Retry-After"));

        // The read was cancelled with the request, and the next one starts a new read.
        app.Upstream.Says(Upstream.Done);
        Assert.Equal(2L, (await app.PollAsync("w1")).GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task A_process_that_stops_gives_a_poll_of_one_up_and_says_so()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        app.Upstream.Answer = _ => new TaskCompletionSource<Core.Workflows.WorkflowObservation>().Task;
        var asked = app.PostAsync("/api/workflows/w1/poll");
        while (app.Upstream.Reads == 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        using var response = await asked.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await response.ProblemAsync(503, "ServiceUnavailable");
    }

    private static async Task ShopsAsync(ApiApp app)
    {
        foreach (
            var (id, cluster, name) in new[] { ("w1", "c1", "shop"), ("w2", "c1", "shop"), ("w3", "c2", "billing"), ("w4", "c3", "search") }
        )
        {
            await TrackNamedAsync(app, id, cluster, name);
        }
    }

    private static async Task TrackNamedAsync(ApiApp app, string id, string cluster, string name)
    {
        using var response = await app.PutAsync(id, $$"""{"clusterId":"{{cluster}}","clusterName":"{{name}}"}""");
        Assert.True(response.IsSuccessStatusCode);
    }

    private static int Figure(JsonElement result, string name) => result.GetProperty(name).GetInt32();
}
