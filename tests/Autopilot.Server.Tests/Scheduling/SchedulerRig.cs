using System.Collections.Concurrent;
using System.Threading.Channels;
using Autopilot.Core.Tracking;
using Autopilot.Server.Scheduling;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace Autopilot.Server.Tests.Scheduling;

/// <summary>The scheduler on a clock of the test's own, with cycles that only note when they began.</summary>
internal sealed class SchedulerRig : IAsyncDisposable
{
    private readonly PollScheduler _scheduler;
    private readonly ConcurrentQueue<DateTimeOffset> _began = new();
    private readonly Channel<bool> _begins = Channel.CreateUnbounded<bool>();
    private int _running;

    public SchedulerRig(string schedule = "0 * * * * *", string start = "2026-11-23T12:00:30Z", ServerRole role = ServerRole.All)
    {
        Clock = new WatchedClock(DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture));
        // A cycle began in this very minute: nothing is owed.
        Boards = new FakeShardStatusStore { LastBegan = Clock.GetUtcNow() - TimeSpan.FromSeconds(30) };
        var options = new ScheduleOptions { Poll = Schedule.TryParse(schedule) };
        _scheduler = new PollScheduler(
            RunAsync,
            Boards,
            Options.Create(options),
            Options.Create(new ServerOptions { Role = role }),
            Clock,
            Log
        );
    }

    public WatchedClock Clock { get; }
    public FakeShardStatusStore Boards { get; }
    public FakeLogger<PollScheduler> Log { get; } = new();

    /// <summary>What a cycle does; nothing by default.</summary>
    public Func<CancellationToken, Task> Cycle { get; set; } = _ => Task.CompletedTask;

    /// <summary>When each cycle began, as <c>HH:mm:ss</c>.</summary>
    public string[] Began => [.. _began.Select(moment => moment.ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>The most cycles that ever ran at once.</summary>
    public int MostAtOnce { get; private set; }

    public Task? Ended => _scheduler.ExecuteTask;

    public Task StartAsync() => _scheduler.StartAsync(CancellationToken.None);

    public Task StopAsync() => _scheduler.StopAsync(CancellationToken.None);

    /// <summary>Moves the clock in steps that a wait is never longer than, and lets the scheduler fall asleep after each.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; )
        {
            var step = left < PollScheduler.LongestWait ? left : PollScheduler.LongestWait;
            left -= step;
            Clock.Advance(step);
            await Clock.AsleepAsync();
        }
    }

    /// <summary>Returns once one more cycle has begun.</summary>
    public async Task BegunAsync() => await _begins.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public string[] Events => [.. Log.Collector.GetSnapshot().Select(record => record.Id.Name!)];

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _scheduler.Dispose();
    }

    private async Task<CycleResult> RunAsync(CancellationToken token)
    {
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _running));
        _began.Enqueue(Clock.GetUtcNow());
        _begins.Writer.TryWrite(true);
        try
        {
            await Cycle(token);
            return new CycleResult();
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
