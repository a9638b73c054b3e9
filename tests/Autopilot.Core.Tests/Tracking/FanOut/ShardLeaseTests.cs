using System.Collections.Concurrent;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;
using CsCheck;

namespace Autopilot.Core.Tests.Tracking.FanOut;

public sealed class ShardLeaseTests : IDisposable
{
    private readonly FanOutRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_shard_being_polled_is_skipped_and_reported_until_its_status_is_written()
    {
        var shard = _rig.Track(2);
        var (first, second) = (_rig.NewProcess(), _rig.NewProcess());
        var (asked, letGo) = first.Hang();
        var running = first.WorkOffAsync(_rig.Message(shard));
        await asked;

        // A cycle that takes long: the next tick's message finds the shard taken, and so does a person.
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ShardOutcome.Leased, await second.WorkOffAsync(_rig.Message(shard)));
        var cycle = await second.CycleAsync();
        Assert.Equal((1, 0, 2, false), (cycle.LeasedShards, cycle.Polled, cycle.Skipped, cycle.Complete));
        Assert.Equal(["Shard 3 is being polled by another process, and left to it."], cycle.Errors);
        Assert.Empty(second.Upstream.Read);

        letGo.SetResult();
        Assert.Equal(ShardOutcome.Done, await running);
        Assert.Null(_rig.Board(shard)!.Lease);
        Assert.Equal(
            (0, 2),
            (await second.CycleAsync()) switch
            {
                var r => (r.LeasedShards, r.Polled),
            }
        );
    }

    [Fact]
    public async Task The_lease_of_a_process_that_died_runs_out_after_the_budget_and_a_margin()
    {
        var shard = _rig.Track();
        await _rig.Store.TakeLeaseAsync(
            shard,
            null,
            new ShardLease("dead", FanOutRig.Start.Add(new PollingOptions().CycleBudget + new PollingOptions().LeaseMargin)),
            CancellationToken.None
        );
        var process = _rig.NewProcess();

        _rig.Clock.Advance(TimeSpan.FromSeconds(269));
        Assert.Equal(ShardOutcome.Leased, await process.WorkOffAsync(_rig.Message(shard)));
        _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ShardOutcome.Done, await process.WorkOffAsync(_rig.Message(shard)));
    }

    [Fact]
    public async Task A_lease_from_a_clock_that_was_an_hour_ahead_blocks_no_other_process()
    {
        var shard = _rig.Track();
        await _rig.Store.TakeLeaseAsync(shard, null, new ShardLease("dead", FanOutRig.Start.AddMinutes(64)), CancellationToken.None);

        Assert.Equal(ShardOutcome.Done, await _rig.NewProcess().WorkOffAsync(_rig.Message(shard)));
    }

    [Fact]
    public async Task A_cycle_from_before_the_clock_was_set_back_does_not_replace_later_ones()
    {
        var shard = _rig.Track();
        var process = _rig.NewProcess();
        _rig.Clock.AdjustTime(FanOutRig.Start.AddHours(1));
        Assert.Equal(ShardOutcome.Done, await process.WorkOffAsync(_rig.Message(shard)));
        _rig.Clock.AdjustTime(FanOutRig.Start);

        Assert.Equal(ShardOutcome.Done, await process.WorkOffAsync(_rig.Message(shard)));
        Assert.Equal(ShardOutcome.DoneBefore, await process.WorkOffAsync(_rig.Message(shard)));
        Assert.Equal(2, process.Upstream.Read.Count);
    }

    [Fact]
    public async Task A_lease_lasts_for_the_budget_and_the_margin_that_settings_give()
    {
        var shard = _rig.Track();
        var process = _rig.NewProcess(settings: new() { ["Polling:CycleBudget"] = "00:00:20", ["Polling:LeaseMargin"] = "00:00:05" });
        var (asked, letGo) = process.Hang();
        var running = process.WorkOffAsync(_rig.Message(shard));
        await asked;

        Assert.Equal(FanOutRig.Start.AddSeconds(25), _rig.Board(shard)!.Lease!.Until);
        letGo.SetResult();
        await running;
    }

    [Fact]
    public async Task Of_two_readers_of_a_shard_status_one_gets_the_shard()
    {
        var shard = _rig.Track(2);
        var (first, second) = (_rig.NewProcess(), _rig.NewProcess());
        var message = _rig.Message(shard);
        ShardOutcome? between = null;
        _rig.Store.BeforeLease = _ =>
        {
            // Another process comes between the read and the lease.
            _rig.Store.BeforeLease = null;
            between = second.WorkOffAsync(message).GetAwaiter().GetResult();
        };

        Assert.Equal(ShardOutcome.Leased, await first.WorkOffAsync(message));

        Assert.Equal((ShardOutcome.Done, 0, 2), (between, first.Upstream.Read.Count, second.Upstream.Read.Count));
    }

    [Fact]
    public async Task A_holder_of_an_expired_lease_loses_no_observation_and_ends_no_other_lease()
    {
        var shard = _rig.Track();
        var id = FanOutRig.IdsIn(shard).First();
        var (sleeper, successor) = (_rig.NewProcess(), _rig.NewProcess());
        var (asked, _) = successor.Hang();
        Task<ShardOutcome>? taken = null;
        _rig.Store.BeforeWrite = _ =>
        {
            // It sleeps before its write, until another has taken the shard.
            _rig.Store.BeforeWrite = null;
            _rig.Clock.Advance(TimeSpan.FromMinutes(10));
            taken = successor.WorkOffAsync(_rig.Message(shard));
            asked.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
        };

        await sleeper.WorkOffAsync(_rig.Message(shard));

        Assert.NotNull(_rig.Board(shard)!.Lease);
        Assert.Null(_rig.Board(shard)!.CompletedAt);
        Assert.Single(_rig.Store.HistoryOf(id));
        _rig.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(ShardOutcome.Incomplete, await taken!);
        Assert.Null(_rig.Board(shard)!.Lease);
    }

    [Fact]
    public async Task Inline_takes_no_lease_and_keeps_that_of_another_process()
    {
        var shard = _rig.Track();
        var lease = new ShardLease("another", FanOutRig.Start.AddMinutes(4));
        await _rig.Store.TakeLeaseAsync(shard, null, lease, CancellationToken.None);
        var inline = _rig.NewProcess(settings: new() { ["Polling:FanOut"] = "Inline" });

        var result = await inline.CycleAsync();

        Assert.Equal((1, true, 0), (result.Polled, result.Complete, result.LeasedShards));
        Assert.Equal((lease, FanOutRig.Start), (_rig.Board(shard)!.Lease, _rig.Board(shard)!.CompletedAt));
    }

    private enum Step
    {
        Dispatch,
        Deliver,
        Again,
        Answer,
        Die,
        Pass,
    }

    private static readonly Gen<(Step Step, int Pick, int Seconds)> Steps = Gen.Select(
        Gen.Frequency(
            (2, Gen.Const(Step.Dispatch)),
            (4, Gen.Const(Step.Deliver)),
            (2, Gen.Const(Step.Again)),
            (3, Gen.Const(Step.Answer)),
            (1, Gen.Const(Step.Die)),
            (2, Gen.Const(Step.Pass))
        ),
        Gen.Int[0, 1000],
        Gen.Int[1, 90]
    );

    [Fact]
    public async Task In_any_order_and_number_of_messages_a_leased_shard_has_one_poller() =>
        await Steps
            .Array[5, 60]
            .SampleAsync(
                async steps =>
                {
                    using var rig = new FanOutRig();
                    var shard = rig.Track(2);
                    var inside = new ConcurrentDictionary<int, int>();
                    var most = 0;
                    var deliveries = new List<Delivery>();
                    foreach (var (step, pick, seconds) in steps)
                    {
                        switch (step)
                        {
                            case Step.Dispatch:
                                await rig.NewProcess().DispatchAsync();
                                break;
                            case Step.Deliver or Step.Again when rig.Queue.Sent is { Count: > 0 } sent:
                                var message = step is Step.Deliver ? sent[^1] : sent[pick % sent.Count];
                                deliveries.Add(await Delivery.StartAsync(rig, message, inside, count => most = Math.Max(most, count)));
                                break;
                            case Step.Answer when deliveries.Count > 0:
                                var answered = deliveries[pick % deliveries.Count];
                                answered.LetGo.TrySetResult();
                                await answered.SettledAsync();
                                break;
                            case Step.Die when deliveries.Count > 0:
                                deliveries[pick % deliveries.Count].Die();
                                break;
                            case Step.Pass:
                                rig.Clock.Advance(TimeSpan.FromSeconds(seconds));
                                // Whose budget is spent lets go, but not within the clock's own call.
                                foreach (
                                    var spent in deliveries.Where(d =>
                                        d.StartedAt + new PollingOptions().CycleBudget <= rig.Clock.GetUtcNow()
                                    )
                                )
                                {
                                    await spent.SettledAsync();
                                }

                                break;
                        }
                    }

                    Assert.True(most <= 1, $"{most} pollers at once");

                    // And no lease keeps the shard for ever: once the dead ones' have run out, a tick completes it.
                    deliveries.ForEach(d => d.LetGo.TrySetResult());
                    await Task.WhenAll(deliveries.Select(d => d.EndedAsync()));
                    rig.Clock.Advance(TimeSpan.FromMinutes(5));
                    var last = rig.NewProcess();
                    await last.DispatchAsync();
                    Assert.Equal(ShardOutcome.Done, await last.WorkOffAsync(rig.Queue.Sent[^1].ToText()));
                    Assert.Null(rig.Board(shard)!.Lease);
                    Assert.Equal(rig.Clock.GetUtcNow(), rig.Board(shard)!.CompletedAt);
                    Assert.All(FanOutRig.IdsIn(shard).Take(2), id => Assert.Single(rig.Store.HistoryOf(id)));
                },
                iter: 300,
                threads: 1
            );

    /// <summary>One process that got one message; it reads until it is answered, its budget is spent, or it dies.</summary>
    private sealed class Delivery
    {
        private static int s_next;

        private readonly int _name = Interlocked.Increment(ref s_next);
        private readonly ConcurrentDictionary<int, int> _inside;
        private Task _task = Task.CompletedTask;
        private volatile bool _dead;

        private Delivery(ConcurrentDictionary<int, int> inside) => _inside = inside;

        public required DateTimeOffset StartedAt { get; init; }

        public TaskCompletionSource LetGo { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static async Task<Delivery> StartAsync(
            FanOutRig rig,
            ShardMessage message,
            ConcurrentDictionary<int, int> inside,
            Action<int> count
        )
        {
            var delivery = new Delivery(inside) { StartedAt = rig.Clock.GetUtcNow() };
            var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var process = rig.NewProcess();
            process.Upstream.Answer = async target =>
            {
                delivery.Enter(count);
                asked.TrySetResult();
                await delivery.LetGo.Task;
                return ScriptedSource.Document(target, "Running");
            };
            delivery._task = Task.Run(async () =>
            {
                await process.WorkOffAsync(message.ToText());
                inside.TryRemove(delivery._name, out _);
            });
            await Task.WhenAny(delivery._task, asked.Task).WaitAsync(TimeSpan.FromSeconds(30));
            return delivery;
        }

        /// <summary>From now on it neither reads nor writes; what it holds, it keeps until that runs out.</summary>
        public void Die()
        {
            lock (_inside)
            {
                _dead = true;
                _inside.TryRemove(_name, out _);
            }
        }

        /// <summary>One of its reads begins; those of a dead process do not count, however late they come.</summary>
        private void Enter(Action<int> count)
        {
            lock (_inside)
            {
                if (_dead)
                {
                    return;
                }

                _inside.AddOrUpdate(_name, 1, (_, reads) => reads + 1);
                count(_inside.Count);
            }
        }

        public Task EndedAsync() => _task.WaitAsync(TimeSpan.FromSeconds(30));

        public Task SettledAsync() => _dead ? Task.CompletedTask : EndedAsync();
    }
}
