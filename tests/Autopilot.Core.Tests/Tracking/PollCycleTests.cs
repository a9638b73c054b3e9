using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Tracking;

public sealed class PollCycleTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly MemoryStore _store = new();
    private readonly ScriptedSource _upstream = new();
    private readonly FakeTimeProvider _clock = new(Start);
    private readonly List<ServiceProvider> _providers = [];

    public void Dispose() => _providers.ForEach(p => p.Dispose());

    [Fact]
    public async Task A_first_read_appends_the_first_state()
    {
        var id = Track("w1");

        var result = await CycleAsync();

        Assert.Equal((1, 1, 0, 0, true), (result.Polled, result.Changed, result.Unchanged, result.Failed, result.Complete));
        var state = Assert.Single(_store.HistoryOf(id));
        Assert.Equal(1, state.Entry.Sequence);
        Assert.Equal((1, Start, state.Entry.Hash), (_store[id].Sequence, _store[id].ObservedAt, _store[id].Hash));
    }

    [Fact]
    public async Task An_unchanged_state_is_not_stored_again_but_its_observation_time_is()
    {
        var id = Track("w1");
        await CycleAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));

        var result = await CycleAsync();

        Assert.Equal((1, 0, 1), (result.Polled, result.Changed, result.Unchanged));
        Assert.Single(_store.HistoryOf(id));
        Assert.Equal(Start.AddMinutes(1), _store[id].ObservedAt);
        Assert.Equal(Start, _store[id].LastChangedAt);
    }

    [Fact]
    public async Task A_state_that_comes_back_is_three_changes()
    {
        var id = Track("w1");
        foreach (var taskId in (string[])["a", "b", "a"])
        {
            _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Running", taskId));
            await CycleAsync();
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([1, 2, 3], _store.HistoryOf(id).Select(s => s.Entry.Sequence));
        Assert.Equal(_store.HistoryOf(id)[0].Entry.Hash, _store.HistoryOf(id)[2].Entry.Hash);
    }

    [Theory]
    [InlineData("Running", 1)]
    [InlineData("Fresh", 1)]
    [InlineData("Init", 5)]
    [InlineData("Pending", 5)]
    public async Task A_phase_has_its_own_cadence(string phase, int ticks)
    {
        Track("w1");
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, phase));
        var polledAt = new List<int>();
        for (var tick = 0; tick <= 10; tick++, _clock.Advance(TimeSpan.FromMinutes(1)))
        {
            if ((await CycleAsync()).Polled == 1)
            {
                polledAt.Add(tick);
            }
        }

        // The first interval may be shorter: from then on each has its own offset.
        Assert.Equal((0, true), (polledAt[0], polledAt[1] <= ticks));
        Assert.All(polledAt.Skip(1).Zip(polledAt.Skip(2)), pair => Assert.Equal(ticks, pair.Second - pair.First));
        Assert.True(polledAt.Count > 10 / ticks);
    }

    [Fact]
    public async Task A_workflow_that_fails_to_read_backs_off_keeps_its_state_and_recovers_at_once()
    {
        var id = Track("w1");
        await CycleAsync();
        var good = _store[id];
        _upstream.Answer = _ => throw new UpstreamException(UpstreamFailure.Unavailable, "Upstream did not answer.");
        var polledAt = new List<int>();
        for (var tick = 1; tick <= 120; tick++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            if ((await CycleAsync()).Failed == 1)
            {
                polledAt.Add(tick);
            }
        }

        // tick × 2^failures: 2, 4, 8, 16, then at most 30 minutes.
        Assert.Equal([1, 3, 7, 15, 31, 61, 91], polledAt);
        Assert.Equal((good.Hash, good.ObservedAt, 7), (_store[id].Hash, _store[id].ObservedAt, _store[id].Failure!.Count));
        Assert.Equal(Start.AddMinutes(1), _store[id].Failure!.Since);

        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Running"));
        await CycleAsync(dueOnly: false);
        Assert.Null(_store[id].Failure);
        Assert.Equal(_clock.GetUtcNow().AddSeconds(30), _store[id].NextPollAt);
    }

    [Fact]
    public async Task Three_404s_in_a_row_mean_gone_and_an_answer_reopens()
    {
        var id = Track("w1");
        await CycleAsync();
        _upstream.Answer = _ => throw new UpstreamException(UpstreamFailure.NotFound, "Upstream does not know this workflow.");
        foreach (var expected in (DateTimeOffset?[])[null, null, Start.AddMinutes(1)])
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(1, (await CycleAsync()).Failed);
            Assert.Equal(expected, _store[id].GoneSince);
        }

        Assert.Equal(Assessment.Gone, WorkflowSummarizer.Assess(_store[id], Baseline.Empty));
        // Its own offset among the thirty ticks, never later.
        Assert.InRange(_store[id].NextPollAt, _clock.GetUtcNow(), _clock.GetUtcNow().AddMinutes(30));
        for (var position = 0; position < 2; position++)
        {
            _clock.SetUtcNow(_store[id].NextPollAt.AddSeconds(30));
            Assert.Equal(1, (await CycleAsync()).Failed);
        }

        _clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(0, (await CycleAsync()).Polled);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Running"));
        Assert.Equal(1, (await CycleAsync()).Unchanged);
        Assert.Null(_store[id].GoneSince);
    }

    [Fact]
    public async Task A_workflow_gone_for_seven_days_is_finished_as_gone_at_its_first_404()
    {
        Track("w1");
        await CycleAsync();
        _upstream.Answer = _ => throw new UpstreamException(UpstreamFailure.NotFound, "Upstream does not know this workflow.");
        for (var i = 0; i < 4; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await CycleAsync();
        }

        Assert.Empty(_store.Runs);
        _clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal(1, (await CycleAsync()).Finished);
        var run = Assert.Single(_store.Runs);
        Assert.Equal((WorkflowOutcome.Gone, Start.AddMinutes(1)), (run.Outcome, run.EndedAt));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, (await CycleAsync()).Polled);
    }

    [Fact]
    public async Task Only_a_404_ends_a_gone_workflow_and_other_failures_keep_its_slow_interval()
    {
        var id = Track("w1");
        await CycleAsync();
        _upstream.Answer = _ => throw new UpstreamException(UpstreamFailure.NotFound, "Upstream does not know this workflow.");
        for (var i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await CycleAsync();
        }

        _clock.Advance(TimeSpan.FromDays(8));
        _upstream.Answer = _ => throw new UpstreamException(UpstreamFailure.Unavailable, "no answer");
        Assert.Equal((1, 0), (await CycleAsync()) is var r ? (r.Failed, r.Finished) : default);
        Assert.Equal(
            _store[id].NextPollAt,
            _clock.GetUtcNow()
                + TickOffset.Next(_clock.GetUtcNow(), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(30), TickOffset.HashOf(id))
                - TimeSpan.FromSeconds(30)
        );
        Assert.NotNull(_store[id].GoneSince);
    }

    [Fact]
    public async Task A_workflow_that_cannot_be_finished_is_reported_and_retried()
    {
        Track("w1");
        Track("w2");
        _store.NotFinishing.Add("w1");
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Success"));

        var result = await CycleAsync();
        Assert.Equal((2, 1, false), (result.Changed, result.Finished, result.Complete));
        Assert.Contains("w1", Assert.Single(result.Errors), StringComparison.Ordinal);

        _store.NotFinishing.Clear();
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((0, 1, true), (await CycleAsync()) is var next ? (next.Polled, next.Finished, next.Complete) : default);
    }

    [Fact]
    public async Task A_workflow_in_repeated_conflict_is_reported_and_left_for_the_next_cycle()
    {
        var id = Track("w1");
        var seen = 0;
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Running", $"ours-{++seen}"));
        _store.BeforeWrite = _ =>
        {
            var between = ScriptedSource.Document(_store[id].Target, "Running", $"theirs-{seen}");
            _store.Put(_store[id] with { Sequence = _store[id].Sequence + 1, Hash = between.Hash, State = between.State });
        };

        var result = await CycleAsync();

        Assert.Equal((0, 1, false), (result.Polled, result.Skipped, result.Complete));
        Assert.Equal(4, seen);
    }

    [Fact]
    public async Task Other_failures_between_404s_start_their_count_again()
    {
        var id = Track("w1");
        await CycleAsync();
        foreach (
            var failure in (UpstreamFailure[])
                [
                    UpstreamFailure.NotFound,
                    UpstreamFailure.NotFound,
                    UpstreamFailure.Unavailable,
                    UpstreamFailure.NotFound,
                    UpstreamFailure.NotFound,
                ]
        )
        {
            _clock.Advance(TimeSpan.FromMinutes(5));
            _upstream.Answer = _ => throw new UpstreamException(failure, "no");
            await CycleAsync(dueOnly: false);
        }

        Assert.Null(_store[id].GoneSince);
        Assert.Equal(2, _store[id].Failure!.Count);
    }

    [Theory]
    [InlineData("Success", WorkflowOutcome.Succeeded)]
    [InlineData("Cancel", WorkflowOutcome.Cancelled)]
    public async Task A_terminal_phase_finishes_the_workflow_once(string phase, WorkflowOutcome outcome)
    {
        var id = Track("w1");
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, phase));

        var result = await CycleAsync();

        Assert.Equal((1, 1), (result.Changed, result.Finished));
        Assert.Equal(outcome, Assert.Single(_store.Runs).Outcome);
        Assert.Equal(outcome, _store[id].Outcome);
    }

    [Fact]
    public async Task A_final_row_left_behind_by_a_crash_is_moved_without_a_GET()
    {
        Track("w1");
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Success"));
        await CycleAsync();
        _store.Runs.Clear();
        _upstream.Read.Clear();

        var result = await CycleAsync();

        Assert.Equal((0, 1), (result.Polled, result.Finished));
        Assert.Empty(_upstream.Read);
    }

    [Fact]
    public async Task After_a_conflict_the_observation_is_made_again()
    {
        var id = Track("w1");
        var answers = new Queue<string>(["old", "new"]);
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Running", answers.Dequeue()));
        _store.BeforeWrite = _ =>
        {
            // While "old" travels, another process reads and stores "between".
            _store.BeforeWrite = null;
            var between = ScriptedSource.Document(_store[id].Target, "Running", "between");
            _store.Put(_store[id] with { Sequence = 1, Hash = between.Hash, State = between.State });
        };

        var result = await CycleAsync();

        Assert.Equal((1, 1, true), (result.Changed, result.Conflicts, result.Complete));
        Assert.Equal(["new"], _store.HistoryOf(id).Select(s => WorkflowDocument.Read(s.Document).State.Tasks[0].TaskId));
        Assert.Equal(2, _store[id].Sequence);
    }

    [Fact]
    public async Task A_workflow_untracked_while_it_was_read_is_dropped()
    {
        var id = Track("w1");
        _store.BeforeWrite = _ => _store.Remove(id);

        var result = await CycleAsync();

        Assert.Equal((0, 0, true), (result.Polled, result.Failed, result.Complete));
        Assert.Empty(_store.HistoryOf(id));
    }

    [Fact]
    public async Task A_state_that_does_not_fit_keeps_the_last_good_one_and_says_so()
    {
        var id = Track("w1");
        await CycleAsync();
        var good = _store[id].Hash;
        _store.TooLarge.Add(id);
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Running", "large"));

        var result = await CycleAsync(dueOnly: false);

        Assert.Equal((1, 0, 1), (result.Polled, result.Changed, result.Failed));
        Assert.Equal(good, _store[id].Hash);
        Assert.Contains("does not fit", _store[id].Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_bad_workflow_never_stops_the_others()
    {
        var ids = Enumerable.Range(0, 40).Select(i => Track($"w{i}")).ToList();
        _upstream.Answer = target =>
            target.WorkflowId switch
            {
                "w3" => throw new InvalidOperationException("a bug"),
                "w4" => throw new UpstreamException(UpstreamFailure.Denied, "403"),
                "w5" => Task.FromResult(ScriptedSource.Document(target with { WorkflowId = "another" }, "Running")),
                _ => Task.FromResult(ScriptedSource.Document(target, "Running")),
            };

        var result = await CycleAsync();

        Assert.Equal((40, 37, 3, true), (result.Polled, result.Changed, result.Failed, result.Complete));
        Assert.Equal(37, ids.Count(id => _store[id].Sequence == 1));
        Assert.Equal(UpstreamFailure.Invalid, _store["w5"].Failure!.Kind);
    }

    [Theory]
    [InlineData(UpstreamFailure.Rejected)]
    [InlineData(UpstreamFailure.Misconfigured)]
    public async Task A_rejection_stops_the_cycle_and_backs_no_workflow_off(UpstreamFailure failure)
    {
        for (var i = 0; i < 200; i++)
        {
            Track($"w{i}");
        }

        _upstream.Answer = async _ =>
        {
            await Task.Yield();
            throw new UpstreamException(failure, "Upstream refuses our access key.");
        };

        var result = await CycleAsync();

        Assert.False(result.Complete);
        Assert.Equal((0, 200), (result.Polled, result.Skipped));
        Assert.Contains("Upstream refuses our access key.", result.Errors);
        Assert.True(_upstream.Read.Count <= 64, $"{_upstream.Read.Count} reads went out after the refusal");
        Assert.All(Enumerable.Range(0, 200), i => Assert.Null(_store[$"w{i}"].Failure));
        Assert.Contains(_store.Boards, b => b is { LastError: not null, CompletedAt: null });
    }

    [Fact]
    public async Task A_throttled_workflow_stays_due_and_the_result_names_the_window()
    {
        var id = Track("w1");
        _upstream.Status = new UpstreamStatus(null, null, new ThrottleWindow(200, TimeSpan.FromMinutes(5)));
        _upstream.Answer = _ => throw new UpstreamException(UpstreamFailure.Throttled, "429");

        var result = await CycleAsync();

        Assert.Equal((0, 1, false), (result.Polled, result.Skipped, result.Complete));
        Assert.Equal(200, result.Throttle!.Limit);
        Assert.Equal(
            "1 workflow waits for the next cycle: upstream allows 200 requests in 00:05:00 and they are used up.",
            Assert.Single(result.Errors)
        );
        Assert.Null(_store.Boards[Shard.Of(id).Index]!.CompletedAt);
        Assert.Null(_store[id].Failure);
        Assert.True(_store[id].NextPollAt <= _clock.GetUtcNow());
    }

    [Fact]
    public async Task While_throttled_running_workflows_are_read_first_and_otherwise_the_oldest()
    {
        Seed("pending", "Pending", dueMinutesAgo: 9);
        Seed("young", "Running", dueMinutesAgo: 1);
        Seed("old", "Running", dueMinutesAgo: 5);

        await CycleAsync(concurrency: 1);
        Assert.Equal(["pending", "old", "young"], _upstream.Read);

        _upstream.Read.Clear();
        _clock.Advance(TimeSpan.FromMinutes(30));
        Seed("pending", "Pending", dueMinutesAgo: 9);
        Seed("young", "Running", dueMinutesAgo: 1);
        Seed("old", "Running", dueMinutesAgo: 5);
        _upstream.Status = new UpstreamStatus(null, null, new ThrottleWindow(200, TimeSpan.FromMinutes(5)));
        await CycleAsync(concurrency: 1);
        Assert.Equal(["old", "young", "pending"], _upstream.Read);
    }

    [Fact]
    public async Task A_shard_that_is_slow_to_read_keeps_no_other_waiting_unless_upstream_throttles()
    {
        var (slow, quick) = (Track("w1"), Track("w0"));
        Assert.True(Shard.Of(slow).Index < Shard.Of(quick).Index);
        var asked = new TaskCompletionSource();
        var read = new TaskCompletionSource();
        _store.BeforeRead = shard => shard == Shard.Of(slow) ? asked.Task : Task.CompletedTask;
        _upstream.Answer = target =>
        {
            asked.TrySetResult();
            return Task.FromResult(ScriptedSource.Document(target, "Running"));
        };
        var result = await CycleAsync();
        Assert.Equal([quick, slow], _upstream.Read);
        Assert.Equal((2, true), (result.Changed, result.Complete));

        _upstream.Read.Clear();
        _upstream.Status = new UpstreamStatus(null, null, new ThrottleWindow(200, TimeSpan.FromMinutes(5)));
        _clock.Advance(TimeSpan.FromMinutes(1));
        _store.Put(_store[slow] with { NextPollAt = _store[slow].NextPollAt.AddSeconds(-1) });
        _store.BeforeRead = shard => shard == Shard.Of(slow) ? read.Task : Task.CompletedTask;
        var throttled = CycleAsync(concurrency: 1);
        read.SetResult();
        Assert.Equal(2, (await throttled).Unchanged);
        Assert.Equal([slow, quick], _upstream.Read);
    }

    [Fact]
    public async Task A_shard_that_breaks_while_it_is_read_is_reported_and_the_others_continue()
    {
        var (bad, good) = (Track("w0"), Track("w1"));
        _store.BeforeRead = shard =>
            shard == Shard.Of(bad) ? Task.FromException(new InvalidOperationException("a bug")) : Task.CompletedTask;

        var result = await CycleAsync();

        Assert.Equal((1, false), (result.Changed, result.Complete));
        Assert.Equal(good, Assert.Single(_upstream.Read));
        Assert.DoesNotContain("a bug", Assert.Single(result.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spent_budget_ends_the_cycle_cleanly_and_keeps_what_was_read()
    {
        for (var i = 0; i < 20; i++)
        {
            Track($"w{i}");
        }

        var stuck = new TaskCompletionSource<WorkflowObservation>();
        var answered = 0;
        _upstream.Answer = target =>
            Interlocked.Increment(ref answered) <= 5 ? Task.FromResult(ScriptedSource.Document(target, "Running")) : stuck.Task;

        var cycle = CycleAsync(concurrency: 2);
        while (_upstream.Read.Count < 7)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        _clock.Advance(TimeSpan.FromMinutes(4));
        var result = await cycle;

        Assert.Equal((5, 5, 15, false), (result.Polled, result.Changed, result.Skipped, result.Complete));
        Assert.Contains(result.Errors, e => e.Contains("budget", StringComparison.Ordinal));

        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Running"));
        Assert.Equal(20, (await CycleAsync()).Polled);
    }

    [Fact]
    public async Task A_stopping_process_writes_what_it_has_read()
    {
        for (var i = 0; i < 10; i++)
        {
            Track($"w{i}");
        }

        using var stopping = new CancellationTokenSource();
        var stuck = new TaskCompletionSource<WorkflowObservation>();
        var answered = 0;
        _upstream.Answer = target =>
        {
            if (Interlocked.Increment(ref answered) <= 4)
            {
                return Task.FromResult(ScriptedSource.Document(target, "Running"));
            }

            stopping.CancelAfter(1);
            return stuck.Task;
        };

        var result = await Cycle(concurrency: 1).RunAsync(new CycleRequest(DueOnly: true), stopping.Token);

        Assert.Equal((4, 4, false), (result.Polled, result.Changed, result.Complete));
        Assert.Equal(4, Enumerable.Range(0, 10).Count(i => _store.HistoryOf($"w{i}").Count == 1));
    }

    [Fact]
    public async Task An_unreachable_shard_is_reported_and_the_others_continue()
    {
        for (var i = 0; i < 64; i++)
        {
            Track($"w{i}");
        }

        var down = Shard.Of("w0");
        _store.Down.Add(down);

        var result = await CycleAsync();

        var lost = Enumerable.Range(0, 64).Count(i => Shard.Of($"w{i}") == down);
        Assert.Equal((64 - lost, false), (result.Changed, result.Complete));
        Assert.Contains($"Shard {down}", Assert.Single(result.Errors), StringComparison.Ordinal);
        Assert.Null(_store.Boards[down.Index]);
    }

    [Fact]
    public async Task No_more_reads_are_in_flight_than_settings_allow()
    {
        for (var i = 0; i < 100; i++)
        {
            Track($"w{i}");
        }

        _upstream.Answer = async target =>
        {
            await Task.Delay(1);
            return ScriptedSource.Document(target, "Running");
        };

        await CycleAsync(concurrency: 7);

        Assert.InRange(_upstream.MostInFlight, 2, 7);
    }

    [Fact]
    public async Task Concurrent_requests_for_a_full_cycle_share_one()
    {
        Track("w1");
        var limiter = new TaskCompletionSource();
        _upstream.Answer = async target =>
        {
            await limiter.Task;
            return ScriptedSource.Document(target, "Running");
        };
        var cycle = Cycle();
        var passes = Enumerable.Range(0, 5).Select(_ => cycle.RunAsync(new CycleRequest(DueOnly: false), CancellationToken.None)).ToList();
        limiter.SetResult();

        var results = await Task.WhenAll(passes);

        Assert.Single(_upstream.Read);
        Assert.All(results, r => Assert.Same(results[0], r));
    }

    [Fact]
    public async Task A_full_cycle_without_waiting_callers_ends_with_what_it_has_read()
    {
        for (var i = 0; i < 10; i++)
        {
            Track($"w{i}");
        }

        using var leaving = new CancellationTokenSource();
        var stuck = new TaskCompletionSource<WorkflowObservation>();
        var answered = 0;
        _upstream.Answer = target =>
        {
            if (Interlocked.Increment(ref answered) <= 4)
            {
                return Task.FromResult(ScriptedSource.Document(target, "Running"));
            }

            leaving.CancelAfter(1);
            return stuck.Task;
        };

        var result = await Cycle(concurrency: 1).RunAsync(new CycleRequest(DueOnly: false), leaving.Token);

        Assert.Equal((4, 4, false), (result.Polled, result.Changed, result.Complete));
        Assert.Equal(4, Enumerable.Range(0, 10).Count(i => _store.HistoryOf($"w{i}").Count == 1));
    }

    [Fact]
    public async Task Targets_from_settings_are_tracked_once_and_not_after_a_person_untracked_them()
    {
        _store.Put(new TrackedWorkflow { Target = new WorkflowTarget("p1", "c1", "w2"), Tracked = false });
        var cycle = Cycle(settings: new() { ["Tracking:Workflows:0"] = "P1/C1/W1", ["Tracking:Workflows:1"] = "p1/c1/w2" });

        var result = await cycle.RunAsync(new CycleRequest(DueOnly: true), CancellationToken.None);

        Assert.Equal(1, result.Polled);
        Assert.Equal(new WorkflowTarget("p1", "c1", "w1"), _store["w1"].Target);
        Assert.False(_store["w2"].Tracked);
    }

    [Theory]
    [InlineData("Running", 60)]
    [InlineData("Pending", 60)]
    [InlineData("Running", -60)]
    [InlineData("Pending", -60)]
    public async Task When_the_clock_is_set_right_again_nothing_waits_for_the_time_it_showed(string phase, int minutesWrong)
    {
        var id = Track("w1");
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, phase));
        _clock.AdjustTime(Start.AddMinutes(minutesWrong));
        await CycleAsync(dueOnly: false);
        _clock.AdjustTime(Start);

        var first = await CycleAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        var again = await CycleAsync();

        Assert.Equal((1, 0), (first.Polled, again.Polled));
        Assert.Equal(Start, _store[id].ObservedAt);
        Assert.Single(_store.HistoryOf(id));
    }

    [Fact]
    public async Task A_workflow_that_backs_off_is_not_read_earlier_for_being_far_from_due()
    {
        Track("w1");
        _upstream.Answer = _ => throw new UpstreamException(UpstreamFailure.Unavailable, "Down.");
        var polledAt = new List<int>();
        for (var tick = 0; tick < 120; tick++, _clock.Advance(TimeSpan.FromMinutes(1)))
        {
            if ((await CycleAsync()).Polled > 0)
            {
                polledAt.Add(tick);
            }
        }

        Assert.Equal([0, 2, 6, 14, 30, 60, 90], polledAt);
    }

    private string Track(string id)
    {
        _store.Put(
            new TrackedWorkflow
            {
                Target = new WorkflowTarget("p1", "c1", id),
                TrackedAt = Start,
                NextPollAt = Start,
            }
        );
        return id;
    }

    private void Seed(string id, string phase, int dueMinutesAgo)
    {
        var observation = ScriptedSource.Document(new WorkflowTarget("p1", "c1", id), phase);
        _store.Put(
            new TrackedWorkflow
            {
                Target = new WorkflowTarget("p1", "c1", id),
                Sequence = 1,
                Hash = observation.Hash,
                State = observation.State,
                ObservedAt = _clock.GetUtcNow().AddMinutes(-dueMinutesAgo),
                NextPollAt = _clock.GetUtcNow().AddMinutes(-dueMinutesAgo),
            }
        );
    }

    private Task<CycleResult> CycleAsync(bool dueOnly = true, int concurrency = 32) =>
        Cycle(concurrency).RunAsync(new CycleRequest(dueOnly), CancellationToken.None);

    private PollCycle Cycle(int concurrency = 32, Dictionary<string, string?>? settings = null)
    {
        settings ??= [];
        settings["Polling:MaxConcurrency"] = $"{concurrency}";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var provider = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(_clock)
            .AddStore(_store)
            .AddSingleton<IBaselineStore>(new BaselineInMemory())
            .AddSingleton<IUpgradeWorkflowSource>(_upstream)
            .AddAutopilotCore(configuration)
            .BuildServiceProvider();
        _providers.Add(provider);
        return provider.GetRequiredService<PollCycle>();
    }
}
