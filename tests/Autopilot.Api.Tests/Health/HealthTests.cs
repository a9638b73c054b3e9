using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;

namespace Autopilot.Api.Tests.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task Live_answers_even_with_everything_else_down()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Down.")));
        using var response = await app.GetAsync("/api/health/live");
        Assert.Equal("Live", (await response.JsonAsync()).Text("status"));
        Assert.Equal("no-store", response.Header("Cache-Control"));
    }

    [Theory]
    [InlineData("/api/health/live")]
    [InlineData("/api/health/ready")]
    public async Task Health_and_its_header_carry_the_version(string path)
    {
        var store = new StoreDouble { Boards = [.. Shard.All.Select(_ => new ShardStatus { CompletedAt = ApiApp.Now })] };
        await using var app = await ApiApp.StartAsync(store);
        using var response = await app.GetAsync(path);

        var version = (await response.JsonAsync()).Text("version");
        Assert.Matches(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$", version);
        Assert.Equal(version, response.Header("Autopilot-Version"));
    }

    [Fact]
    public async Task A_problem_carries_the_version_too()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Down.")));
        using var response = await app.GetAsync("/api/workflows");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(ProductVersion.Number, response.Header("Autopilot-Version"));
    }

    [Fact]
    public async Task Ready_says_how_fresh_everything_is()
    {
        var store = new StoreDouble
        {
            Boards = [.. Shard.All.Select(shard => new ShardStatus { CompletedAt = ApiApp.Now.AddSeconds(-shard.Index) })],
        };
        await using var app = await ApiApp.StartAsync(store);
        var ready = await app.GetJsonAsync("/api/health/ready");
        Assert.Equal(("Ready", "2026-11-23T07:59:45Z"), (ready.Text("status"), ready.Text("lastCompletedAt")));
    }

    [Fact]
    public async Task Health_is_json_whatever_a_probe_accepts_and_answers_head()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var request = new HttpRequestMessage(HttpMethod.Head, "/api/health/ready");
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await app.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task Not_ready_is_503_with_every_code_and_which_shards()
    {
        var store = new StoreDouble
        {
            Boards = [.. Shard.All.Select(shard => new ShardStatus { CompletedAt = ApiApp.Now.AddMinutes(shard.Index == 7 ? -10 : 0) })],
        };
        await using var app = await ApiApp.StartAsync(store);
        app.Upstream.Status = new UpstreamStatus(ApiApp.Now.AddMinutes(-1), "hunter2", null);
        using var response = await app.GetAsync("/api/health/ready");
        await response.ProblemAsync(503, "CycleOverdue");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("""["CycleOverdue","UpstreamRejected"]""", problem.GetProperty("codes").GetRawText());
        var finding = problem.GetProperty("findings")[0];
        Assert.Equal(("""["7"]""", "2026-11-23T07:50:00Z"), (finding.GetProperty("shards").GetRawText(), finding.Text("since")));
        Assert.Equal("10", response.Header("Retry-After"));
        Assert.DoesNotContain("hunter2", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, app.Upstream.Reads);
    }

    [Fact]
    public async Task An_answer_is_not_kept_for_an_hour_when_the_clock_is_set_back()
    {
        var store = new StoreDouble { Boards = [.. Shard.All.Select(_ => new ShardStatus { CompletedAt = ApiApp.Now.AddMinutes(-60) })] };
        await using var app = await ApiApp.StartAsync(store);
        using (var late = await app.GetAsync("/api/health/ready"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
        }

        app.Clock.Off = TimeSpan.FromMinutes(-60);
        app.Clock.Advance(TimeSpan.FromSeconds(10));

        using var right = await app.GetAsync("/api/health/ready");
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task A_storage_that_is_down_makes_it_not_ready()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("hunter2")));
        using var response = await app.GetAsync("/api/health/ready");
        Assert.DoesNotContain("hunter2", await response.ProblemAsync(503, "StorageUnavailable"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_storage_that_does_not_answer_is_given_up_after_eight_seconds()
    {
        var store = new StoreDouble { Gate = new TaskCompletionSource().Task };
        await using var app = await ApiApp.StartAsync(store);
        var asked = app.GetAsync("/api/health/ready");
        while (store.BoardReads == 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        app.Clock.Advance(TimeSpan.FromSeconds(8));
        using var response = await asked;
        await response.ProblemAsync(503, "StorageUnavailable");
    }

    [Fact]
    public async Task The_shard_statuses_are_read_once_in_ten_seconds_for_all_callers()
    {
        var limiter = new TaskCompletionSource();
        var store = new StoreDouble { Gate = limiter.Task };
        await using var app = await ApiApp.StartAsync(store);
        var asked = Enumerable.Range(0, 16).Select(_ => app.GetAsync("/api/health/ready")).ToList();
        while (store.BoardReads == 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        limiter.SetResult();
        foreach (var response in await Task.WhenAll(asked))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            response.Dispose();
        }

        app.Clock.Advance(TimeSpan.FromSeconds(9.9));
        (await app.GetAsync("/api/health/ready")).Dispose();
        Assert.Equal(1, store.BoardReads);
        app.Clock.Advance(TimeSpan.FromSeconds(0.1));
        (await app.GetAsync("/api/health/ready")).Dispose();
        Assert.Equal(2, store.BoardReads);
    }

    [Fact]
    public async Task A_fresh_deployment_becomes_not_ready_when_no_cycle_runs()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var first = await app.GetAsync("/api/health/ready");
        Assert.Equal("Ready", (await first.JsonAsync()).Text("status"));
        app.Clock.Advance(TimeSpan.FromMinutes(3) + TimeSpan.FromSeconds(1));
        using var later = await app.GetAsync("/api/health/ready");
        Assert.Contains("POST /api/poll", await later.ProblemAsync(503, "NoCycleYet"), StringComparison.Ordinal);
    }
}
