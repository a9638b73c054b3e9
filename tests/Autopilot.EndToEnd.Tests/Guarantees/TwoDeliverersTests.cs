using System.Collections.Concurrent;
using Autopilot.Core;
using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.EndToEnd.Tests.Guarantees;

/// <summary>Two processes with one outbox: only the one that has claimed a workflow's notifications sends them, in order.</summary>
public sealed class TwoDeliverersTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int Workflows = 60,
        Rounds = 6;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly SwitchableUpstream _upstream = new();
    private readonly Receiver _receiver = new(seed: 7);
    private readonly string _prefix = $"T{Guid.NewGuid():N}"[..20];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_processes_notify_each_transition_once_and_in_order()
    {
        await using var first = Process("first");
        await using var second = Process("second");
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Workflows),
            Cancel,
            async (i, token) =>
                await first
                    .GetRequiredService<ITrackingStore>()
                    .TrackAsync(new WorkflowTarget("p", "c", $"w{i}"), null, Start, onlyIfUnknown: false, token)
        );

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
        {
            await DeliverAsync(first, second);
        }

        var reported = _receiver.Told.ToList();
        output.WriteLine(
            $"{reported.Count} transitions notified, by "
                + $"{string.Join(", ", reported.CountBy(one => one.Process).Select(by => $"{by.Key} {by.Value}"))}; {_receiver.Failures} "
                + $"attempts failed"
        );
        Assert.Equal(Workflows * Rounds, reported.Count);
        Assert.Equal(reported.Count, reported.DistinctBy(one => one.Id).Count());
        Assert.All(
            reported.GroupBy(one => one.WorkflowId),
            transitions => Assert.Equal(transitions.OrderBy(transition => transition.Sequence), transitions)
        );
        Assert.Equal(0, _receiver.Overlaps);
        Assert.All(["first", "second"], process => Assert.Contains(reported, one => one.Process == process));
        Assert.True(_receiver.Failures > 0);
        for (var shard = 0; shard < Shard.All.Count; shard++)
        {
            Assert.Empty(await first.GetRequiredService<INotificationOutbox>().ReadAsync(Shard.All[shard], Cancel));
        }
    }

    [Fact]
    public async Task Two_processes_send_a_slow_webhook_each_transition_once_and_in_order()
    {
        const int Few = 6;
        _receiver.IsWell = true;
        _receiver.Slow = "slow";
        await using var first = Process("first", "slow", "fast");
        await using var second = Process("second", "slow", "fast");
        for (var i = 0; i < Few; i++)
        {
            await first
                .GetRequiredService<ITrackingStore>()
                .TrackAsync(new WorkflowTarget("p", "c", $"w{i}"), null, Start, onlyIfUnknown: false, Cancel);
        }

        // The second round is written while requests of the first are under way.
        var delivering = Task.CompletedTask;
        for (var round = 0; round < 3; round++)
        {
            _upstream.Failed = [.. Enumerable.Range(0, Few).Where(i => (i + round) % 2 == 0).Select(i => $"w{i}")];
            await first.GetRequiredService<PollCycle>().RunAsync(new CycleRequest(DueOnly: false), Cancel);
            var earlier = delivering;
            delivering = Task.WhenAll(earlier, DeliverAsync(first, second));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        await delivering;
        for (var minutes = 0; minutes < 120; minutes++, _clock.Advance(TimeSpan.FromMinutes(1)))
        {
            await DeliverAsync(first, second);
        }

        foreach (var webhook in (string[])["slow", "fast"])
        {
            var reported = _receiver.Told.Where(one => one.Webhook == webhook).ToList();
            Assert.Equal(Few * 3, reported.Count);
            Assert.Equal(reported.Count, reported.DistinctBy(one => one.Id).Count());
            Assert.All(
                reported.GroupBy(one => one.WorkflowId),
                transitions => Assert.Equal(transitions.OrderBy(transition => transition.Sequence), transitions)
            );
        }

        Assert.Equal(0, _receiver.Overlaps);
        for (var shard = 0; shard < Shard.All.Count; shard++)
        {
            Assert.Empty(await first.GetRequiredService<INotificationOutbox>().ReadAsync(Shard.All[shard], Cancel));
        }
    }

    private static Task DeliverAsync(params ServiceProvider[] processes) =>
        Task.WhenAll(
            processes.Select(process => process.GetRequiredService<NotificationDelivery>().RunAsync(TimeSpan.FromMinutes(5), Cancel))
        );

    private ServiceProvider Process(string name, params string[] webhooks)
    {
        var named = webhooks
            .Index()
            .SelectMany(one =>
                new (string, string?)[]
                {
                    ($"Notifications:Webhooks:{one.Index}:Name", one.Item),
                    ($"Notifications:Webhooks:{one.Index}:Url", $"https://hooks.example/{one.Item}"),
                }
            )
            .ToDictionary();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["AutopilotStorage"] = azurite.Server.ConnectionString,
                    ["Storage:TablePrefix"] = _prefix,
                    ["Notifications:SettleFor"] = "00:00:00",
                    ["Notifications:Webhooks:0:Url"] = "https://hooks.example/x",
                }
            )
            .AddInMemoryCollection(named)
            .Build();
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(_clock)
            .AddSingleton<IUpgradeWorkflowSource>(_upstream)
            .AddSingleton<INotificationSender>(new Sender(name, _receiver))
            .AddAutopilotCore(configuration)
            .AddAutopilotStorage(configuration)
            .BuildServiceProvider();
    }

    /// <summary>Which process sent what.</summary>
    private sealed record SentNotification(string Process, string Webhook, string Id, string WorkflowId, long Sequence);

    private sealed class Sender(string process, Receiver receiver) : INotificationSender
    {
        public Task<SendResult> SendAsync(Webhook webhook, Notification notification, CancellationToken cancellationToken) =>
            receiver.TakeAsync(
                new SentNotification(process, webhook.Name, notification.Id, notification.WorkflowId, notification.Sequence)
            );
    }

    /// <summary>It is slow, refuses some, and detects two concurrent requests about one workflow.</summary>
    private sealed class Receiver(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly ConcurrentDictionary<string, int> _telling = new();
        private int _overlaps,
            _failures;

        public bool IsWell { get; set; }

        /// <summary>Name of the webhook whose requests take longer than one waits for.</summary>
        public string? Slow { get; set; }

        public ConcurrentQueue<SentNotification> Told { get; } = new();

        public int Overlaps => _overlaps;

        public int Failures => _failures;

        public async Task<SendResult> TakeAsync(SentNotification transition)
        {
            var view = $"{transition.Webhook}/{transition.WorkflowId}";
            if (_telling.AddOrUpdate(view, 1, (_, n) => n + 1) > 1)
            {
                Interlocked.Increment(ref _overlaps);
            }

            await Task.Delay(transition.Webhook == Slow ? 2200 : 1, Cancel);
            bool refused;
            lock (_random)
            {
                refused = !IsWell && _random.NextDouble() < 0.02;
            }

            if (refused)
            {
                Interlocked.Increment(ref _failures);
            }
            else
            {
                Told.Enqueue(transition);
            }

            _telling.AddOrUpdate(view, 0, (_, n) => n - 1);
            return refused ? new SendResult(false, 503, "503", TimeSpan.Zero) : new SendResult(true, 200, null, TimeSpan.Zero);
        }
    }
}
