using System.Net;
using System.Text.Json;
using Autopilot.Api.Requests;
using Autopilot.Api.Workflows;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Autopilot.Api.Tests.Workflows;

/// <summary>Waiting for an upgrade over HTTP, on a clock that stands still until the test moves it.</summary>
public sealed class WaitTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    public static TheoryData<string, string, bool> Conditions =>
        new()
        {
            { "until=completed", "Running", false },
            { "until=completed", "Blocked", false },
            { "until=completed", "Confirmed", false },
            { "until=completed", "Completed", true },
            { "until=COMPLETED", "Cancelled", true },
            { "until=completed", "Gone", true },
            { "until=moved&after=3", "Running", false },
            { "until=moved&after=2", "Running", true },
            { "until=moved&after=4", "Running", true },
            { "until=moved&after=0", "Unread", false },
            { "until=confirmed", "Running", false },
            { "until=confirmed", "Confirmed", true },
            { "until=confirmed", "Completed", true },
            { "until=unblocked", "Blocked", false },
            { "until=unblocked", "Stalled", false },
            { "until=unblocked", "Running", true },
            { "until=Unblocked", "Completed", true },
            { "until=unblocked", "Unread", true },
        };

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task What_holds_is_answered_at_once_and_what_does_not_after_the_timeout(string query, string state, bool holds)
    {
        var store = new StoreDouble { Finds = Row(state) };
        await using var app = await ApiApp.StartAsync(store);

        var asked = app.GetJsonAsync($"/api/workflows/w1/wait?{query}&timeout=3");
        var waited = await PassAsync(app, store, asked, hold: holds);
        var answer = await asked;

        Assert.Equal(holds, answer.GetProperty("reached").GetBoolean());
        Assert.Equal(holds, waited < TimeSpan.FromSeconds(3));
        Assert.Equal("w1", answer.Text("id"));
        // Besides 'reached' it is the summary.
        var summary = await app.GetJsonAsync("/api/workflows/w1");
        Assert.Equal(summary.EnumerateObject().Select(Text), answer.EnumerateObject().Where(one => one.Name != "reached").Select(Text));

        static string Text(JsonProperty member) => $"{member.Name}: {member.Value.GetRawText()}";
    }

    [Theory]
    [InlineData("confirmed", "Cancelled")]
    [InlineData("confirmed", "Gone")]
    [InlineData("moved&after=3", "Completed")]
    public async Task What_an_ended_upgrade_cannot_reach_any_more_is_answered_at_once(string until, string state)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble { Finds = Row(state) });

        var answer = await app.GetJsonAsync($"/api/workflows/w1/wait?until={until}");

        Assert.False(answer.GetProperty("reached").GetBoolean());
    }

    [Fact]
    public async Task A_change_ends_the_wait_within_five_seconds()
    {
        var store = new StoreDouble { Finds = Row("Blocked") };
        await using var app = await ApiApp.StartAsync(store);
        var asked = app.GetJsonAsync("/api/workflows/w1/wait?until=unblocked");
        await UntilAsync(() => store.Reads == 1);
        store.Finds = Row("Running") with { Sequence = 4 };

        var waited = await PassAsync(app, store, asked);

        var answer = await asked;
        Assert.True(answer.GetProperty("reached").GetBoolean());
        Assert.Equal(4, answer.GetProperty("sequence").GetInt32());
        Assert.InRange(waited, SharedWorkflowReader.KeptFor, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task However_many_wait_a_workflow_is_read_once_in_five_seconds()
    {
        var store = new StoreDouble { Finds = Row("Blocked") };
        await using var app = await ApiApp.StartAsync(store);
        var waits = Enumerable
            .Range(0, 30)
            .Select(i => app.GetJsonAsync($"/api/workflows/w1/wait?until={(i % 2 == 0 ? "unblocked" : "completed")}&timeout={20 + i % 3}"))
            .ToList();

        var waited = await PassAsync(app, store, Task.WhenAll(waits));

        Assert.All(waits, wait => Assert.False(wait.Result.GetProperty("reached").GetBoolean()));
        Assert.InRange(store.Reads, 2, 1 + (int)(waited / SharedWorkflowReader.KeptFor));
    }

    [Fact]
    public async Task One_after_the_other_share_the_row_too()
    {
        var store = new StoreDouble { Finds = Row("Blocked") };
        await using var app = await ApiApp.StartAsync(store);
        for (var i = 0; i < 5; i++)
        {
            await app.GetJsonAsync("/api/workflows/w1/wait?until=moved&after=1");
        }

        Assert.Equal(1, store.Reads);
    }

    [Fact]
    public async Task A_shared_row_that_is_behind_the_caller_has_not_moved()
    {
        var store = new StoreDouble { Finds = Row("Running") };
        await using var app = await ApiApp.StartAsync(store);
        await app.GetJsonAsync("/api/workflows/w1/wait?until=unblocked");
        app.Clock.Advance(Step);
        // Another process wrote it, and the caller has seen it in a summary.
        store.Finds = Row("Running") with
        {
            Sequence = 4,
        };

        var asked = app.GetJsonAsync("/api/workflows/w1/wait?until=moved&after=4&timeout=10");
        await PassAsync(app, store, asked);

        Assert.False((await asked).GetProperty("reached").GetBoolean());
        Assert.Equal(4, (await asked).GetProperty("sequence").GetInt32());
    }

    [Fact]
    public async Task At_most_a_hundred_wait_and_everything_else_is_answered_meanwhile()
    {
        var (most, _) = ResponseConcurrencyLimiter.Limits[ConcurrencyGroup.Waits];
        var store = new StoreDouble { Finds = Row("Blocked") };
        await using var app = await ApiApp.StartAsync(store);
        using var leaving = new CancellationTokenSource();
        var first = AskAsync(leaving.Token);
        await UntilAsync(() => store.Reads == 1);
        var waits = Enumerable.Range(0, most + 4).Select(_ => AskAsync(CancellationToken.None)).ToList();
        await UntilAsync(() => waits.Count(wait => wait.IsCompleted) == 5);
        foreach (var refused in waits.Where(wait => wait.IsCompleted).ToList())
        {
            using var answer = await refused;
            await answer.ProblemAsync(503, "ServiceUnavailable");
            waits.Remove(refused);
        }

        using (var busy = await app.GetAsync("/api/workflows/w1/wait?until=completed"))
        {
            await busy.ProblemAsync(503, "ServiceUnavailable");
            Assert.Equal("30", busy.Header("Retry-After"));
        }

        Assert.True((await app.GetJsonAsync("/api/workflows/w1/wait?until=moved&after=1")).GetProperty("reached").GetBoolean());
        using (var list = await app.GetAsync("/api/workflows"))
        using (var summary = await app.GetAsync("/api/workflows/w1"))
        {
            Assert.True(list.IsSuccessStatusCode && summary.IsSuccessStatusCode);
        }

        // A caller that leaves makes room.
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        using (var free = await FreeAsync())
        {
            Assert.True(free.IsSuccessStatusCode);
        }

        store.Finds = Row("Running");
        await PassAsync(app, store, Task.WhenAll(waits));
        foreach (var wait in waits)
        {
            using var answer = await wait;
            Assert.True((await answer.JsonAsync()).GetProperty("reached").GetBoolean());
        }

        Task<HttpResponseMessage> AskAsync(CancellationToken cancellationToken) =>
            app.Client.GetAsync(new Uri("/api/workflows/w1/wait?until=unblocked&timeout=200", UriKind.Relative), cancellationToken);

        // The server notices a caller's leaving a little later.
        async Task<HttpResponseMessage> FreeAsync()
        {
            while (true)
            {
                var asked = app.GetAsync("/api/workflows/w1/wait?until=completed&timeout=1");
                await PassAsync(app, store, asked);
                var answer = await asked;
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    return answer;
                }

                answer.Dispose();
            }
        }
    }

    [Fact]
    public async Task A_host_that_ends_waits_sooner_says_not_reached()
    {
        var store = new StoreDouble { Finds = Row("Running") };
        await using var app = await ApiApp.StartAsync(store, new WaitLimit(TimeSpan.FromSeconds(20)));

        var asked = app.GetJsonAsync("/api/workflows/w1/wait?until=completed&timeout=200");
        var waited = await PassAsync(app, store, asked);

        Assert.False((await asked).GetProperty("reached").GetBoolean());
        Assert.InRange(waited, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData("", "'until' must be one of completed, moved, confirmed, unblocked.")]
    [InlineData("until=done", "'until' must be one of completed, moved, confirmed, unblocked.")]
    [InlineData("until=0", "'until' must be one of completed, moved, confirmed, unblocked.")]
    [InlineData("until=moved", "'after' must be a whole number from 0 on")]
    [InlineData("until=moved&after=-1", "'after' must be a whole number from 0 on")]
    [InlineData("until=completed&after=3", "'after' must be a whole number from 0 on")]
    [InlineData("until=completed&timeout=0", "'timeout' must be a whole number from 1 to 200.")]
    [InlineData("until=completed&timeout=201", "'timeout' must be a whole number from 1 to 200.")]
    [InlineData("until=completed&timeout=1.5", "'timeout' must be a whole number from 1 to 200.")]
    [InlineData("until=completed&timeout=", "'timeout' must be a whole number from 1 to 200.")]
    [InlineData("until=completed&timout=3", "timeout")]
    [InlineData("until=completed&until=moved", "'until' must be given once")]
    public async Task A_parameter_that_is_missing_or_wrong_is_named(string query, string detail)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble { Finds = Row("Running") });
        using var response = await app.GetAsync($"/api/workflows/w1/wait?{query}");
        Assert.Contains(detail, await response.ProblemAsync(400, "InvalidParameter"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_that_is_deleted_meanwhile_is_404()
    {
        var store = new StoreDouble { Finds = Row("Running") };
        await using var app = await ApiApp.StartAsync(store);
        var asked = app.GetAsync("/api/workflows/w1/wait?until=completed");
        await UntilAsync(() => store.Reads == 1);
        store.Finds = Row("Running") with { Purging = true };

        await PassAsync(app, store, asked);

        using var response = await asked;
        await response.ProblemAsync(404, "WorkflowNotFound");
    }

    [Fact]
    public async Task Storage_that_fails_is_503_as_everywhere()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Down.")));
        using var response = await app.GetAsync("/api/workflows/w1/wait?until=completed");
        await response.ProblemAsync(503, "StorageUnavailable");
    }

    [Fact]
    public async Task A_process_that_stops_answers_what_it_knows()
    {
        var store = new StoreDouble { Finds = Row("Running") };
        await using var app = await ApiApp.StartAsync(store);
        var asked = app.GetJsonAsync("/api/workflows/w1/wait?until=completed");
        await UntilAsync(() => store.Reads == 1);

        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        var answer = await asked.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((false, 3), (answer.GetProperty("reached").GetBoolean(), answer.GetProperty("sequence").GetInt32()));
    }

    [Fact]
    public async Task A_cluster_is_waited_for_by_its_name_until_its_upgrade_ends()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using (var put = await app.PutAsync("w1", $$"""{"clusterId":"{{ApiApp.Cluster}}","clusterName":"checkout"}"""))
        {
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        }

        await app.PollAsync("w1");
        var asked = app.GetJsonAsync("/api/workflows/CHECKOUT/wait?until=completed&timeout=200");
        app.Upstream.Says(Upstream.Done);
        await app.PollAsync("w1");
        await PassAsync(app, null, asked);

        var answer = await asked;
        Assert.Equal((true, "w1"), (answer.GetProperty("reached").GetBoolean(), answer.Text("id")));
        Assert.Equal("Success", answer.Text("phase"));
    }

    [Theory]
    [InlineData("w9", 404, "WorkflowNotFound")]
    [InlineData("a%20b", 400, "InvalidWorkflowId")]
    public async Task A_workflow_that_is_not_known_is_no_wait(string id, int status, string code)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var response = await app.GetAsync($"/api/workflows/{id}/wait?until=completed");
        await response.ProblemAsync(status, code);
    }

    /// <summary>Lets time pass until a wait has ended; returns how much.</summary>
    private static async Task<TimeSpan> PassAsync(ApiApp app, StoreDouble? store, Task waiting, bool hold = false)
    {
        if (store is not null)
        {
            await UntilAsync(() => store.Reads > 0);
        }

        // An answer that needs no time gets none.
        if (hold)
        {
            await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        }

        var passed = TimeSpan.Zero;
        for (; !waiting.IsCompleted; passed += Step)
        {
            Assert.True(passed < TimeSpan.FromMinutes(30), "The wait does not end.");
            app.Clock.Advance(Step);
            await Task.Delay(15);
        }

        return passed;
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 2000, "It does not come.");
            await Task.Delay(15);
        }
    }

    private static TrackedWorkflow Row(string state)
    {
        var (phase, cluster, postCheck) = state switch
        {
            "Blocked" => ("Pending", "Failed", ""),
            "Confirmed" => ("Running", "Success", "Success"),
            "Completed" => ("Success", "Success", "Success"),
            "Cancelled" => ("Cancel", "Failed", ""),
            _ => ("Running", "Running", ""),
        };
        var row = new TrackedWorkflow
        {
            Target = ApiApp.Target("w1"),
            TrackedAt = ApiApp.Now,
            NextPollAt = ApiApp.Now,
        };
        return state == "Unread"
            ? row
            : row with
            {
                Sequence = 3,
                FirstObservedAt = ApiApp.Now,
                ObservedAt = ApiApp.Now,
                LastChangedAt = ApiApp.Now,
                GoneSince = state == "Gone" ? ApiApp.Now : null,
                EndedAt = state is "Completed" or "Cancelled" or "Gone" ? ApiApp.Now : null,
                Outcome = state switch
                {
                    "Completed" => WorkflowOutcome.Succeeded,
                    "Cancelled" => WorkflowOutcome.Cancelled,
                    "Gone" => WorkflowOutcome.Gone,
                    _ => null,
                },
                State = new UpgradeWorkflow
                {
                    Phase = WorkflowPhase.From(phase),
                    CreatedAt = ApiApp.Now.AddDays(-2),
                    Tasks =
                    [
                        Point(UpgradeTaskType.Cluster, cluster, state == "Stalled" ? ApiApp.Now.AddDays(-1) : ApiApp.Now.AddMinutes(-5)),
                        .. postCheck.Length > 0
                            ? [Point(UpgradeTaskType.PostCheck, postCheck, ApiApp.Now.AddMinutes(-2))]
                            : Array.Empty<UpgradeTask>(),
                    ],
                },
            };

        static UpgradeTask Point(UpgradeTaskType type, string status, DateTimeOffset startedAt) =>
            new()
            {
                Type = type,
                TaskId = $"task-of-{type}",
                Status = UpgradeTaskStatus.From(status),
                StartedAt = startedAt,
                EndedAt = status == "Running" ? null : startedAt.AddMinutes(1),
            };
    }
}
