using Autopilot.Core.Retention;
using Autopilot.Core.Tracking;
using Autopilot.Server.Scheduling;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace Autopilot.Server.Tests.Scheduling;

public sealed class RetentionSchedulerTests : IDisposable
{
    private readonly WatchedClock _clock = new(new DateTimeOffset(2026, 11, 23, 3, 27, 10, TimeSpan.Zero));
    private readonly RetentionInMemory _store = new();
    private readonly FakeLogger<RetentionScheduler> _log = new();
    private readonly List<string> _passes = [];
    private RetentionScheduler? _scheduler;
    private Exception? _failure;

    [Fact]
    public async Task A_run_starts_at_each_occurrence_of_the_schedule()
    {
        await StartAsync("0 30 3 * * *");

        await PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(["23T03:30:00"], _passes);
        await PassAsync(TimeSpan.FromDays(1));
        Assert.Equal(["23T03:30:00", "24T03:30:00"], _passes);
    }

    [Fact]
    public async Task What_a_sleeping_computer_missed_is_made_up_for_once_and_after_the_first_polls()
    {
        _store.Last = new RetentionRecord(_clock.GetUtcNow().AddDays(-3), new RetentionResult());
        await StartAsync("0 30 3 * * *");
        Assert.Empty(_passes);

        await PassAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(["23T03:28:10"], _passes);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_silence_it_until_the_old_time_comes_again()
    {
        _store.Last = new RetentionRecord(_clock.GetUtcNow().AddYears(1), new RetentionResult());
        await StartAsync("0 30 3 * * *");

        await PassAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(["23T03:30:00"], _passes);
    }

    [Fact]
    public async Task A_failing_run_is_logged_and_the_next_starts_on_time()
    {
        _failure = new InvalidOperationException("broken");
        await StartAsync("0 * * * * *");

        await PassAsync(TimeSpan.FromMinutes(3));

        Assert.Equal(["23T03:29:00", "23T03:30:00"], _passes);
        Assert.All(_log.Collector.GetSnapshot(), record => Assert.Equal("RetentionBroke", record.Id.Name));
    }

    [Theory]
    [InlineData("disabled", ServerRole.All)]
    [InlineData("0 * * * * *", ServerRole.Worker)]
    internal async Task Without_a_schedule_nothing_runs_nor_in_a_process_that_only_works_shards_off(string schedule, ServerRole role)
    {
        await StartAsync(schedule, asleep: false, role);

        await _scheduler!.ExecuteTask!;
        Assert.Equal(0, _clock.Waits);
    }

    public void Dispose()
    {
        _scheduler?.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
        _scheduler?.Dispose();
    }

    private async Task StartAsync(string schedule, bool asleep = true, ServerRole role = ServerRole.All)
    {
        _scheduler = new RetentionScheduler(
            RunAsync,
            _store,
            Options.Create(new ScheduleOptions { Retention = Schedule.TryParse(schedule) }),
            Options.Create(new ServerOptions { Role = role }),
            _clock,
            _log
        );
        await _scheduler.StartAsync(CancellationToken.None);
        if (asleep)
        {
            await _clock.AsleepAsync();
        }
    }

    /// <summary>Moves the clock from wait to wait, and lets the scheduler fall asleep after each.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        for (var end = _clock.GetUtcNow() + time; _clock.WakesAt <= end; )
        {
            _clock.Advance(_clock.WakesAt - _clock.GetUtcNow());
            await _clock.AsleepAsync();
        }
    }

    private Task<RetentionResult> RunAsync(CancellationToken cancellationToken)
    {
        _passes.Add(_clock.GetUtcNow().ToString("dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture));
        return _failure is null ? Task.FromResult(new RetentionResult()) : Task.FromException<RetentionResult>(_failure);
    }
}
