using System.Diagnostics;
using System.Text.Json.Nodes;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking.FanOut;

namespace Autopilot.Functions.Tests.Worker;

/// <summary>
/// However the published app is stopped in the middle of a cycle, every state that it had received is stored. Upstream falls silent after
/// some answers; what it had answered by then counts as observed.
/// </summary>
public sealed class StopWithoutLossTests(AzuriteFixture azurite) : WorkerStops(azurite)
{
    [Theory]
    [InlineData("SIGTERM", 20)]
    [InlineData("terminate", 40)]
    [InlineData("connection cut", 60)]
    public async Task A_poll_that_a_person_requested_loses_nothing(string way, int moment) =>
        Assert.Equal(
            $"{way} after {moment} answers: 0 lost, ended",
            await StopAsync(
                way,
                moment,
                host =>
                {
                    var http = new HttpClient
                    {
                        BaseAddress = host.Address,
                        DefaultRequestHeaders = { { "x-functions-key", WorkerHost.Key } },
                    };
                    return ("", http.PostAsync("/api/poll", null).ContinueWith(_ => new JsonObject(), TaskScheduler.Default));
                }
            )
        );

    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("terminate")]
    [InlineData("cancel")]
    [InlineData("connection cut")]
    public async Task A_shard_from_the_queue_loses_nothing(string way) =>
        Assert.Equal(
            $"{way} after 3 answers: 0 lost, ended",
            await StopAsync(way, 3, host => host.Deliver("PollShard", ShardMessage()), new() { ["Polling:FanOut"] = "Queue" })
        );

    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("terminate")]
    [InlineData("connection cut")]
    public async Task A_poll_of_one_workflow_loses_nothing(string way)
    {
        await using var slow = await SlowTables.StartAsync(Azurite.Server.TableEndpoint);

        Assert.Equal(
            $"{way} after 1 answers: 0 lost, ended",
            await StopAsync(
                way,
                1,
                host =>
                {
                    // Still writing when the stop comes.
                    slow.Latency = TimeSpan.FromSeconds(1.5);
                    var http = new HttpClient
                    {
                        BaseAddress = host.Address,
                        DefaultRequestHeaders = { { "x-functions-key", WorkerHost.Key } },
                    };
                    return (
                        "",
                        http.PostAsync($"/api/workflows/{Id(1)}/poll", null).ContinueWith(_ => new JsonObject(), TaskScheduler.Default)
                    );
                },
                new() { ["AutopilotStorage"] = slow.ConnectionString(Azurite.ConnectionString) }
            )
        );
    }

    [Theory]
    [InlineData("SIGTERM", 5)]
    [InlineData("terminate", 10)]
    public async Task A_slow_store_has_the_grace_period(string way, int graceSeconds)
    {
        await using var slow = await SlowTables.StartAsync(Azurite.Server.TableEndpoint);

        Assert.Equal(
            $"{way} after 32 answers: 0 lost, ended",
            await StopAsync(
                way,
                32,
                host => host.Tick("PollTimer"),
                new() { ["AutopilotStorage"] = slow.ConnectionString(Azurite.ConnectionString) },
                TimeSpan.FromSeconds(graceSeconds),
                // Most of the period, so that waiting less would lose.
                () => slow.Latency = TimeSpan.FromSeconds(graceSeconds * 0.7)
            )
        );
    }

    [Fact]
    public async Task A_store_that_hangs_does_not_keep_a_stopped_worker_alive()
    {
        await using var slow = await SlowTables.StartAsync(Azurite.Server.TableEndpoint);
        await using var upstream = await UpstreamStub.StartAsync(32);
        await using var host = await StartAsync(
            upstream,
            Prefix(),
            new() { ["AutopilotStorage"] = slow.ConnectionString(Azurite.ConnectionString) }
        );
        _ = host.Tick("PollTimer");
        await upstream.Reached.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        slow.Latency = TimeSpan.FromMinutes(5);

        var stopped = Stopwatch.StartNew();
        Signal(host.ProcessId, "TERM");
        await host.EndsAsync(TimeSpan.FromSeconds(20));

        Assert.InRange(stopped.Elapsed, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(15));
        Assert.Contains(host.Logs, log => log is { EventName: "InvocationsCutOff", Level: "Error" });
    }

    [Fact]
    public async Task Whatever_hangs_a_stop_without_a_named_grace_takes_five_seconds()
    {
        (string Work, string Way)[] cases =
        [
            ("cycle", "SIGINT"),
            ("cycle", "terminate, then cut"),
            ("cycle", "SIGTERM twice"),
            ("GET", "SIGTERM"),
            ("POST", "SIGTERM"),
        ];

        var ends = new List<string>();
        foreach (var pair in cases.Chunk(3))
        {
            ends.AddRange(await Task.WhenAll(pair.Select(one => EndWhileStorageHangsAsync(one.Work, one.Way))));
        }

        Assert.Equal(
            [
                "cycle, SIGINT: in time, Error InvocationsCutOff",
                "cycle, terminate, then cut: in time, ",
                "cycle, SIGTERM twice: in time, Error InvocationsCutOff",
                "GET, SIGTERM: in time, Warning ReadsCutOff",
                "POST, SIGTERM: in time, Error InvocationsCutOff",
            ],
            ends
        );
    }

    [Fact]
    public async Task A_worker_whose_host_goes_away_while_it_starts_ends_too()
    {
        await using var upstream = await UpstreamStub.StartAsync();
        await using var host = await WorkerHost.LaunchAsync(
            await PublishedApp.FolderAsync(),
            Settings(upstream, Prefix(), []),
            cutsAtOnce: true
        );

        await host.EndsAsync(TimeSpan.FromSeconds(30));

        Assert.True(host.ExitCode == 0, $"It ended with {host.ExitCode}: {host.Output}");
    }

    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("terminate")]
    [InlineData("stream closed")]
    [InlineData("connection cut")]
    public async Task An_idle_worker_ends_at_once(string way)
    {
        await using var upstream = await UpstreamStub.StartAsync();
        await using var host = await WorkerHost.StartAsync(await PublishedApp.FolderAsync(), Settings(upstream, Prefix(), []));

        var stopped = Stopwatch.StartNew();
        Stop(host, way, "", TimeSpan.FromSeconds(5));
        await host.EndsAsync(TimeSpan.FromSeconds(20));

        Assert.InRange(stopped.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        Assert.Equal(0, host.ExitCode);
    }

    private async Task<string> EndWhileStorageHangsAsync(string work, string way)
    {
        await using var slow = await SlowTables.StartAsync(Azurite.Server.TableEndpoint);
        await using var upstream = await UpstreamStub.StartAsync(work == "cycle" ? 32 : 1);
        await using var host = await StartAsync(
            upstream,
            Prefix(),
            new() { ["AutopilotStorage"] = slow.ConnectionString(Azurite.ConnectionString) }
        );
        using var http = new HttpClient { BaseAddress = host.Address, DefaultRequestHeaders = { { "x-functions-key", WorkerHost.Key } } };
        if (work == "cycle")
        {
            _ = host.Tick("PollTimer");
            await upstream.Reached.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            slow.Latency = TimeSpan.FromMinutes(5);
        }
        else
        {
            slow.Latency = TimeSpan.FromMinutes(5);
            // A GET whose own limit is longer than the grace period.
            using var request = new HttpRequestMessage(
                new HttpMethod(work),
                work == "GET" ? "/api/clusters" : $"/api/workflows/{Id(1)}/poll"
            );
            _ = http.SendAsync(request, CancellationToken.None).ContinueWith(_ => { }, TaskScheduler.Default);
            await slow.Hangs.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        }

        var stopped = Stopwatch.StartNew();
        switch (way)
        {
            case "terminate, then cut":
                host.Terminate(TimeSpan.FromSeconds(30));
                await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
                host.CutConnection();
                break;
            case "SIGTERM twice":
                Signal(host.ProcessId, "TERM");
                await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
                Signal(host.ProcessId, "TERM");
                break;
            default:
                Signal(host.ProcessId, way[3..]);
                break;
        }

        await host.EndsAsync(TimeSpan.FromSeconds(40));
        // A second signal that prolonged the wait would make it nine seconds.
        var inTime = stopped.Elapsed > TimeSpan.FromSeconds(4) && stopped.Elapsed < TimeSpan.FromSeconds(8.5);
        var logged = host
            .Logs.Where(log => log.EventName.EndsWith("CutOff", StringComparison.Ordinal))
            .Select(log => $"{log.Level} {log.EventName}");
        return $"{work}, {way}: {(inTime ? "in time" : $"after {stopped.Elapsed}")}, {string.Join(' ', logged)}";
    }

    private static string ShardMessage()
    {
        // The fullest shard is as good as any: sixteen of them share 64 workflows.
        var shard = Enumerable.Range(1, Workflows).GroupBy(number => Shard.Of(Id(number))).MaxBy(group => group.Count())!.Key;
        var now = DateTimeOffset.UtcNow;
        return new ShardMessage(shard, now, now.AddMinutes(5)).ToText();
    }
}
