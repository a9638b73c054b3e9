using Autopilot.Azurite;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Storage.Settings;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace Autopilot.Storage.Tests.FanOut;

/// <summary>The shards' queue on the real protocol.</summary>
public sealed class QueueTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly string _name = "t-" + Guid.NewGuid().ToString("N")[..12];
    private readonly FakeLogCollector _logs = new(Options.Create(new FakeLogCollectorOptions()));
    private readonly List<ServiceProvider> _providers = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private QueueClient Raw => new(azurite.ConnectionString, _name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in _providers)
        {
            await provider.DisposeAsync();
        }

        await Raw.DeleteIfExistsAsync(CancellationToken.None);
    }

    [Fact]
    public async Task The_first_message_makes_the_queue_and_comes_as_it_was_sent()
    {
        var queue = New();
        Assert.Empty(await queue.ReceiveAsync(4, Minute, Cancel));

        await queue.SendAsync(Message(3), Cancel);

        var received = Assert.Single(await New().ReceiveAsync(4, Minute, Cancel));
        Assert.Equal(Message(3), ShardMessage.TryParse(received.Text));
        Assert.Equal(
            "QueueCreated",
            Assert.Single(_logs.GetSnapshot(), record => record.Category!.StartsWith("Autopilot.", StringComparison.Ordinal)).Id.Name
        );
    }

    [Fact]
    public async Task Many_who_miss_the_queue_at_once_lose_no_message()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(shard => New().SendAsync(Message(shard), Cancel)));

        var received = await New().ReceiveAsync(32, Minute, Cancel);
        Assert.Equal(Shard.All, received.Select(m => ShardMessage.TryParse(m.Text)!.Shard).OrderBy(s => s.Index));
    }

    [Fact]
    public async Task On_the_wire_it_is_plain_text_as_host_json_says()
    {
        await New().SendAsync(Message(10), Cancel);

        var peeked = (await Raw.PeekMessageAsync(Cancel)).Value;
        Assert.Equal(
            """{"shard":"a","dispatchedAt":"2026-05-04T12:00:00+00:00","expiresAt":"2026-05-04T12:01:00+00:00"}""",
            peeked.MessageText
        );
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(0.25, 1)]
    [InlineData(1.5, 2)]
    [InlineData(86400, 86400)]
    public async Task A_message_expires_after_a_tick(double tickSeconds, int livesSeconds)
    {
        await New().SendAsync(new ShardMessage(Shard.All[0], Noon, Noon.AddSeconds(tickSeconds)), Cancel);

        var taken = (await Raw.ReceiveMessageAsync(TimeSpan.FromSeconds(30), Cancel)).Value;
        Assert.Equal(TimeSpan.FromSeconds(livesSeconds), taken.ExpiresOn - taken.InsertedOn);
    }

    [Fact]
    public async Task A_received_message_is_hidden_until_returned_and_gone_once_deleted()
    {
        var queue = New();
        await queue.SendAsync(Message(3), Cancel);
        var first = Assert.Single(await queue.ReceiveAsync(4, Minute, Cancel));
        Assert.Empty(await queue.ReceiveAsync(4, Minute, Cancel));

        await queue.ReturnAsync(first, Cancel);
        var second = Assert.Single(await queue.ReceiveAsync(4, Minute, Cancel));
        Assert.Equal(first.Text, second.Text);

        // Who had it before has no say any more.
        await queue.DeleteAsync(first, Cancel);
        await queue.ReturnAsync(first, Cancel);
        await queue.ReturnAsync(second, Cancel);
        var third = Assert.Single(await queue.ReceiveAsync(4, Minute, Cancel));
        await queue.DeleteAsync(third, Cancel);
        await queue.DeleteAsync(third, Cancel);
        await queue.ReturnAsync(third, Cancel);
        Assert.Null((await Raw.PeekMessageAsync(Cancel)).Value);
    }

    [Fact]
    public async Task A_deleted_queue_is_created_again()
    {
        var queue = New();
        await queue.SendAsync(Message(3), Cancel);
        var received = Assert.Single(await queue.ReceiveAsync(4, Minute, Cancel));
        await Raw.DeleteAsync(Cancel);

        Assert.Empty(await queue.ReceiveAsync(4, Minute, Cancel));
        await queue.DeleteAsync(received, Cancel);
        await queue.SendAsync(Message(4), Cancel);

        Assert.Single(await queue.ReceiveAsync(4, Minute, Cancel));
    }

    [Fact]
    public async Task A_service_that_is_down_is_reported_in_our_own_words()
    {
        var queue = New(
            "DefaultEndpointsProtocol=http;AccountName=acme;AccountKey=bm90LWEta2V5;TableEndpoint=http://127.0.0.1:9/acme;"
                + "QueueEndpoint=http://127.0.0.1:9/acme;"
        );

        foreach (
            var request in (Func<Task>[])
                [
                    () => queue.SendAsync(Message(3), Cancel),
                    () => queue.ReceiveAsync(1, Minute, Cancel),
                    () => queue.DeleteAsync(new ReceivedShard("", "id", "receipt"), Cancel),
                ]
        )
        {
            var reported = await Assert.ThrowsAsync<StorageUnavailableException>(request);
            Assert.Equal(
                "The queue service at 127.0.0.1:9 (AutopilotStorage) cannot be reached: no connection, or it was cut.",
                reported.Message
            );
        }
    }

    [Fact]
    public async Task A_rejection_says_which_right_is_missing()
    {
        var queue = New(
            $"DefaultEndpointsProtocol=http;AccountName={AzuriteServer.AccountName};AccountKey=bm90LWEta2V5;"
                + $"QueueEndpoint={azurite.Server.QueueEndpoint};"
        );

        var reported = await Assert.ThrowsAsync<StorageUnavailableException>(() => queue.SendAsync(Message(3), Cancel));

        Assert.Contains(
            $"The queue service at {azurite.Server.QueueEndpoint!.Authority} (AutopilotStorage) refuses our credentials or rights (403",
            reported.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("'Storage Queue Data Contributor'", reported.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("bm90", reported.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_probe_makes_the_queue_and_takes_nothing_from_it()
    {
        var probe = Services(azurite.ConnectionString).GetRequiredService<StorageProbe>();
        Assert.Equal($"queue {_name} at {azurite.Server.QueueEndpoint}/{_name} can be reached", await probe.CheckQueueAsync(Cancel));

        await New().SendAsync(Message(3), Cancel);
        await probe.CheckQueueAsync(Cancel);
        Assert.Single(await New().ReceiveAsync(4, Minute, Cancel));
    }

    private static ShardMessage Message(int shard) => new(Shard.All[shard], Noon, Noon.AddMinutes(1));

    private IShardQueue New(string? connectionString = null) =>
        Services(connectionString ?? azurite.ConnectionString).GetRequiredService<IShardQueue>();

    private ServiceProvider Services(string connectionString)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["AutopilotStorage"] = connectionString, ["PollQueue"] = _name })
            .Build();
        var provider = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(_logs)))
            .AddAutopilotStorage(configuration)
            .PostConfigure<StorageOptions>(options => options.ConfigureQueueClient = client => client.Retry.MaxRetries = 0)
            .BuildServiceProvider();
        _providers.Add(provider);
        return provider;
    }
}
