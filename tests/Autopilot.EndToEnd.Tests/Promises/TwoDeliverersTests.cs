using System.Collections.Concurrent;
using Autopilot.Core;
using Autopilot.Core.Notifications;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.EndToEnd.Tests.Promises;

/// <summary>Two processes with one outbox: who has claimed a workflow's notifications tells them, in order, and nobody else does.</summary>
public sealed class TwoDeliverersTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int Workflows = 60, Rounds = 6;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly TurningUpstream _upstream = new();
    private readonly Receiver _receiver = new(seed: 7);
    private readonly string _prefix = $"T{Guid.NewGuid():N}"[..20];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_processes_tell_each_turn_once_and_in_order()
    {
        await using var first = Process("first");
        await using var second = Process("second");
        await Parallel.ForEachAsync(Enumerable.Range(0, Workflows), Cancel, async (i, token) =>
            await first.GetRequiredService<ITrackingStore>().TrackAsync(new WorkflowTarget("p", "c", $"w{i}"), null, Start, onlyIfUnknown: false, token));

        for (var round = 0; round < Rounds; round++)
        {
            _upstream.Failed = [.. Enumerable.Range(0, Workflows).Where(i => (i + round) % 2 == 0).Select(i => $"w{i}")];
            await first.GetRequiredService<PollCycle>().RunAsync(new CycleRequest(DueOnly: false), Cancel);
            await DeliverAsync(first, second);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        // What failed waits longer and longer, what the other had claimed until its claim ends.
        _receiver.IsWell = true;
        for (var minutes = 0; minutes < 120; minutes++, _clock.Advance(TimeSpan.FromMinutes(1)))
            await DeliverAsync(first, second);

        var told = _receiver.Told.ToList();
        output.WriteLine($"{told.Count} turns told, by {string.Join(", ", told.CountBy(one => one.Process).Select(by => $"{by.Key} {by.Value}"))}; {_receiver.Failures} attempts failed");
        Assert.Equal(Workflows * Rounds, told.Count);
        Assert.Equal(told.Count, told.DistinctBy(one => one.Id).Count());
        Assert.All(told.GroupBy(one => one.WorkflowId), turns => Assert.Equal(turns.OrderBy(turn => turn.Sequence), turns));
        Assert.Equal(0, _receiver.Overlaps);
        Assert.All(["first", "second"], process => Assert.Contains(told, one => one.Process == process));
        Assert.True(_receiver.Failures > 0);
        for (var shard = 0; shard < Shard.All.Count; shard++)
            Assert.Empty(await first.GetRequiredService<INotificationOutbox>().ReadAsync(Shard.All[shard], Cancel));
    }

    private static Task DeliverAsync(params ServiceProvider[] processes) =>
        Task.WhenAll(processes.Select(process => process.GetRequiredService<NotificationDelivery>().RunAsync(TimeSpan.FromMinutes(5), Cancel)));

    private ServiceProvider Process(string name)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AutopilotStorage"] = azurite.Server.ConnectionString,
            ["Storage:TablePrefix"] = _prefix,
            ["Notifications:SettleFor"] = "00:00:00",
            ["Notifications:Webhooks:0:Url"] = "https://hooks.example/x",
        }).Build();
        return new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_clock).AddSingleton<IUpgradeWorkflowSource>(_upstream).AddSingleton<INotificationSender>(new Sender(name, _receiver))
            .AddAutopilotCore(configuration).AddAutopilotStorage(configuration).BuildServiceProvider();
    }

    /// <summary>Who told what.</summary>
    private sealed record Turn(string Process, string Id, string WorkflowId, long Sequence);

    private sealed class Sender(string process, Receiver receiver) : INotificationSender
    {
        public Task<SendResult> SendAsync(Webhook webhook, Notification notification, CancellationToken cancellationToken) =>
            receiver.TakeAsync(new Turn(process, notification.Id, notification.WorkflowId, notification.Sequence));
    }

    /// <summary>It takes its time, refuses some, and sees whether two tell of one workflow at once.</summary>
    private sealed class Receiver(int seed)
    {
        private readonly Random _dice = new(seed);
        private readonly ConcurrentDictionary<string, int> _telling = new();
        private int _overlaps, _failures;

        public bool IsWell { get; set; }

        public ConcurrentQueue<Turn> Told { get; } = new();

        public int Overlaps => _overlaps;

        public int Failures => _failures;

        public async Task<SendResult> TakeAsync(Turn turn)
        {
            if (_telling.AddOrUpdate(turn.WorkflowId, 1, (_, n) => n + 1) > 1)
                Interlocked.Increment(ref _overlaps);
            await Task.Delay(1, Cancel);
            bool refused;
            lock (_dice)
                refused = !IsWell && _dice.NextDouble() < 0.02;
            if (refused)
                Interlocked.Increment(ref _failures);
            else
                Told.Enqueue(turn);
            _telling.AddOrUpdate(turn.WorkflowId, 0, (_, n) => n - 1);
            return refused ? new SendResult(false, 503, "503", TimeSpan.Zero) : new SendResult(true, 200, null, TimeSpan.Zero);
        }
    }
}
