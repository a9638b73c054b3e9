using Autopilot.Core.Rows;
using Autopilot.Core.Tracking.FanOut;

namespace Autopilot.Core.Tests.Tracking.FanOut;

public sealed class ShardDispatchTests : IDisposable
{
    private readonly FanOutRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Each_non_empty_shard_gets_one_message_valid_for_a_tick()
    {
        _rig.Track(3, Shard.All[3]);
        _rig.Track(1, Shard.All[12]);

        var result = await _rig.NewProcess().DispatchAsync();

        Assert.Equal((2, 14, 0), (result.Sent, result.Empty, result.Failed));
        Assert.Equal(["3", "c"], _rig.Queue.Sent.Select(m => m.Shard.Key).Order());
        Assert.All(_rig.Queue.Sent, m => Assert.Equal((FanOutRig.Start, FanOutRig.Start.AddMinutes(1)), (m.DispatchedAt, m.ExpiresAt)));
    }

    [Fact]
    public async Task After_a_tick_every_shard_has_a_completed_cycle_also_an_empty_one()
    {
        _rig.Track(1, Shard.All[3]);
        _rig.Clock.Advance(TimeSpan.FromMinutes(5));
        var process = _rig.NewProcess();

        await process.DispatchAsync();
        Assert.Null(_rig.Board(Shard.All[3]));
        await process.WorkOffAsync(_rig.Queue.Sent[0].ToText());

        Assert.All(
            _rig.Store.Boards,
            status => Assert.Equal((_rig.Clock.GetUtcNow(), _rig.Clock.GetUtcNow()), (status!.StartedAt, status.CompletedAt))
        );
    }

    [Fact]
    public async Task A_dispatch_peeks_once_at_each_shard_and_writes_only_for_empty_ones()
    {
        for (var shard = 0; shard < 10; shard++)
        {
            _rig.Track(20, Shard.All[shard]);
        }

        await _rig.NewProcess().DispatchAsync();

        Assert.Equal((16, 6, 10, 0), (_rig.Store.Glances, _rig.Store.BoardWrites, _rig.Queue.Sent.Count, _rig.Store.Leases));
    }

    [Fact]
    public async Task A_shard_that_cannot_be_peeked_is_reported_and_the_others_are_dispatched()
    {
        foreach (var shard in Shard.All)
        {
            _rig.Track(1, shard);
        }

        _rig.Store.Down.Add(Shard.All[3]);
        _rig.Store.Down.Add(Shard.All[10]);

        var result = await _rig.NewProcess().DispatchAsync();

        Assert.Equal((14, 0, 2), (result.Sent, result.Empty, result.Failed));
        Assert.Equal(["Shard 3, a could not be dispatched: The table service cannot be reached."], result.Errors);
    }

    [Fact]
    public async Task A_queue_that_is_down_is_reported_in_a_sentence_and_the_next_tick_continues()
    {
        foreach (var shard in Shard.All)
        {
            _rig.Track(1, shard);
        }

        _rig.Queue.Down = true;
        var process = _rig.NewProcess();

        Assert.Equal(
            (0, 16),
            (await process.DispatchAsync()) switch
            {
                var r => (r.Sent, r.Errors.Count * r.Failed),
            }
        );

        _rig.Queue.Down = false;
        Assert.Equal(16, (await process.DispatchAsync()).Sent);
    }

    [Fact]
    public async Task Targets_of_settings_are_tracked_before_the_shards_are_peeked()
    {
        var process = _rig.NewProcess(settings: new() { ["Tracking:Workflows:0"] = "p1/c1/w7" });

        await process.DispatchAsync();

        Assert.Equal(Shard.Of("w7"), Assert.Single(_rig.Queue.Sent).Shard);
    }

    [Fact]
    public async Task The_status_of_a_shard_whose_last_workflow_is_being_finished_is_left_alone()
    {
        var shard = Shard.All[5];
        var status = await _rig.Store.TakeLeaseAsync(
            shard,
            null,
            new ShardLease("another", FanOutRig.Start.AddMinutes(4)),
            CancellationToken.None
        );

        Assert.Equal(16, (await _rig.NewProcess().DispatchAsync()).Empty);

        Assert.Equal(status, _rig.Board(shard));
    }

    [Fact]
    public async Task A_tick_dispatches_with_the_queue_and_polls_without()
    {
        _rig.Track();

        await _rig.NewProcess().TickAsync();
        Assert.Single(_rig.Queue.Sent);

        var inline = _rig.NewProcess(settings: new() { ["Polling:FanOut"] = "Inline" });
        await inline.TickAsync();
        Assert.Single(_rig.Queue.Sent);
        Assert.Single(inline.Upstream.Read);
    }

    [Fact]
    public async Task A_receiver_in_the_same_process_is_notified_of_a_dispatch()
    {
        var dispatch = (ShardDispatch)_rig.NewProcess().Services.GetService(typeof(ShardDispatch))!;
        var heard = dispatch.Sent;
        await dispatch.RunAsync(CancellationToken.None);
        Assert.False(heard.IsCompleted);

        _rig.Track();
        await dispatch.RunAsync(CancellationToken.None);

        Assert.True(heard.IsCompleted);
        Assert.False(dispatch.Sent.IsCompleted);
    }
}
