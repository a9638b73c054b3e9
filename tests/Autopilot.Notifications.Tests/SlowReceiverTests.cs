using System.Text.Json;
using Autopilot.Core;
using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;
using Autopilot.Notifications.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Autopilot.Notifications.Tests;

/// <summary>Two real receivers; one takes 9 seconds for each answer of 200.</summary>
public sealed class SlowReceiverTests : IAsyncLifetime
{
    private const int Workflows = 60;

    private readonly MemoryOutbox _outbox = new();
    private Receiver _slow = null!,
        _fast = null!;
    private ServiceProvider _services = null!;
    private BackgroundService _pump = null!;
    private int _slowAnswered;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_slow, _fast) = (await Receiver.StartAsync(), await Receiver.StartAsync());
        _slow.Answer = async context =>
        {
            await Task.Delay(TimeSpan.FromSeconds(9), context.RequestAborted);
            Interlocked.Increment(ref _slowAnswered);
        };
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Notifications:SettleFor"] = "00:00:00",
                    ["Notifications:Webhooks:0:Name"] = "slow",
                    ["Notifications:Webhooks:0:Url"] = _slow.Url("/hook").AbsoluteUri,
                    ["Notifications:Webhooks:1:Name"] = "fast",
                    ["Notifications:Webhooks:1:Url"] = _fast.Url("/hook").AbsoluteUri,
                }
            )
            .Build();
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddAutopilotCore(configuration)
            .AddAutopilotNotifications(configuration)
            .AddSingleton<INotificationOutbox>(_outbox)
            .AddSingleton<IWorkflowReader>(new NoWorkflows())
            .BuildServiceProvider();
        _pump = new NotificationDeliveryService(
            _services.GetRequiredService<NotificationDelivery>(),
            TimeProvider.System,
            NullLogger<NotificationDeliveryService>.Instance
        );
        await _pump.StartAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _pump.StopAsync(CancellationToken.None);
        _pump.Dispose();
        await _services.DisposeAsync();
        await _slow.DisposeAsync();
        await _fast.DisposeAsync();
    }

    [Fact]
    public async Task Fast_receiver_has_everything_while_the_slow_one_still_holds_its_first_request()
    {
        var ids = Enumerable.Range(0, Workflows).Select(i => $"w{i}").ToList();
        Write(ids, sequence: 1);
        await UntilAsync(() => _fast.Got.Count == Workflows);

        // And transitions meanwhile, also in the workflow whose request is under way.
        Write(ids, sequence: 2);
        await UntilAsync(() => _fast.Got.Count == 2 * Workflows);

        Assert.Equal(0, Volatile.Read(ref _slowAnswered));
        Assert.InRange(_slow.Got.Count, 1, 2);
        var orders = _fast
            .Got.Select(got => JsonDocument.Parse(got.Body).RootElement)
            .Select(got => (Workflow: got.GetProperty("subject").GetString(), Sequence: got.GetProperty("sequence").GetString()))
            .GroupBy(got => got.Workflow, got => got.Sequence)
            .ToList();
        Assert.Equal(Workflows, orders.Count);
        Assert.All(orders, order => Assert.Equal(["0000000001", "0000000002"], order));

        // What the slow one has answered is stored, and the next requests follow.
        await UntilAsync(() => Volatile.Read(ref _slowAnswered) > 0 && _slow.Got.Count > 2);
        Assert.Equal(2 * Workflows, _fast.Got.Count);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (!condition())
        {
            await Task.Delay(10, patience.Token);
        }
    }

    private void Write(List<string> ids, long sequence)
    {
        var (progressing, blocked) = (Samples.Blocked.From, Samples.Blocked.To);
        foreach (var id in ids)
        {
            _outbox.Add(
                Samples.Blocked with
                {
                    WorkflowId = id,
                    Sequence = sequence,
                    At = DateTimeOffset.UtcNow,
                    From = sequence % 2 == 1 ? progressing : blocked,
                    To = sequence % 2 == 1 ? blocked : progressing,
                }
            );
            _services.GetRequiredService<OutboxSchedule>().MarkWritten(Shard.Of(id));
        }
    }

    private sealed class NoWorkflows : IWorkflowReader
    {
        public Task<TrackedWorkflow?> FindAsync(string workflowId, CancellationToken cancellationToken) =>
            Task.FromResult<TrackedWorkflow?>(null);
    }
}
