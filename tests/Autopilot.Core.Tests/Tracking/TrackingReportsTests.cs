using System.Diagnostics;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Telemetry;
using Autopilot.Core.Tests.Tracking.FanOut;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Tracking;

/// <summary>
/// What the tracker reports: results, shard statuses, log events, metrics and traces, on which health, alerts and people on call rely.
/// </summary>
[Collection(nameof(ExclusiveCollection))]
public sealed class TrackingReportsTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly MemoryStore _store = new();
    private readonly ScriptedSource _upstream = new();
    private readonly BaselineInMemory _baselines = new();
    private readonly FakeTimeProvider _clock = new(Start);
    private readonly List<ServiceProvider> _providers = [];
    private FakeLogCollector _log = null!;

    public void Dispose() => _providers.ForEach(provider => provider.Dispose());

    [Fact]
    public async Task A_cycle_counts_over_all_shards()
    {
        // One that changes, one that fails, one that ends and one that throttles in each of many shards.
        for (var i = 0; i < 64; i++)
        {
            Track($"w{i}");
        }

        _upstream.Answer = target =>
            (int.Parse(target.WorkflowId[1..]) % 4) switch
            {
                0 => throw new UpstreamException(UpstreamFailure.Denied, "403"),
                1 => throw new UpstreamException(UpstreamFailure.Throttled, "429"),
                2 => Task.FromResult(ScriptedSource.Document(target, "Success")),
                _ => Task.FromResult(ScriptedSource.Document(target, "Running")),
            };

        var result = await CycleAsync();
        Assert.Equal(
            (48, 32, 0, 16, 16, 16, 16),
            (result.Polled, result.Changed, result.Unchanged, result.Failed, result.Finished, result.Throttled, result.Skipped)
        );
        Assert.Equal(
            ["16 workflows wait for the next cycle: the limit of upstream requests (Cce:RequestsPerMinute, or upstream's own) is used up."],
            result.Errors
        );
        Assert.Equal(
            (48, 32, 16),
            (
                _store.Boards.Sum(status => status!.Polled),
                _store.Boards.Sum(status => status!.Changed),
                _store.Boards.Sum(status => status!.Failed)
            )
        );
        Assert.Equal(64, _store.Boards.Sum(status => status!.Active));
        Assert.All(_store.Boards, status => Assert.Equal(Start, status!.StartedAt));

        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Running"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        result = await CycleAsync(dueOnly: false);
        Assert.Equal((48, 32, 16, 0), (result.Polled, result.Changed, result.Unchanged, result.Skipped));
        Assert.All(_store.Boards, status => Assert.Equal(Start.AddMinutes(1), status!.CompletedAt));
    }

    [Fact]
    public async Task Writes_that_met_others_or_were_read_back_are_counted_over_all_shards()
    {
        for (var i = 0; i < 32; i++)
        {
            Track($"w{i}");
        }

        _store.Ambiguous = 1;
        var answers = 0;
        _upstream.Answer = target =>
            Task.FromResult(ScriptedSource.Document(target, "Running", $"ours-{Interlocked.Increment(ref answers)}"));
        var met = new HashSet<Shard>();
        _store.BeforeWrite = shard =>
        {
            if (met.Add(shard))
            {
                foreach (var id in Enumerable.Range(0, 32).Select(i => $"w{i}").Where(id => Shard.Of(id) == shard))
                {
                    var between = ScriptedSource.Document(_store[id].Target, "Running", "theirs");
                    _store.Put(_store[id] with { Sequence = 1, Hash = between.Hash, State = between.State });
                }
            }
        };

        var result = await CycleAsync(concurrency: 1);

        var populated = Enumerable.Range(0, 32).Select(i => Shard.Of($"w{i}")).Distinct().Count();
        Assert.Equal((32, 32, Shard.Count + populated, true), (result.Changed, result.Conflicts, result.Ambiguous, result.Complete));
    }

    [Fact]
    public async Task A_workflow_that_was_dropped_meanwhile_is_neither_polled_nor_skipped()
    {
        Track("w1");
        _store.BeforeWrite = _ => _store.Remove("w1");
        using var gauges = new MetricCollector<int>(null, Instrumentation.Name, "autopilot.workflows");

        var result = await CycleAsync();
        gauges.RecordObservableInstruments();

        Assert.Equal((0, 0, true), (result.Polled, result.Skipped, result.Complete));
        Assert.All(gauges.GetMeasurementSnapshot(), measurement => Assert.Equal(0, measurement.Value));
    }

    [Fact]
    public async Task An_outage_of_the_store_is_one_sentence()
    {
        Track("w1");
        foreach (var shard in Shard.All)
        {
            _store.Down.Add(shard);
        }

        var result = await CycleAsync();

        Assert.Equal((false, false), (result.StoreReached, result.Complete));
        Assert.Equal(["No shard could be read: The table service cannot be reached."], result.Errors);
        Assert.Equal(0, _baselines.Looks);
    }

    [Fact]
    public async Task Shards_that_cannot_be_read_are_named_together_and_the_rest_reaches_the_store()
    {
        _store.Down.Add(Shard.All[3]);
        _store.Down.Add(Shard.All[10]);

        var result = await CycleAsync();

        Assert.Equal(["Shard 3, a could not be read: The table service cannot be reached."], result.Errors);
        Assert.True(result.StoreReached);
        Assert.Equal(1, _baselines.Looks);
    }

    [Fact]
    public async Task A_shard_that_cannot_be_written_loses_nothing_but_the_cycle()
    {
        var down = Shard.Of(Track("w1"));
        _store.BeforeWrite = shard => _ = shard == down ? throw new StorageUnavailableException("Down.") : 0;

        var result = await CycleAsync();

        Assert.False(result.Complete);
        Assert.Equal([$"Shard {down.Key} could not be written: Down."], result.Errors);
        Assert.Equal(LogLevel.Error, Logged("ShardNotWritten").Level);
        Assert.Equal((0L, Start), (_store["w1"].Sequence, _store["w1"].NextPollAt));
    }

    [Fact]
    public async Task A_bug_in_one_shards_write_is_reported_and_the_other_shards_continue()
    {
        var bad = Shard.Of(Track("w1"));
        var other = Enumerable.Range(2, 100).Select(i => $"w{i}").First(id => Shard.Of(id) != bad);
        Track(other);
        _store.BeforeWrite = shard => _ = shard == bad ? throw new InvalidOperationException("a bug") : 0;

        var result = await CycleAsync();

        Assert.Equal([$"Shard {bad.Key} could not be written; the log says more."], result.Errors);
        Assert.Equal("a bug", Logged("ShardBroke").Exception!.Message);
        Assert.Equal(1, _store[other].Sequence);
    }

    [Theory]
    [InlineData(true, "Workflow w1 has ended but could not be moved to the finished ones: Down.")]
    [InlineData(false, "Workflow w1 has ended but could not be moved to the finished ones; the log says more.")]
    public async Task A_workflow_that_could_not_be_finished_is_reported_with_its_reason(bool outage, string expected)
    {
        Track("w1");
        _store.NotFinishing.Add("w1");
        _store.WhyNotFinishing = outage ? new StorageUnavailableException("Down.") : new InvalidOperationException("a bug");
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Success"));

        Assert.Equal([expected], (await CycleAsync()).Errors);
        Assert.Same(_store.WhyNotFinishing, Logged("WorkflowNotFinished").Exception);
    }

    [Fact]
    public async Task An_outage_of_upstream_is_logged_once_and_names_three_workflows()
    {
        for (var i = 1; i <= 5; i++)
        {
            Track($"w{i}", dueSecondsAgo: 10 - i);
        }

        _upstream.Answer = _ =>
            throw new UpstreamException(UpstreamFailure.Unavailable, "Upstream does not answer.")
            {
                StatusCode = 503,
                Code = "CCE.01500001",
            };

        await CycleAsync(concurrency: 1);

        var reported = Logged("WorkflowsNotRead");
        Assert.Equal(LogLevel.Warning, reported.Level);
        Assert.StartsWith(
            "5 workflows could not be read: Unavailable (status 503, code CCE.01500001): Upstream does not answer. Such as w",
            reported.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(3, reported.Message.Split("Such as ")[1].Split(", ").Distinct().Count());
        Assert.Equal(5, All("WorkflowReadFailed").Count());
        Assert.All(All("WorkflowReadFailed"), record => Assert.Equal(LogLevel.Debug, record.Level));
    }

    [Fact]
    public async Task A_bug_a_throttled_workflow_and_a_too_large_state_are_each_reported()
    {
        Track("bug");
        Track("throttled");
        Track("large");
        _store.TooLarge.Add("large");
        _upstream.Answer = target =>
            target.WorkflowId switch
            {
                "bug" => throw new InvalidOperationException("a bug"),
                "throttled" => throw new UpstreamException(UpstreamFailure.Throttled, "429"),
                _ => Task.FromResult(ScriptedSource.Document(target, "Running")),
            };

        await CycleAsync();

        Assert.Equal(
            (LogLevel.Error, "a bug"),
            Logged("WorkflowReadBroke") is var broke ? (broke.Level, broke.Exception!.Message) : default
        );
        Assert.Equal("The answer could not be worked on; the log says more.", _store["bug"].Failure!.Message);
        Assert.Contains("throttled", Logged("WorkflowThrottled").Message, StringComparison.Ordinal);
        var bytes = ScriptedSource.Document(_store["large"].Target, "Running").Document.Length;
        Assert.Equal(
            $"A state of {bytes} bytes does not fit into the table; the last good state is kept.",
            _store["large"].Failure!.Message
        );
        Assert.Contains($" {bytes} bytes", Logged("StateTooLarge").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_details_that_could_not_be_read_are_reported_as_unknown()
    {
        Track("w1");
        _upstream.Answer = target => Task.FromResult(FailedPreCheck(target));
        _upstream.Why = _ => throw new UpstreamException(UpstreamFailure.Unavailable, "No answer.");
        await CycleAsync();
        Assert.Equal(LogLevel.Information, Logged("FailureNotRead").Level);

        _upstream.Why = _ => throw new InvalidOperationException("a bug");
        await CycleAsync(dueOnly: false);
        Assert.Equal("a bug", Logged("FailureBroke").Exception!.Message);
    }

    [Fact]
    public async Task Each_cycle_is_one_line_and_a_warning_when_it_is_not_complete()
    {
        Track("w1");
        await CycleAsync();
        Assert.Equal(LogLevel.Information, Logged("CycleDone").Level);
        Assert.StartsWith("Cycle: polled 1, changed 1, unchanged 0, failed 0, ", Logged("CycleDone").Message, StringComparison.Ordinal);

        _store.Down.Add(Shard.All[3]);
        _upstream.Answer = _ => throw new UpstreamException(UpstreamFailure.Throttled, "429");
        await CycleAsync(dueOnly: false);
        Assert.Equal(LogLevel.Warning, Logged("CycleDone").Level);
        Assert.EndsWith(
            " s. Shard 3 could not be read: The table service cannot be reached. 1 workflow waits for the next cycle: "
                + "the limit of upstream requests (Cce:RequestsPerMinute, or upstream's own) is used up.",
            Logged("CycleDone").Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_stopping_process_says_so()
    {
        Track("w1");
        using var stopping = new CancellationTokenSource();
        _upstream.Answer = async _ =>
        {
            await stopping.CancelAsync();
            await Task.Delay(Timeout.Infinite, stopping.Token);
            throw new UnreachableException();
        };

        var result = await Cycle().RunAsync(new CycleRequest(DueOnly: true), stopping.Token);

        Assert.Equal(["The process is stopping; the rest is due at once in the next cycle."], result.Errors);
    }

    [Fact]
    public async Task A_cycle_that_is_cancelled_before_it_begins_says_so_and_throws_nothing()
    {
        Track("w1");

        var result = await Cycle(settings: new() { ["Tracking:Workflows:0"] = "p1/c1/w2" })
            .RunAsync(new CycleRequest(DueOnly: true), new CancellationToken(canceled: true));

        Assert.Equal(
            ["No shard could be read: The process is stopping.", "The process is stopping; the rest is due at once in the next cycle."],
            result.Errors
        );
        Assert.False(result.StoreReached);
    }

    [Fact]
    public async Task Requested_polls_keep_to_the_concurrency_too()
    {
        Track("w1");
        Track("w2");
        var answer = new TaskCompletionSource();
        _upstream.Answer = async target =>
        {
            await answer.Task;
            return FailedPreCheck(target);
        };
        var why = new TaskCompletionSource<FailureReport?>();
        _upstream.Why = _ => why.Task;
        var poller = Services(concurrency: 1).GetRequiredService<WorkflowPoller>();

        var polls = new[] { poller.PollAsync("w1", CancellationToken.None), poller.PollAsync("w2", CancellationToken.None) };
        while (_upstream.Read.Count == 0)
        {
            await Task.Yield();
        }

        answer.SetResult();
        while (_upstream.Asked.Count == 0)
        {
            await Task.Yield();
        }

        why.SetResult(FailureReport.Nothing);
        await Task.WhenAll(polls);

        Assert.Equal((2, 2, 1), (_upstream.Read.Count, _upstream.Asked.Count, _upstream.MostInFlight));
    }

    [Fact]
    public async Task A_poll_that_others_keep_overtaking_answers_what_they_stored_after_four_reads()
    {
        Track("w1");
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Running", $"ours-{_upstream.Read.Count}"));
        _store.BeforeWrite = _ =>
            _store.Put(_store["w1"] with { Sequence = _store["w1"].Sequence + 1, Hash = $"theirs-{_upstream.Read.Count}" });

        var row = await Services().GetRequiredService<WorkflowPoller>().PollAsync("w1", CancellationToken.None);

        Assert.Equal(("theirs-4", 4), (row!.Hash, _upstream.Read.Count));
    }

    [Fact]
    public async Task A_poll_whose_state_does_not_fit_says_so()
    {
        Track("w1");
        _store.TooLarge.Add("w1");
        var bytes = ScriptedSource.Document(_store["w1"].Target, "Running").Document.Length;

        var thrown = await Assert.ThrowsAsync<UpstreamException>(() =>
            Services().GetRequiredService<WorkflowPoller>().PollAsync("w1", CancellationToken.None)
        );

        Assert.Equal(
            (UpstreamFailure.Invalid, $"A state of {bytes} bytes does not fit into the table; the last good state is kept."),
            (thrown.Failure, thrown.Message)
        );
    }

    [Fact]
    public async Task A_cycle_takes_no_longer_than_the_budget_it_is_given()
    {
        Track("w1");
        var stuck = new TaskCompletionSource<WorkflowObservation>();
        _upstream.Answer = _ => stuck.Task;
        var cycle = Cycle().RunAsync(new CycleRequest(DueOnly: true, Budget: TimeSpan.FromSeconds(10)), CancellationToken.None);
        while (_upstream.Read.Count == 0)
        {
            await Task.Yield();
        }

        _clock.Advance(TimeSpan.FromSeconds(10));

        var result = await cycle;
        Assert.Equal(["The cycle's budget is spent; the rest is due at once in the next cycle."], result.Errors);
        Assert.Equal(10, result.DurationSeconds);
    }

    [Fact]
    public async Task A_cycle_for_what_is_due_is_not_shared_with_another()
    {
        Track("w1");
        var limiter = new TaskCompletionSource();
        _upstream.Answer = async target =>
        {
            await limiter.Task;
            return ScriptedSource.Document(target, "Running");
        };
        var cycle = Cycle();
        var first = cycle.RunAsync(new CycleRequest(DueOnly: true), CancellationToken.None);
        var second = cycle.RunAsync(new CycleRequest(DueOnly: true), CancellationToken.None);
        limiter.SetResult();

        Assert.NotSame(await first, await second);
    }

    [Fact]
    public async Task The_cycle_keeps_the_baseline()
    {
        Track("w1");
        await CycleAsync();

        Assert.Equal((1, 1), (_baselines.Reads, _baselines.Looks));
    }

    [Fact]
    public async Task A_target_that_is_tracked_under_another_cluster_is_reported_once_and_kept()
    {
        _store.Put(new TrackedWorkflow { Target = new WorkflowTarget("p1", "old", "w1"), NextPollAt = Start });
        var cycle = Cycle(settings: new() { ["Tracking:Workflows:0"] = "p1/new/w1", ["Tracking:Workflows:1"] = "p1/c1/w2" });

        await cycle.RunAsync(new CycleRequest(DueOnly: true), CancellationToken.None);
        await cycle.RunAsync(new CycleRequest(DueOnly: true), CancellationToken.None);

        Assert.Equal(
            "Workflow w1 is tracked under cluster old; the settings' cluster new is not taken over",
            Logged("TargetUnderOtherCluster").Message
        );
        Assert.Equal("old", _store["w1"].Target.ClusterId);
        Assert.Equal([true, true], _store.OnlyIfUnknown);
    }

    [Fact]
    public async Task Targets_of_the_settings_that_could_not_be_tracked_are_tried_again()
    {
        _store.Down.Add(Shard.Of("w1"));
        var cycle = Cycle(settings: new() { ["Tracking:Workflows:0"] = "p1/c1/w1" });

        var result = await cycle.RunAsync(new CycleRequest(DueOnly: true), CancellationToken.None);
        Assert.Equal("What settings name could not be tracked yet: The table service cannot be reached.", result.Errors[0]);

        _store.Down.Clear();
        Assert.Equal(1, (await cycle.RunAsync(new CycleRequest(DueOnly: true), CancellationToken.None)).Polled);
    }

    [Fact]
    public async Task Metrics_count_polls_by_outcome_cycles_by_completeness_workflows_by_assessment()
    {
        Track("good");
        Track("bad");
        Track("ended");
        _upstream.Answer = target =>
            target.WorkflowId switch
            {
                "bad" => throw new UpstreamException(UpstreamFailure.Denied, "403"),
                "ended" => Task.FromResult(ScriptedSource.Document(target, "Success")),
                _ => Task.FromResult(ScriptedSource.Document(target, "Running")),
            };
        var cycle = Cycle();
        using var polls = new MetricCollector<long>(null, Instrumentation.Name, "autopilot.polls");
        using var cycles = new MetricCollector<long>(null, Instrumentation.Name, "autopilot.cycles");
        using var durations = new MetricCollector<double>(null, Instrumentation.Name, "autopilot.cycle.duration");
        using var workflows = new MetricCollector<int>(null, Instrumentation.Name, "autopilot.workflows");

        await cycle.RunAsync(new CycleRequest(DueOnly: false), CancellationToken.None);
        await cycle.RunAsync(new CycleRequest(DueOnly: false), CancellationToken.None);
        _store.Down.Add(Shard.Of("bad"));
        await cycle.RunAsync(new CycleRequest(DueOnly: false), CancellationToken.None);

        long Polls(string outcome) => polls.GetMeasurementSnapshot().Where(m => Equals(m.Tags["outcome"], outcome)).Sum(m => m.Value);
        Assert.Equal((2, 2, 2), (Polls("changed"), Polls("unchanged"), Polls("failed")));
        Assert.Equal([true, true, false], cycles.GetMeasurementSnapshot().Select(m => m.Tags["complete"]));
        Assert.Equal([1, 1, 1], cycles.GetMeasurementSnapshot().Select(m => m.Value));
        Assert.Equal([true, true, false], durations.GetMeasurementSnapshot().Select(m => m.Tags["complete"]));
        workflows.RecordObservableInstruments();
        Assert.Equal(
            ["Stalled=1"],
            workflows.GetMeasurementSnapshot().Where(m => m.Value > 0).Select(m => $"{m.Tags["assessment"]}={m.Value}")
        );
        Assert.Equal(Enum.GetNames<Assessment>(), workflows.GetMeasurementSnapshot().Select(m => m.Tags["assessment"]));
        Assert.Equal(
            ("{poll}", "{cycle}", "s", "{workflow}"),
            (polls.Instrument!.Unit, cycles.Instrument!.Unit, durations.Instrument!.Unit, workflows.Instrument!.Unit)
        );
    }

    [Fact]
    public async Task Unreadable_rows_are_counted_in_a_metric_and_make_the_cycle_incomplete()
    {
        Track("w1");
        _store.Unreadable[Shard.Of("w1")] = 2;
        using var cycles = new MetricCollector<long>(null, Instrumentation.Name, "autopilot.cycles");
        using var rows = new MetricCollector<int>(null, Instrumentation.Name, "autopilot.rows.unreadable");

        var result = await CycleAsync();
        rows.RecordObservableInstruments();

        Assert.Equal((1, 2, false), (result.Polled, result.Unreadable, result.Complete));
        Assert.Equal(["2 stored rows cannot be read and are left out; the log names them once (RowUnreadable)."], result.Errors);
        Assert.Equal(2, _store.Boards[Shard.Of("w1").Index]!.Unreadable);
        Assert.NotNull(_store.Boards[Shard.Of("w1").Index]!.CompletedAt);
        Assert.Equal(2, rows.GetMeasurementSnapshot().Sum(m => m.Value));
        // What is shown does not grow old for them: no alert of cycles.
        Assert.Equal([true], cycles.GetMeasurementSnapshot().Select(m => m.Tags["complete"]));
    }

    [Fact]
    public async Task A_shard_with_a_status_of_a_newer_version_is_skipped_and_the_store_is_reached()
    {
        Track("w1");
        foreach (var shard in Shard.All)
        {
            _store.Newer.Add(shard);
        }

        var result = await CycleAsync();

        Assert.Equal((0, Shard.Count, true, false), (result.Polled, result.Unreadable, result.StoreReached, result.Complete));
    }

    [Fact]
    public async Task A_process_that_no_longer_polls_reports_workflows_for_three_ticks_only()
    {
        Track("w1");
        await CycleAsync();
        using var workflows = new MetricCollector<int>(null, Instrumentation.Name, "autopilot.workflows");

        _clock.Advance(TimeSpan.FromSeconds(179));
        workflows.RecordObservableInstruments();
        Assert.Equal(1, workflows.GetMeasurementSnapshot(clear: true).Sum(m => m.Value));

        _clock.Advance(TimeSpan.FromSeconds(1));
        workflows.RecordObservableInstruments();
        Assert.Equal(0, workflows.GetMeasurementSnapshot().Sum(m => m.Value));
    }

    [Fact]
    public async Task A_cycle_that_only_skipped_leased_shards_is_not_a_failure()
    {
        using var rig = new FanOutRig();
        var shard = rig.Track();
        await rig.Store.TakeLeaseAsync(shard, null, new ShardLease("another", FanOutRig.Start.AddMinutes(4)), CancellationToken.None);
        var process = rig.NewProcess();
        using var cycles = new MetricCollector<long>(null, Instrumentation.Name, "autopilot.cycles");

        Assert.False((await process.CycleAsync()).Complete);
        rig.Store.Down.Add(Shard.All[9]);
        Assert.False((await process.CycleAsync()).Complete);

        Assert.Equal([true, false], cycles.GetMeasurementSnapshot().Select(m => m.Tags["complete"]));
    }

    [Theory]
    [InlineData("Running", "changed")]
    [InlineData("again", "unchanged")]
    [InlineData("failing", "failed")]
    public async Task A_requested_poll_is_counted_by_its_outcome(string what, string outcome)
    {
        Track("w1");
        var poller = Services().GetRequiredService<WorkflowPoller>();
        if (what == "again")
        {
            await poller.PollAsync("w1", CancellationToken.None);
        }

        if (what == "failing")
        {
            _upstream.Answer = _ => throw new UpstreamException(UpstreamFailure.NotFound, "404");
        }

        using var polls = new MetricCollector<long>(null, Instrumentation.Name, "autopilot.polls");

        await poller.PollAsync("w1", CancellationToken.None);

        var counted = Assert.Single(polls.GetMeasurementSnapshot());
        Assert.Equal((1L, outcome), (counted.Value, counted.Tags["outcome"]));
    }

    [Fact]
    public async Task A_poll_that_finds_what_another_writer_has_stored_is_no_change_of_its_own()
    {
        Track("w1");
        _store.BeforeWrite = _ =>
        {
            _store.BeforeWrite = null;
            var same = ScriptedSource.Document(_store["w1"].Target, "Running");
            _store.Put(_store["w1"] with { Sequence = 1, Hash = same.Hash, State = same.State });
        };
        var poller = Services().GetRequiredService<WorkflowPoller>();
        using var polls = new MetricCollector<long>(null, Instrumentation.Name, "autopilot.polls");

        var row = await poller.PollAsync("w1", CancellationToken.None);

        Assert.Equal(1, row!.Sequence);
        Assert.Equal("unchanged", Assert.Single(polls.GetMeasurementSnapshot()).Tags["outcome"]);
        Assert.Empty(_store.HistoryOf("w1"));
    }

    [Fact]
    public async Task Cycles_and_requested_polls_are_spans_with_their_outcome()
    {
        var ended = new List<Activity>();
        using var root = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Instrumentation.Name,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == root.TraceId)
                {
                    lock (ended)
                    {
                        ended.Add(activity);
                    }
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        Track("w1");
        Track("w2");
        _upstream.Answer = target =>
            target.WorkflowId == "w2"
                ? throw new UpstreamException(UpstreamFailure.Denied, "403")
                : Task.FromResult(ScriptedSource.Document(target, "Running"));

        await CycleAsync();
        await Services().GetRequiredService<WorkflowPoller>().PollAsync("w1", CancellationToken.None);

        var cycle = Assert.Single(ended, activity => activity.DisplayName == "poll cycle");
        Assert.Equal(
            (2, 1, 1, true),
            (
                cycle.GetTagItem("autopilot.polled"),
                cycle.GetTagItem("autopilot.changed"),
                cycle.GetTagItem("autopilot.failed"),
                cycle.GetTagItem("autopilot.complete")
            )
        );
        Assert.Equal("w1", Assert.Single(ended, activity => activity.DisplayName == "poll workflow").GetTagItem("autopilot.workflow"));
    }

    private FakeLogRecord Logged(string eventName) => All(eventName).Last();

    private IEnumerable<FakeLogRecord> All(string eventName) => _log.GetSnapshot().Where(record => record.Id.Name == eventName);

    private string Track(string id, int dueSecondsAgo = 0)
    {
        _store.Put(
            new TrackedWorkflow
            {
                Target = new WorkflowTarget("p1", "c1", id),
                TrackedAt = Start,
                NextPollAt = Start.AddSeconds(-dueSecondsAgo),
            }
        );
        return id;
    }

    private static WorkflowObservation FailedPreCheck(WorkflowTarget target) =>
        WorkflowDocument.Read(
            System.Text.Encoding.UTF8.GetBytes(
                $$"""
                {"kind":"WorkFlowTask","apiVersion":"v3","metadata":{"uid":"{{target.WorkflowId}}"},"spec":{},
                 "status":{"phase":"Pending","pointStatuses":[{"taskType":"PreCheck","taskID":"t1","status":"Failed","startTimeStamp":"2026-01-01 00:00:01 +0000 UTC"}] } }
                """
            )
        );

    private Task<CycleResult> CycleAsync(bool dueOnly = true, int concurrency = 32) =>
        Cycle(concurrency).RunAsync(new CycleRequest(dueOnly), CancellationToken.None);

    private PollCycle Cycle(int concurrency = 32, Dictionary<string, string?>? settings = null) =>
        Services(concurrency, settings).GetRequiredService<PollCycle>();

    private ServiceProvider Services(int concurrency = 32, Dictionary<string, string?>? settings = null)
    {
        settings ??= [];
        settings["Polling:MaxConcurrency"] = $"{concurrency}";
        var provider = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddFakeLogging())
            .AddSingleton<TimeProvider>(_clock)
            .AddStore(_store)
            .AddSingleton<IBaselineStore>(_baselines)
            .AddSingleton<IUpgradeWorkflowSource>(_upstream)
            .AddAutopilotCore(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider();
        _log = provider.GetFakeLogCollector();
        _providers.Add(provider);
        return provider;
    }
}
