using Microsoft.Extensions.Logging;

namespace Autopilot.Server.Tests.Scheduling;

public sealed class PollSchedulerTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_cycle_runs_at_each_occurrence_of_the_schedule()
    {
        await using var rig = new SchedulerRig("0,30 * * * * *", "2026-11-23T12:00:10Z");
        rig.Boards.LastBegan = rig.Clock.GetUtcNow() - TimeSpan.FromSeconds(10);
        await rig.StartAsync();
        await rig.Clock.AsleepAsync();

        rig.Clock.Advance(TimeSpan.FromSeconds(20));
        await rig.Clock.AsleepAsync();
        await rig.PassAsync(Minute);

        Assert.Equal(["12:00:30", "12:01:00", "12:01:30"], rig.Began);
    }

    [Fact]
    public async Task Occurrences_that_pass_during_a_long_cycle_make_one_late_run_and_no_overlap()
    {
        await using var rig = new SchedulerRig();
        var end = new TaskCompletionSource();
        rig.Cycle = _ => end.Task;
        await rig.StartAsync();
        await rig.Clock.AsleepAsync();

        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        await rig.BegunAsync();
        rig.Clock.Advance(Minute * 3 + TimeSpan.FromSeconds(20));
        rig.Cycle = _ => Task.CompletedTask;
        end.SetResult();
        await rig.BegunAsync();
        await rig.Clock.AsleepAsync();
        await rig.PassAsync(TimeSpan.FromSeconds(40));

        Assert.Equal(["12:01:00", "12:04:20", "12:05:00"], rig.Began);
        Assert.Equal(1, rig.MostAtOnce);
        Assert.Contains("CycleLate", rig.Events);
    }

    [Fact]
    public async Task After_downtime_one_late_cycle_runs_at_once_and_the_log_says_so()
    {
        await using var rig = new SchedulerRig();
        rig.Boards.LastBegan = rig.Clock.GetUtcNow() - TimeSpan.FromHours(5);
        await rig.StartAsync();
        await rig.Clock.AsleepAsync();

        Assert.Equal(["12:00:30"], rig.Began);
        var late = Assert.Single(rig.Log.Collector.GetSnapshot(), record => record.Id.Name == "CycleLate");
        Assert.Contains("17970 s late", late.Message, StringComparison.Ordinal);

        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        await rig.Clock.AsleepAsync();
        Assert.Equal(["12:00:30", "12:01:00"], rig.Began);
    }

    [Fact]
    public async Task A_restart_within_a_tick_owes_nothing_and_waits_for_the_next()
    {
        await using var rig = new SchedulerRig();
        await rig.StartAsync();
        await rig.Clock.AsleepAsync();
        Assert.Empty(rig.Began);

        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        await rig.Clock.AsleepAsync();
        Assert.Equal(["12:01:00"], rig.Began);
        Assert.DoesNotContain("CycleLate", rig.Events);
    }

    [Fact]
    public async Task On_fresh_tables_the_first_cycle_runs_at_once()
    {
        await using var rig = new SchedulerRig("0 0 3 * * *");
        rig.Boards.LastBegan = null;
        await rig.StartAsync();
        await rig.Clock.AsleepAsync();

        Assert.Equal(["12:00:30"], rig.Began);
        Assert.Equal(["Scheduled", "FirstCycle"], rig.Events);
    }

    [Fact]
    public async Task A_store_that_is_down_at_start_does_not_delay_the_schedule()
    {
        await using var rig = new SchedulerRig("0 0 3 * * *");
        rig.Boards.LastBegan = rig.Clock.GetUtcNow() - TimeSpan.FromDays(2);
        rig.Boards.Down = true;
        await rig.StartAsync();
        await rig.Clock.AsleepAsync();
        await rig.PassAsync(Minute);
        Assert.Empty(rig.Began);
        Assert.Contains("PastNotRead", rig.Events);

        rig.Boards.Down = false;
        await rig.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(["12:02:00"], rig.Began);
    }

    [Fact]
    public async Task A_clock_set_back_an_hour_does_not_stop_the_polls_for_an_hour()
    {
        await using var rig = new SchedulerRig();
        await rig.StartAsync();
        await rig.Clock.AsleepAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        await rig.Clock.AsleepAsync();

        rig.Clock.AdjustTime(rig.Clock.GetUtcNow() - TimeSpan.FromHours(1) + TimeSpan.FromSeconds(5));
        await rig.PassAsync(TimeSpan.FromSeconds(30));
        await rig.PassAsync(TimeSpan.FromSeconds(25));

        Assert.Equal(["12:01:00", "11:02:00"], rig.Began);
        Assert.Contains("ClockSetBack", rig.Events);
    }

    [Fact]
    public async Task A_clock_set_back_by_a_moment_does_not_serve_an_occurrence_twice()
    {
        await using var rig = new SchedulerRig();
        await rig.StartAsync();
        await rig.Clock.AsleepAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        await rig.Clock.AsleepAsync();

        rig.Clock.AdjustTime(rig.Clock.GetUtcNow() - TimeSpan.FromSeconds(2));
        await rig.PassAsync(TimeSpan.FromSeconds(30));
        await rig.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(["12:01:00"], rig.Began);

        await rig.PassAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(["12:01:00", "12:02:00"], rig.Began);
    }

    [Fact]
    public async Task A_clock_set_forward_an_hour_makes_one_run()
    {
        await using var rig = new SchedulerRig();
        await rig.StartAsync();
        await rig.Clock.AsleepAsync();

        rig.Clock.Advance(TimeSpan.FromHours(1));
        await rig.Clock.AsleepAsync();
        Assert.Equal(["13:00:30"], rig.Began);

        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        await rig.Clock.AsleepAsync();
        Assert.Equal(["13:00:30", "13:01:00"], rig.Began);
    }

    [Fact]
    public async Task A_cycle_that_breaks_is_logged_and_the_next_one_runs()
    {
        await using var rig = new SchedulerRig();
        rig.Cycle = _ => throw new InvalidOperationException("broken");
        await rig.StartAsync();
        await rig.Clock.AsleepAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        await rig.Clock.AsleepAsync();
        await rig.PassAsync(Minute);

        Assert.Equal(["12:01:00", "12:02:00"], rig.Began);
        Assert.Equal(
            2,
            rig.Log.Collector.GetSnapshot().Count(record => record.Level == LogLevel.Error && record.Exception?.Message == "broken")
        );
    }

    [Fact]
    public async Task A_disabled_schedule_runs_nothing_and_ends_quietly()
    {
        await using var rig = new SchedulerRig("disabled");
        await rig.StartAsync();
        await rig.Ended!;

        Assert.Empty(rig.Began);
        Assert.Equal(["ScheduleDisabled"], rig.Events);
    }

    [Fact]
    public async Task Stopping_cancels_the_running_cycle_and_waits_until_it_has_written()
    {
        await using var rig = new SchedulerRig();
        var wrote = false;
        rig.Cycle = async token =>
        {
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
            await Task.Delay(50, CancellationToken.None);
            wrote = true;
        };
        await rig.StartAsync();
        await rig.Clock.AsleepAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        await rig.BegunAsync();

        await rig.StopAsync();
        Assert.True(wrote);
        Assert.Equal(["12:01:00"], rig.Began);
    }

    [Fact]
    public async Task A_distant_occurrence_is_awaited_in_long_naps_not_in_a_busy_loop()
    {
        await using var rig = new SchedulerRig("0 0 3 * * *");
        await rig.StartAsync();
        await rig.Clock.AsleepAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(21, rig.Clock.Waits);
        Assert.Empty(rig.Began);
    }
}
