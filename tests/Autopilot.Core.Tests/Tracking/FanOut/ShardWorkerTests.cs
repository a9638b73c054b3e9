using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tests.Tracking.Discovery;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Upstream;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Core.Tests.Tracking.FanOut;

public sealed class ShardWorkerTests : IDisposable
{
    private readonly FanOutRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_message_works_its_shard_off_and_no_other()
    {
        var shard = _rig.Track(3);
        _rig.Track(2, Shard.All[9]);
        var process = _rig.NewProcess();

        Assert.Equal(ShardOutcome.Done, await process.WorkOffAsync(_rig.Message(shard)));

        Assert.Equal(FanOutRig.IdsIn(shard).Take(3), process.Upstream.Read.Order(StringComparer.Ordinal).OrderBy(id => id.Length));
        Assert.All(process.Upstream.Read, id => Assert.Single(_rig.Store.HistoryOf(id)));
        Assert.Equal((3, 3, null), (_rig.Board(shard)!.Polled, _rig.Board(shard)!.Changed, _rig.Board(shard)!.Lease));
        Assert.Null(_rig.Board(Shard.All[9]));
    }

    [Fact]
    public async Task However_long_the_queue_took_a_running_workflow_is_due_again_in_the_next_tick()
    {
        var shard = _rig.Track();
        var process = _rig.NewProcess();
        for (var tick = 1; tick <= 5; tick++)
        {
            var message = _rig.Message(shard);
            // Delivered near the end of its tick, and then at once.
            var delay = TimeSpan.FromSeconds(tick % 2 == 0 ? 0 : 55);
            _rig.Clock.Advance(delay);
            await process.WorkOffAsync(message);
            Assert.Equal(tick, process.Upstream.Read.Count);
            _rig.Clock.Advance(TimeSpan.FromMinutes(1) - delay);
        }
    }

    [Fact]
    public async Task A_message_that_comes_twice_is_processed_once()
    {
        var shard = _rig.Track(4);
        var message = _rig.Message(shard);
        var processes = new[] { _rig.NewProcess(), _rig.NewProcess() };

        Assert.Equal(ShardOutcome.Done, await processes[0].WorkOffAsync(message));
        var (status, writes) = (_rig.Board(shard), _rig.Store.BoardWrites);
        Assert.Equal(ShardOutcome.DoneBefore, await processes[1].WorkOffAsync(message));
        Assert.Equal(ShardOutcome.DoneBefore, await processes[0].WorkOffAsync(message));

        Assert.Equal((4, 0), (processes[0].Upstream.Read.Count, processes[1].Upstream.Read.Count));
        Assert.Equal((status, writes), (_rig.Board(shard), _rig.Store.BoardWrites));
    }

    [Fact]
    public async Task A_message_that_comes_after_a_later_one_is_dropped()
    {
        var shard = _rig.Track();
        var process = _rig.NewProcess();
        var earlier = _rig.Message(shard);
        _rig.Clock.Advance(TimeSpan.FromSeconds(40));
        var later = _rig.Message(shard);

        Assert.Equal(ShardOutcome.Done, await process.WorkOffAsync(later));
        var startedAt = _rig.Board(shard)!.StartedAt;
        Assert.Equal(ShardOutcome.DoneBefore, await process.WorkOffAsync(earlier));

        Assert.Single(process.Upstream.Read);
        Assert.Equal(startedAt, _rig.Board(shard)!.StartedAt);
    }

    [Theory]
    [InlineData(59.9, ShardOutcome.Done)]
    [InlineData(60, ShardOutcome.Late)]
    [InlineData(3600, ShardOutcome.Late)]
    public async Task A_message_whose_tick_is_over_is_dropped_without_a_read(double secondsLater, ShardOutcome expected)
    {
        var shard = _rig.Track();
        var message = _rig.Message(shard);
        _rig.Clock.Advance(TimeSpan.FromSeconds(secondsLater));
        // Late: not even the store is asked.
        if (expected is ShardOutcome.Late)
        {
            _rig.Store.Down.Add(shard);
        }

        Assert.Equal(expected, await _rig.NewProcess().WorkOffAsync(message));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"shard":"3"}""")]
    [InlineData("""{"shard":"g","dispatchedAt":"2026-01-01T12:00:00Z","expiresAt":"2026-01-01T12:01:00Z"}""")]
    [InlineData("""{"shard":"3' or '1' eq '1","dispatchedAt":"2026-01-01T12:00:00Z","expiresAt":"2026-01-01T12:01:00Z"}""")]
    [InlineData("""{"shard":3,"dispatchedAt":"2026-01-01T12:00:00Z","expiresAt":"2026-01-01T12:01:00Z"}""")]
    [InlineData("""{"shard":"3","dispatchedAt":"2026-01-01T12:00:00Z","expiresAt":"2026-01-01T12:00:00Z"}""")]
    [InlineData("""{"shard":"3","dispatchedAt":"2026-01-01T12:00:00Z","expiresAt":"9999-01-01T12:00:00Z"}""")]
    [InlineData("""{"shard":"3","dispatchedAt":"2026-01-01T12:05:00Z","expiresAt":"2026-01-01T12:06:00Z"}""")]
    [InlineData("""{"shard":"3","dispatchedAt":"yesterday","expiresAt":"2026-01-01T12:06:00Z"}""")]
    public async Task A_message_that_is_none_of_ours_or_of_another_time_is_dropped(string? text)
    {
        _rig.Track();
        var process = _rig.NewProcess();

        Assert.Equal(ShardOutcome.NotOurs, await process.WorkOffAsync(text));

        Assert.Empty(process.Upstream.Read);
    }

    [Fact]
    public async Task A_message_that_arrives_while_polling_is_inline_is_dropped()
    {
        var shard = _rig.Track();
        var process = _rig.NewProcess(settings: new() { ["Polling:FanOut"] = "Inline" });

        Assert.Equal(ShardOutcome.NotOurs, await process.WorkOffAsync(_rig.Message(shard)));

        Assert.Empty(process.Upstream.Read);
        Assert.Null(_rig.Board(shard));
    }

    [Fact]
    public async Task With_nothing_due_no_lease_is_taken_and_the_shard_status_has_the_cycle()
    {
        var shard = _rig.Track();
        var process = _rig.NewProcess();
        await process.WorkOffAsync(_rig.Message(shard));
        _rig.Clock.Advance(TimeSpan.FromSeconds(10));
        var (leases, writes) = (_rig.Store.Leases, _rig.Store.BoardWrites);

        Assert.Equal(ShardOutcome.Done, await process.WorkOffAsync(_rig.Message(shard)));

        Assert.Equal((leases, writes + 1, 1), (_rig.Store.Leases, _rig.Store.BoardWrites, process.Upstream.Read.Count));
        Assert.Equal(_rig.Clock.GetUtcNow(), _rig.Board(shard)!.CompletedAt);
    }

    [Fact]
    public async Task A_shard_with_only_a_cluster_takes_a_lease_only_if_the_cluster_is_due()
    {
        var (upstream, fleet, shard) = (new FleetUpstream(), new MemoryFleet(_rig.Store), Shard.Of("c1"));
        _rig.Store.Fleet = fleet;
        fleet.Clusters["c1"] = new TrackedCluster
        {
            ProjectId = "p",
            ClusterId = "c1",
            TrackedAt = FanOutRig.Start,
            NextDiscoveryAt = FanOutRig.Start,
        };
        using var provider = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(_rig.Clock)
            .AddStore(_rig.Store)
            .AddSingleton<IShardQueue>(_rig.Queue)
            .AddSingleton<IClusterStore>(fleet)
            .AddSingleton<IBaselineStore>(new BaselineInMemory())
            .AddSingleton<IUpgradeWorkflowSource>(upstream)
            .AddSingleton<IClusterSource>(upstream)
            .AddAutopilotCore(
                new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Polling:FanOut"] = "Queue" }).Build()
            )
            .BuildServiceProvider();
        var worker = provider.GetRequiredService<ShardWorker>();

        await provider.GetRequiredService<ShardDispatch>().RunAsync(CancellationToken.None);
        var message = Assert.Single(_rig.Queue.Sent);
        Assert.Equal(shard, message.Shard);
        Assert.Equal(ShardOutcome.Done, await worker.ProcessAsync(message.ToText(), CancellationToken.None));

        Assert.Contains("list c1", upstream.Asked);
        Assert.Equal((1, null, FanOutRig.Start), (_rig.Store.Leases, _rig.Board(shard)!.Lease, _rig.Board(shard)!.CompletedAt));
        var asked = upstream.Asked.Count;
        Assert.Equal(ShardOutcome.DoneBefore, await worker.ProcessAsync(message.ToText(), CancellationToken.None));

        _rig.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(ShardOutcome.Done, await worker.ProcessAsync(_rig.Message(shard), CancellationToken.None));
        Assert.Equal((asked, 1, _rig.Clock.GetUtcNow()), (upstream.Asked.Count, _rig.Store.Leases, _rig.Board(shard)!.CompletedAt));
    }

    [Fact]
    public async Task A_failing_shard_is_completed_and_the_others_continue()
    {
        var shards = new[] { _rig.Track(2, Shard.All[1]), _rig.Track(2, Shard.All[2]) };
        var process = _rig.NewProcess();
        _rig.Store.Down.Add(shards[0]);

        Assert.Equal(
            [ShardOutcome.Failed, ShardOutcome.Done],
            await Task.WhenAll(shards.Select(s => process.WorkOffAsync(_rig.Message(s))))
        );

        _rig.Store.Down.Clear();
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ShardOutcome.Done, await process.WorkOffAsync(_rig.Message(shards[0])));
    }

    [Fact]
    public async Task A_shard_that_cannot_be_written_is_reported_and_read_after_its_lease()
    {
        var shard = _rig.Track(2);
        var process = _rig.NewProcess();
        _rig.Store.BeforeWrite = _ => throw new StorageUnavailableException("The table service cannot be reached.");

        Assert.Equal(ShardOutcome.Incomplete, await process.WorkOffAsync(_rig.Message(shard)));

        _rig.Store.BeforeWrite = null;
        _rig.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(ShardOutcome.Done, await process.WorkOffAsync(_rig.Message(shard)));
        Assert.Equal(4, process.Upstream.Read.Count);
    }

    [Fact]
    public async Task A_stopped_worker_writes_what_it_read_and_another_does_the_rest_in_the_tick()
    {
        var shard = _rig.Track(2);
        var ids = FanOutRig.IdsIn(shard).Take(2).ToList();
        var message = _rig.Message(shard);
        var stopped = _rig.NewProcess();
        using var stopping = new CancellationTokenSource();
        stopped.Upstream.Answer = async target =>
        {
            if (target.WorkflowId == ids[1])
            {
                await stopping.CancelAsync();
                await Task.Delay(Timeout.Infinite, stopping.Token);
            }
            return ScriptedSource.Document(target, "Running");
        };
        var one = _rig.NewProcess(stopped.Upstream, new() { ["Polling:MaxConcurrency"] = "1" });

        Assert.Equal(ShardOutcome.Stopped, await one.WorkOffAsync(message, stopping.Token));
        Assert.Equal((1, 0), (_rig.Store.HistoryOf(ids[0]).Count, _rig.Store.HistoryOf(ids[1]).Count));
        Assert.Null(_rig.Board(shard)!.Lease);

        var other = _rig.NewProcess();
        Assert.Equal(ShardOutcome.Done, await other.WorkOffAsync(message));
        Assert.Equal([ids[1]], other.Upstream.Read);
    }

    [Fact]
    public async Task A_rejection_by_upstream_stops_the_shard_and_is_in_its_status()
    {
        var shard = _rig.Track(2);
        var process = _rig.NewProcess();
        process.Upstream.Answer = _ => throw new UpstreamException(UpstreamFailure.Rejected, "Upstream refuses our credentials.");

        Assert.Equal(ShardOutcome.Incomplete, await process.WorkOffAsync(_rig.Message(shard)));

        Assert.Equal(
            ("Upstream refuses our credentials.", null, null),
            (_rig.Board(shard)!.LastError, _rig.Board(shard)!.CompletedAt, _rig.Board(shard)!.Lease)
        );
    }
}
