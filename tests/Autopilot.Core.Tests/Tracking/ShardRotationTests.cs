using Autopilot.Core.Rows;
using Autopilot.Core.Tests.Tracking.FanOut;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Tracking;

/// <summary>A fleet too large for a cycle to hold at once.</summary>
public sealed class ShardRotationTests : IDisposable
{
    private const int Workflows = 8_000;

    private static readonly DateTimeOffset Start = FanOutRig.Start;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(30);

    private readonly FanOutRig _rig = new();
    private readonly MemoryStore _store;
    private readonly FakeTimeProvider _clock;
    private readonly ScriptedSource _upstream = new();

    public ShardRotationTests()
    {
        (_store, _clock) = (_rig.Store, _rig.Clock);
        for (var i = 0; i < Workflows; i++)
        {
            _store.Put(
                new TrackedWorkflow
                {
                    Target = new WorkflowTarget("p1", "c1", $"w{i}"),
                    TrackedAt = Start,
                    NextPollAt = Start,
                }
            );
        }
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_cycle_holds_a_few_shards_at_a_time_however_large_the_fleet()
    {
        var sizes = Enumerable.Range(0, Workflows).CountBy(i => Shard.Of($"w{i}")).ToDictionary();
        var (held, most) = (0, 0);
        _store.BeforeRead = shard =>
        {
            most = Math.Max(most, Interlocked.Add(ref held, sizes[shard]));
            return Task.CompletedTask;
        };
        _store.BeforeWrite = shard => Interlocked.Add(ref held, -sizes[shard]);

        var result = await CycleOfAsync(Process());

        Assert.Equal((Workflows, Workflows, true), (result.Polled, result.Changed, result.Complete));
        Assert.InRange(most, 1_000, 2_000);
    }

    [Fact]
    public async Task Of_a_small_fleet_it_holds_all_so_that_the_oldest_comes_first()
    {
        foreach (var i in Enumerable.Range(16, Workflows - 16))
        {
            _store.Remove($"w{i}");
        }

        var oldest = "w7";
        _store.Put(_store[oldest] with { NextPollAt = Start.AddMinutes(-1) });

        var result = await CycleOfAsync(Process(concurrency: 1));

        Assert.Equal((16, true), (result.Polled, result.Complete));
        // The first shards that are opened have already begun.
        Assert.InRange(_upstream.Read.IndexOf(oldest), 0, 1);
    }

    [Fact]
    public async Task A_budget_that_ends_every_cycle_early_leaves_out_other_shards_each_time()
    {
        var process = Process();
        const int perCycle = 1_600;
        for (var cycle = 0; cycle < 8; cycle++)
        {
            SpendBudgetAfter(perCycle);
            var result = await CycleOfAsync(process);
            Assert.Equal((Workflows, false), (result.Polled + result.Skipped, result.Complete));
            Assert.All(_store.Boards, status => Assert.Equal(_clock.GetUtcNow() - Budget, status!.StartedAt));
            _clock.Advance(TimeSpan.FromMinutes(1) - Budget);
        }

        // Five would be enough without shards that were read in part: they come first, and that part is due again.
        Assert.Equal(Workflows, _upstream.Read.Distinct().Count());
    }

    // Once in a round it begins twice with the same shard.
    [Theory]
    [InlineData(1, Shard.Count + 2)]
    [InlineData(4, 2 * Shard.Count)]
    public async Task So_it_does_if_a_process_runs_a_single_cycle(int ticks, int cycles)
    {
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            SpendBudgetAfter(700);
            await CycleOfAsync(Process());
            _clock.Advance(TimeSpan.FromMinutes(ticks) - Budget);
        }

        Assert.Equal(Workflows, _upstream.Read.Distinct().Count());
    }

    [Fact]
    public async Task Shards_that_hang_as_they_are_opened_keep_no_other_waiting()
    {
        var hanging = new TaskCompletionSource();
        var opened = 0;
        _store.BeforeRead = _ => Interlocked.Increment(ref opened) <= 3 ? hanging.Task : Task.CompletedTask;
        var cycle = Process().RunAsync(new CycleRequest(DueOnly: true, TimeSpan.FromHours(1)), CancellationToken.None);
        Assert.Empty(_upstream.Read);

        for (; _upstream.Read.Count < Workflows / 2; _clock.Advance(TimeSpan.FromSeconds(1)))
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        hanging.SetResult();
        Assert.True((await cycle).Complete);
    }

    [Fact]
    public async Task Shards_that_cannot_be_read_do_not_wait_for_each_other()
    {
        var (now, most) = (0, 0);
        _store.BeforeRead = async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Yield();
            await Task.Delay(20, TestContext.Current.CancellationToken);
            Interlocked.Decrement(ref now);
        };
        _store.Down.UnionWith(Shard.All);

        var result = await CycleOfAsync(Process());

        Assert.False(result.StoreReached);
        Assert.Single(result.Errors);
        Assert.True(most > 3, $"{most} at once");
    }

    [Fact]
    public async Task A_shard_larger_than_what_a_cycle_may_hold_is_polled_like_any_other()
    {
        _rig.Track(2_500, Shard.All[5]);

        var result = await CycleOfAsync(Process());

        Assert.True(result.Complete);
        Assert.True(result.Polled >= Workflows + 1_500);
    }

    private static Task<CycleResult> CycleOfAsync(PollCycle process) =>
        process.RunAsync(new CycleRequest(DueOnly: true, Budget), CancellationToken.None);

    /// <summary>From now on so many reads are answered; then the budget's time is over.</summary>
    private void SpendBudgetAfter(int reads)
    {
        var answered = 0;
        var never = new TaskCompletionSource<WorkflowObservation>();
        _upstream.Answer = target =>
        {
            var number = Interlocked.Increment(ref answered);
            if (number == reads)
            {
                _clock.Advance(Budget);
            }

            return number <= reads ? Task.FromResult(ScriptedSource.Document(target, "Running")) : never.Task;
        };
    }

    private PollCycle Process(int concurrency = 32) =>
        _rig.NewProcess(_upstream, new() { ["Polling:FanOut"] = "Inline", ["Polling:MaxConcurrency"] = $"{concurrency}" })
            .Services.GetRequiredService<PollCycle>();
}
