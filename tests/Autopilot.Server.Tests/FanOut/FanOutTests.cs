using System.Net.Http.Json;
using System.Text.Json;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Server.Tests.Running;
using Autopilot.Simulator.Fleet;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Autopilot.Server.Tests.FanOut;

/// <summary>The server's roles over a real queue.</summary>
public sealed class FanOutTests(AzuriteFixture azurite)
{
    private const int Workflows = 40;

    private readonly SimulatedFleet _fleet = SimulatedFleet.Create(Workflows, seed: 7);

    [Fact]
    public async Task A_scheduler_and_two_workers_share_the_shards_and_every_shard_is_ready()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        upstream.App.Faults.Latency = TimeSpan.FromMilliseconds(100);
        var settings = Settings(upstream);
        settings["Polling:MaxConcurrency"] = "1";
        await using var first = await RunningServer.StartAsync(As(settings, "Worker"));
        await using var second = await RunningServer.StartAsync(As(settings, "Worker"));
        await using var scheduler = await RunningServer.StartAsync(As(settings, "Scheduler"));

        await ReadAllAsync(scheduler);

        Assert.True(Done(first) > 0 && Done(second) > 0, $"{Done(first)} and {Done(second)} shards");
        Assert.Equal(0, Done(scheduler));
        Assert.Contains(scheduler.Log.GetSnapshot(), r => r.Id.Name == "Dispatched");
        Assert.DoesNotContain(
            first.Log.GetSnapshot().Concat(second.Log.GetSnapshot()),
            r => r.Id.Name is "Dispatched" or "FirstCycle" || r.Level >= LogLevel.Error
        );
        var until = DateTimeOffset.UtcNow.AddSeconds(60);
        // Each state was read once: no shard was polled by both.
        var statuses = await scheduler.Services.GetRequiredService<IShardStatusStore>().ReadAllAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Workflows, statuses.Sum(status => status!.Active));
        // With a tick of seconds a busy machine is overdue now and then, and an answer is kept for ten seconds.
        for (; ; await Task.Delay(500))
        {
            using var ready = await scheduler.Client.GetAsync("/api/health/ready");
            if (ready.IsSuccessStatusCode)
            {
                break;
            }

            Assert.True(DateTimeOffset.UtcNow < until, await ready.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task One_process_may_be_both()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        await using var server = await RunningServer.StartAsync(Settings(upstream));

        await ReadAllAsync(server);

        Assert.True(Done(server) > 0);
        Assert.DoesNotContain(server.Log.GetSnapshot(), r => r.Id.Name == "CycleDone");
    }

    [Fact]
    public async Task A_requested_cycle_runs_in_the_asked_process_and_skips_leased_shards()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        var settings = Settings(upstream);
        settings["PollSchedule"] = "disabled";
        await using var server = await RunningServer.StartAsync(settings);
        var all = await PollAsync(server);
        Assert.Equal((Workflows, true), (all.GetProperty("polled").GetInt32(), all.GetProperty("complete").GetBoolean()));
        Assert.False(all.TryGetProperty("leasedShards", out _));

        var cancellation = TestContext.Current.CancellationToken;
        var shard = Shard.Of(_fleet.Workflows[0].Id);
        var store = server.Services.GetRequiredService<IShardReader>();
        var contents = await store.ReadShardAsync(shard, cancellation);
        await server
            .Services.GetRequiredService<IShardStatusStore>()
            .TakeLeaseAsync(shard, contents.Status, new ShardLease("another", DateTimeOffset.UtcNow.AddMinutes(1)), cancellation);

        var rest = await PollAsync(server);
        Assert.Equal(
            (Workflows - contents.Workflows.Count, contents.Workflows.Count, 1, false),
            (
                rest.GetProperty("polled").GetInt32(),
                rest.GetProperty("skipped").GetInt32(),
                rest.GetProperty("leasedShards").GetInt32(),
                rest.GetProperty("complete").GetBoolean()
            )
        );
        Assert.Contains(
            $"Shard {shard.Key} is being polled by another process",
            rest.GetProperty("errors")[0].GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal("another", (await store.ReadShardAsync(shard, cancellation)).Status!.Lease!.Holder);
    }

    [Fact]
    public async Task A_worker_that_is_terminated_writes_what_it_saw_and_leaves_no_lease_behind()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        upstream.App.Faults.Latency = TimeSpan.FromMilliseconds(400);
        var settings = Settings(upstream);
        settings["Polling:MaxConcurrency"] = "2";
        settings["PollSchedule"] = "0 * * * * *";
        await using var worker = await ServerProcess.ServeAsync(As(settings, null), "--role", "worker");
        await using var scheduler = await RunningServer.StartAsync(As(settings, "Scheduler"));
        while (upstream.Reads < 6)
        {
            await Task.Delay(20);
        }

        await worker.TerminateAsync();
        Assert.Equal(0, await worker.ExitAsync(TimeSpan.FromSeconds(30)));

        var statuses = await scheduler.Services.GetRequiredService<IShardStatusStore>().ReadAllAsync(TestContext.Current.CancellationToken);
        Assert.All(statuses, status => Assert.Null(status?.Lease));
        Assert.InRange(statuses.Sum(status => status?.Changed ?? 0), 4, Workflows - 1);
        Assert.DoesNotContain("fail:", worker.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("worker")]
    [InlineData("scheduler")]
    public async Task One_role_alone_is_rejected_without_the_queue(string role)
    {
        await using var server = ServerProcess.Start(TestSettings.Of(azurite.ConnectionString), "--role", role);

        Assert.Equal(78, await server.ExitAsync());
        Assert.Contains("setting: Server:Role (--role) is", server.Error, StringComparison.Ordinal);
        Assert.Contains("set Polling:FanOut to Queue, or leave the role at All", server.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_does_not_exist_is_named_with_those_that_do()
    {
        await using var server = ServerProcess.Start(TestSettings.Of(azurite.ConnectionString), "--role=boss");

        Assert.Equal(78, await server.ExitAsync());
        Assert.Equal("setting: Server:Role is 'boss': give one of All, Scheduler, Worker.", server.Error.Split('\n')[0].Trim());
    }

    [Fact]
    public async Task Check_includes_the_queue()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        var settings = Settings(upstream);
        await using var server = ServerProcess.Start(settings, "check");

        Assert.Equal(0, await server.ExitAsync());
        Assert.Contains(
            $"queue {settings["PollQueue"]} at {azurite.Server.QueueEndpoint}/{settings["PollQueue"]} can be reached",
            server.Output,
            StringComparison.Ordinal
        );
    }

    private static async Task ReadAllAsync(RunningServer server)
    {
        var until = DateTime.UtcNow.AddSeconds(60);
        while (true)
        {
            if (await server.Client.CountReadAsync() == Workflows)
            {
                return;
            }

            Assert.True(DateTime.UtcNow < until, "Not all was read: " + string.Join('\n', server.Log.GetSnapshot().Select(r => r.Message)));
            await Task.Delay(100);
        }
    }

    private static async Task<JsonElement> PollAsync(RunningServer server)
    {
        using var answer = await server.Client.PostAsync("/api/poll", null);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static int Done(RunningServer server) => server.Log.GetSnapshot().Count(r => r.Id.Name == "ShardDone");

    private Dictionary<string, string?> Settings(Upstream upstream)
    {
        var settings = upstream.Settings(azurite.ConnectionString, _fleet);
        settings["Polling:FanOut"] = "Queue";
        settings["PollQueue"] = $"t-{Guid.NewGuid():N}";
        settings["PollSchedule"] = "* * * * * *";
        return settings;
    }

    private static Dictionary<string, string?> As(Dictionary<string, string?> settings, string? role) =>
        new(settings) { ["Server:Role"] = role };
}
