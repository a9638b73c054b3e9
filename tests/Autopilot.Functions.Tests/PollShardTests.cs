using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Settings;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Autopilot.Functions.Tests;

/// <summary>The fan-out in the function app: what the timer puts on the queue, and what the queue's function makes of it.</summary>
public sealed class PollShardTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_queue_function_processes_what_the_timer_dispatches()
    {
        var upstream = new Upstream();
        using var host = Host(upstream);
        var store = host.Services.GetRequiredService<ITrackingStore>();
        foreach (var id in (string[])["w1", "w2", "w3"])
        {
            await store.TrackAsync(
                new WorkflowTarget("p", "c", id),
                null,
                DateTimeOffset.UtcNow.AddMinutes(-1),
                onlyIfUnknown: false,
                Cancel
            );
        }

        var queue = host.Services.GetRequiredService<IShardQueue>();

        await ActivatorUtilities.CreateInstance<PollTimer>(host.Services).RunAsync(new TimerInfo(), Cancel);
        Assert.Equal(0, upstream.Reads);
        var messages = await queue.ReceiveAsync(32, TimeSpan.FromMinutes(1), Cancel);
        Assert.Equal(
            ((string[])["w1", "w2", "w3"]).Select(id => Shard.Of(id).Key).Distinct().Order(),
            messages.Select(m => ShardMessage.TryParse(m.Text)!.Shard.Key).Order()
        );
        foreach (var message in messages)
        {
            await WorkOffAsync(host, message.Text);
        }

        Assert.Equal(3, upstream.Reads);
        Assert.All(
            await host.Services.GetRequiredService<IShardStatusStore>().ReadAllAsync(Cancel),
            status => Assert.NotNull(status!.CompletedAt)
        );

        // The platform delivers at least once.
        await WorkOffAsync(host, messages[0].Text);
        Assert.Equal(3, upstream.Reads);
    }

    [Theory]
    [InlineData(
        "Inline",
        """{"shard":"3","dispatchedAt":"2026-01-01T00:00:00Z","expiresAt":"2026-01-01T00:01:00Z"}""",
        "ShardMessageInline"
    )]
    [InlineData("Queue", """{"shard":"3","dispatchedAt":"2026-01-01T00:00:00Z","expiresAt":"2026-01-01T00:01:00Z"}""", "ShardMessageLate")]
    [InlineData("Queue", "eyJzaGFyZCI6IjMifQ==", "ShardMessageUnreadable")]
    [InlineData("Queue", "", "ShardMessageUnreadable")]
    public async Task A_message_that_is_dropped_is_logged_and_not_a_failed_execution(string fanOut, string message, string reported)
    {
        using var host = Host(new Upstream(), fanOut);

        await WorkOffAsync(host, message);

        Assert.Equal(
            [reported],
            host.Services.GetFakeLogCollector()
                .GetSnapshot()
                .Where(r => r.Category!.StartsWith("Autopilot.", StringComparison.Ordinal))
                .Select(r => r.Id.Name)
        );
    }

    [Fact]
    public async Task A_store_that_is_down_is_logged_and_not_a_failed_execution()
    {
        using var host = Host(
            new Upstream(),
            storage: "DefaultEndpointsProtocol=http;AccountName=acme;AccountKey=bm90LWEta2V5;TableEndpoint=http://127.0.0.1:9/acme;"
                + "QueueEndpoint=http://127.0.0.1:9/acme;"
        );

        await WorkOffAsync(host, new ShardMessage(Shard.All[3], DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddMinutes(1)).ToText());
        await ActivatorUtilities.CreateInstance<PollTimer>(host.Services).RunAsync(new TimerInfo(), Cancel);

        var errors = host.Services.GetFakeLogCollector().GetSnapshot().Where(r => r.Level == LogLevel.Error).ToList();
        Assert.Equal(["ShardNotRead", "Dispatched"], errors.Select(r => r.Id.Name));
        // All shards fail alike: that is one sentence.
        Assert.Contains(
            "Shard 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, a, b, c, d, e, f could not be dispatched: The table service at 127.0.0.1:9",
            errors[1].Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_webhook_that_hangs_holds_up_one_shard_for_a_moment_and_no_other()
    {
        var sender = new HangingSender();
        using var host = Host(new Upstream(), sender: sender);

        var first = WorkOffAsync(host, "");
        await sender.Asked.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        // It would wait for the first one's budget, seconds, if it waited at all.
        var second = WorkOffAsync(host, "");
        await second.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.False(first.IsCompleted);
        sender.LetGo.SetResult(new SendResult(true, 200, null, TimeSpan.Zero));
        await first;
        Assert.Equal(1, sender.Attempts);
    }

    private static Task WorkOffAsync(IHost host, string message) =>
        ActivatorUtilities.CreateInstance<PollShard>(host.Services).RunAsync(message, Cancel);

    private IHost Host(Upstream upstream, string fanOut = "Queue", string? storage = null, INotificationSender? sender = null)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder
            .Configuration.AddInMemoryCollection(HostSettings.Enough)
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["AutopilotStorage"] = storage ?? azurite.ConnectionString,
                    ["Storage:TablePrefix"] = $"T{Guid.NewGuid():N}",
                    ["PollQueue"] = $"t-{Guid.NewGuid():N}",
                    ["Polling:FanOut"] = fanOut,
                }
            );
        if (sender is not null)
        {
            builder.Configuration.AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Notifications:Webhooks:0:Url"] = "https://hooks.example/x",
                    ["Notifications:SettleFor"] = "00:00:00",
                }
            );
            builder.Services.AddSingleton(sender).AddSingleton<INotificationOutbox>(new OutboxOfOne(DateTimeOffset.UtcNow, () => null));
        }

        builder.AddAutopilot();
        builder.Services.PostConfigure<StorageOptions>(options =>
        {
            options.ConfigureClient = client => client.Retry.MaxRetries = 0;
            options.ConfigureQueueClient = client => client.Retry.MaxRetries = 0;
        });
        builder.Services.AddSingleton<IUpgradeWorkflowSource>(upstream).AddFakeLogging();
        return builder.Build();
    }

    private sealed class HangingSender : INotificationSender
    {
        private int _attempts;

        public int Attempts => _attempts;

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<SendResult> LetGo { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<SendResult> SendAsync(Webhook webhook, Notification notification, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _attempts);
            Asked.TrySetResult();
            return LetGo.Task;
        }
    }

    private sealed class Upstream : IUpgradeWorkflowSource
    {
        private int _reads;

        public int Reads => _reads;

        public UpstreamStatus Status { get; } = new(null, null, null);

        public Task<WorkflowObservation> ReadAsync(WorkflowTarget target, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _reads);
            return Task.FromResult(
                new WorkflowObservation(new UpgradeWorkflow { Phase = WorkflowPhase.Running }, "0000", "{}"u8.ToArray())
            );
        }

        public Task<FailureReport?> ReadFailureAsync(
            WorkflowTarget target,
            UpgradeTaskType type,
            string taskId,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public Task<IReadOnlyList<WorkflowObservation>> ListAsync(
            string projectId,
            string clusterId,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();
    }
}
