using Autopilot.Core;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Storage;
using Autopilot.Storage.Settings;
using Azure.Core;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.EndToEnd.Tests.Guarantees;

/// <summary>
/// Guarantee 2 with fan-out: a tick over N workflows makes, if C changed and F finished, at most 32 + N/1000 reads and, as
/// inline, 48 + N/99 + C/49 + 3·F writes: the dispatch adds a read per shard, the lease a write that the budget has always had room for.
/// Besides, each shard's message is put and deleted once.
/// </summary>
public sealed class FanOutBudgetTests(AzuriteFixture azurite, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly OperationCount _tables = new();
    private readonly OperationCount _queue = new();
    private readonly StorageBudgetTests.UpstreamResponses _upstream = new();
    private readonly FakeTimeProvider _clock = new(Start);
    private ServiceProvider _services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["AutopilotStorage"] = azurite.Server.ConnectionString,
                    ["Storage:TablePrefix"] = $"T{Guid.NewGuid():N}"[..20],
                    ["PollQueue"] = $"t-{Guid.NewGuid():N}",
                    ["Polling:FanOut"] = "Queue",
                }
            )
            .Build();
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(_clock)
            .AddSingleton<IUpgradeWorkflowSource>(_upstream)
            .AddAutopilotCore(configuration)
            .AddAutopilotStorage(configuration)
            .PostConfigure<StorageOptions>(options =>
            {
                options.ConfigureClient = client => client.AddPolicy(_tables, HttpPipelinePosition.PerRetry);
                options.ConfigureQueueClient = client => client.AddPolicy(_queue, HttpPipelinePosition.PerRetry);
            })
            .BuildServiceProvider();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(100, 10, 10)]
    [InlineData(1000, 0, 0)]
    [InlineData(1000, 50, 5)]
    [InlineData(1000, 1000, 0)]
    public async Task A_tick_pays_by_the_batch(int workflows, int changed, int finished)
    {
        // The tables are made once in a deployment, which is no cost of a tick.
        await _services.GetRequiredService<StorageProbe>().CheckAsync(Cancel);
        await ManyWorkflows.TrackAsync(
            _services.GetRequiredService<ITrackingStore>(),
            new TableClient(
                azurite.ConnectionString,
                _services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix + "Workflows"
            ),
            [.. Enumerable.Range(0, workflows).Select(i => $"w{i}")],
            Start,
            Cancel
        );
        await TickAsync();

        _clock.Advance(TimeSpan.FromMinutes(1));
        _upstream.Changed = Enumerable.Range(0, changed).Select(i => $"w{i}").ToHashSet();
        _upstream.Finished = Enumerable.Range(0, finished).Select(i => $"w{i}").ToHashSet();
        _tables.Reset();
        _queue.Reset();
        var shards = await TickAsync();

        output.WriteLine(
            $"N={workflows} C={changed} F={finished}: {_tables.Reads} reads, {_tables.Writes} writes, {_queue.Writes} messages put "
                + $"and deleted, {_queue.Reads} receives, {_upstream.Reads} GETs"
        );
        Assert.Equal(2 * workflows, _upstream.Reads);
        Assert.InRange(_tables.Reads, 16, 32 + workflows / 1000);
        Assert.True(_tables.Writes <= 48 + workflows / 99 + changed / 49 + 3 * finished, $"{_tables.Writes} writes");
        Assert.Equal((2 * shards, 1), (_queue.Writes, _queue.Reads));
        Assert.All(
            await _services.GetRequiredService<IShardStatusStore>().ReadAllAsync(Cancel),
            status => Assert.Equal((_clock.GetUtcNow(), null), (status!.CompletedAt, status.Lease))
        );

        // A tick in which nothing is due takes no lease: a read and a write per shard, as inline, and the dispatch.
        _clock.Advance(TimeSpan.FromSeconds(20));
        _tables.Reset();
        await TickAsync();
        Assert.InRange(_tables.Reads, 16, 32);
        Assert.Equal(16, _tables.Writes);
        Assert.Equal(2 * workflows, _upstream.Reads);
    }

    /// <returns>How many shards were polled.</returns>
    private async Task<int> TickAsync()
    {
        var (queue, worker) = (_services.GetRequiredService<IShardQueue>(), _services.GetRequiredService<ShardWorker>());
        Assert.Empty((await _services.GetRequiredService<ShardDispatch>().RunAsync(Cancel)).Errors);
        var messages = await queue.ReceiveAsync(32, TimeSpan.FromMinutes(1), Cancel);
        await Task.WhenAll(
            messages.Select(async message =>
            {
                Assert.Equal(ShardOutcome.Done, await worker.ProcessAsync(message.Text, Cancel));
                await queue.DeleteAsync(message, Cancel);
            })
        );
        return messages.Count;
    }
}
