using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Reporting;

public sealed class BaselineCacheTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

    private readonly BaselineInMemory _store = new();
    private readonly FakeTimeProvider _clock = new(Start);
    private readonly FakeLogger<BaselineCache> _log = new();
    private readonly BaselineCache _keeper;

    public BaselineCacheTests() => _keeper = NewProcess();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_nothing_has_finished_nothing_is_computed_or_written()
    {
        await _keeper.RefreshIfDueAsync(Cancel);

        Assert.Equal((1, 1, 0), (_store.Reads, _store.Looks, _store.Writes));
        Assert.Empty(_store.Months);
        Assert.Empty((await _keeper.CurrentAsync(Cancel)).Entries);
    }

    [Fact]
    public async Task The_runs_of_twelve_months_make_the_baseline()
    {
        Finish(
            BaselineTests.Run(0, 10),
            BaselineTests.Run(1, 20) with
            {
                EndedAt = Start.AddMonths(-11),
            },
            BaselineTests.Run(2, 30),
            BaselineTests.Run(3, 99) with
            {
                EndedAt = Start.AddMonths(-12),
            }
        );

        await _keeper.RefreshIfDueAsync(Cancel);

        Assert.Equal(new AttemptDurations(3, 20, 30, 30), (await _keeper.CurrentAsync(Cancel)).Find(UpgradeTaskType.Cluster, "v1.28"));
        Assert.Equal(Start, _store.Kept!.ComputedAt);
        Assert.Equal(
            (12, new DateOnly(2026, 11, 1), new DateOnly(2025, 12, 1)),
            (_store.Months.Count, _store.Months[0], _store.Months[^1])
        );
        Assert.Equal([new DateOnly(2025, 12, 1)], _store.LookedFrom);
        Assert.Equal("The baseline was computed again: 2 entries", _log.LatestRecord.Message);
        // What was computed here need not be read.
        Assert.Equal(1, _store.Reads);
    }

    [Fact]
    public async Task It_reads_no_further_back_than_a_thousand_runs()
    {
        Finish([.. Enumerable.Range(0, 1200).Select(i => BaselineTests.Run(i, 1) with { EndedAt = Start.AddMonths(-2) })]);

        await _keeper.RefreshIfDueAsync(Cancel);

        Assert.Equal(3, _store.Months.Count);
        Assert.Equal(1000, _store.Kept!.Baseline.Find(UpgradeTaskType.Cluster, null)!.Count);
    }

    [Fact]
    public async Task It_is_computed_at_most_once_in_a_period_and_only_with_new_runs()
    {
        Finish(BaselineTests.Run(0, 10));
        await _keeper.RefreshIfDueAsync(Cancel);
        _clock.Advance(BaselineCache.Period - TimeSpan.FromMinutes(1));
        Finish(BaselineTests.Run(1, 10));
        await _keeper.RefreshIfDueAsync(Cancel);
        Assert.Equal((1, 1, 1), (_store.Reads, _store.Looks, _store.Writes));

        _clock.Advance(TimeSpan.FromMinutes(1));
        await _keeper.RefreshIfDueAsync(Cancel);
        Assert.Equal((2, 2, 2), (_store.Reads, _store.Looks, _store.Writes));

        _store.StoredAt = Start;
        _clock.Advance(BaselineCache.Period);
        await _keeper.RefreshIfDueAsync(Cancel);
        await _keeper.RefreshIfDueAsync(Cancel);
        Assert.Equal((3, 3, 2), (_store.Reads, _store.Looks, _store.Writes));
    }

    [Fact]
    public async Task A_run_that_was_on_its_way_during_the_last_computation_is_not_forgotten()
    {
        Finish(BaselineTests.Run(0, 10));
        await _keeper.RefreshIfDueAsync(Cancel);
        _store.StoredAt = Start.AddMinutes(-9);
        _clock.Advance(BaselineCache.Period);

        await _keeper.RefreshIfDueAsync(Cancel);

        Assert.Equal(2, _store.Writes);
    }

    [Fact]
    public async Task What_retention_took_away_is_gone_from_it_after_a_day()
    {
        Finish(BaselineTests.Run(0, 10));
        await _keeper.RefreshIfDueAsync(Cancel);
        _store.Runs.Clear();
        _store.StoredAt = null;
        for (var hour = 1; hour <= 24; hour++)
        {
            Assert.NotEmpty(_store.Kept!.Baseline.Entries);
            _clock.Advance(TimeSpan.FromHours(1));
            await _keeper.RefreshIfDueAsync(Cancel);
        }

        Assert.Empty(_store.Kept!.Baseline.Entries);
        Assert.Equal(2, _store.Writes);
    }

    [Fact]
    public async Task Another_process_keeps_a_fresh_one_and_checks_it_after_a_period()
    {
        Finish(BaselineTests.Run(0, 10));
        await _keeper.RefreshIfDueAsync(Cancel);
        _clock.Advance(BaselineCache.Period - TimeSpan.FromMinutes(10));
        var other = NewProcess();
        await other.RefreshIfDueAsync(Cancel);
        Assert.Equal((1, 1), (_store.Looks, _store.Writes));

        _clock.Advance(TimeSpan.FromMinutes(10));
        await other.RefreshIfDueAsync(Cancel);
        Assert.Equal((2, 2), (_store.Looks, _store.Writes));
    }

    [Fact]
    public async Task Two_processes_that_compute_at_once_keep_the_same()
    {
        Finish(BaselineTests.Run(0, 10), BaselineTests.Run(1, 20));
        await Task.WhenAll(_keeper.RefreshIfDueAsync(Cancel), NewProcess().RefreshIfDueAsync(Cancel));
        var first = _store.Kept!.Baseline.Entries;
        _store.Kept = null;

        await NewProcess().RefreshIfDueAsync(Cancel);

        Assert.Equal(first, _store.Kept!.Baseline.Entries);
    }

    [Fact]
    public async Task A_process_reads_the_row_once_in_a_period_however_many_ask()
    {
        _store.Kept = new StoredBaseline(BaselineBuilder.Of([BaselineTests.Run(0, 10)]), Start);
        var limiter = new TaskCompletionSource();
        _store.Gate = limiter.Task;

        var asked = Enumerable.Range(0, 16).Select(_ => _keeper.CurrentAsync(Cancel).AsTask()).ToList();
        limiter.SetResult();
        Assert.All(await Task.WhenAll(asked), baseline => Assert.Same(_store.Kept.Baseline, baseline));
        _clock.Advance(BaselineCache.Period - TimeSpan.FromMinutes(1));
        await _keeper.CurrentAsync(Cancel);
        Assert.Equal(1, _store.Reads);

        _store.Kept = new StoredBaseline(Baseline.Empty, Start);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Same(Baseline.Empty, await _keeper.CurrentAsync(Cancel));
        Assert.Equal(2, _store.Reads);
    }

    [Fact]
    public async Task A_cycle_reads_the_row_once_for_its_summaries_and_the_check()
    {
        Finish(BaselineTests.Run(0, 10));
        for (var scan = 1; scan <= 3; scan++)
        {
            Finish(BaselineTests.Run(scan, 10));
            await _keeper.CurrentAsync(Cancel);
            await _keeper.RefreshIfDueAsync(Cancel);
            Assert.Equal((scan, scan, scan), (_store.Reads, _store.Looks, _store.Writes));
            _clock.Advance(BaselineCache.Period);
        }
    }

    [Fact]
    public async Task A_late_check_reads_what_another_process_has_stored_since()
    {
        Finish(BaselineTests.Run(0, 10));
        _store.Kept = new StoredBaseline(Baseline.Empty, Start - BaselineCache.Period);
        await _keeper.CurrentAsync(Cancel);
        _clock.Advance(TimeSpan.FromMinutes(10));
        var others = new StoredBaseline(BaselineBuilder.Of(_store.Runs), _clock.GetUtcNow());
        _store.Kept = others;

        await _keeper.RefreshIfDueAsync(Cancel);

        Assert.Equal((2, 0, 0), (_store.Reads, _store.Looks, _store.Writes));
        Assert.Same(others.Baseline, await _keeper.CurrentAsync(Cancel));
    }

    [Fact]
    public async Task A_process_that_only_answers_knows_of_a_finished_run_within_an_hour()
    {
        var answers = NewProcess();
        Assert.Empty((await answers.CurrentAsync(Cancel)).Entries);
        var worst = TimeSpan.Zero;
        for (var offset = 0; offset < 30; offset++)
        {
            // The one polls each minute, in cycles that take their whole budget; the other is asked at whatever moment.
            Finish([.. Enumerable.Range(0, Baseline.FewestRuns).Select(i => BaselineTests.Run(100 * offset + i, 10))]);
            var finished = _clock.GetUtcNow();
            var known = _store.Runs.Count;
            while ((await answers.CurrentAsync(Cancel)).Find(UpgradeTaskType.Cluster, null)?.Count != known)
            {
                _clock.Advance(TimeSpan.FromMinutes(1));
                if (_clock.GetUtcNow().Minute % 5 == 4)
                {
                    await _keeper.RefreshIfDueAsync(Cancel);
                }
            }

            worst = worst > _clock.GetUtcNow() - finished ? worst : _clock.GetUtcNow() - finished;
            _clock.Advance(TimeSpan.FromMinutes(offset));
        }

        Assert.InRange(worst, TimeSpan.FromMinutes(25), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task A_store_that_fails_leaves_the_old_one_and_is_asked_again_a_minute_later()
    {
        _store.Kept = new StoredBaseline(BaselineBuilder.Of([BaselineTests.Run(0, 10)]), Start);
        var known = await _keeper.CurrentAsync(Cancel);
        _clock.Advance(BaselineCache.Period);
        _store.Failure = new StorageUnavailableException("Down.");

        Assert.Same(known, await _keeper.CurrentAsync(Cancel));
        Assert.Same(known, await _keeper.CurrentAsync(Cancel));
        Assert.Equal(2, _store.Reads);
        Assert.Equal(
            (LogLevel.Warning, "The baseline could not be read and stays as it is: Down."),
            (_log.LatestRecord.Level, _log.LatestRecord.Message)
        );

        _store.Failure = null;
        _store.Kept = new StoredBaseline(Baseline.Empty, Start);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Same(Baseline.Empty, await _keeper.CurrentAsync(Cancel));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_delays_callers_by_five_seconds_at_most()
    {
        _store.Gate = new TaskCompletionSource().Task;
        var asked = _keeper.CurrentAsync(Cancel).AsTask();
        while (_store.Reads == 0)
        {
            await Task.Yield();
        }

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Same(Baseline.Empty, await asked);
        Assert.Equal("The baseline could not be read and stays as it is: The store did not answer in time.", _log.LatestRecord.Message);
    }

    [Fact]
    public async Task A_computation_that_fails_is_tried_again_a_minute_later()
    {
        Finish(BaselineTests.Run(0, 10));
        _store.Failure = new StorageUnavailableException("Down.");
        await _keeper.RefreshIfDueAsync(Cancel);
        await _keeper.RefreshIfDueAsync(Cancel);
        Assert.Equal(1, _store.Reads);
        Assert.Equal(
            (1, LogLevel.Warning, "The baseline could not be computed again and stays as it is: Down."),
            (_log.Collector.Count, _log.LatestRecord.Level, _log.LatestRecord.Message)
        );

        _store.Failure = null;
        _clock.Advance(TimeSpan.FromMinutes(1));
        await _keeper.RefreshIfDueAsync(Cancel);

        Assert.Equal(1, _store.Writes);
    }

    private BaselineCache NewProcess() => new(_store, _clock, _log);

    private void Finish(params FinishedUpgrade[] runs)
    {
        _store.Runs.AddRange(runs);
        _store.StoredAt = _clock.GetUtcNow();
    }
}
