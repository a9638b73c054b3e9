using System.Diagnostics;
using Autopilot.Core.Listing;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Storage.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Autopilot.Storage.Tests;

/// <summary>Whatever the table service and the queue service do, an operation ends within its limit.</summary>
public sealed class DeadlineTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("silent")]
    [InlineData("busy for an hour")]
    public async Task Every_operation_ends_within_its_limit(string answer)
    {
        await using var service = await StandInTables.StartAsync(answer);
        var services = NewServices(connectionString: service.ConnectionString);
        services.GetRequiredService<IOptions<StorageOptions>>().Value.OperationTimeout = Limit;
        var store = services.GetRequiredService<TableWorkflowStore>();
        var queue = services.GetRequiredService<IShardQueue>();
        var shard = Shard.All[0];
        var received = new ReceivedShard("text", "id", "receipt");
        Dictionary<string, Func<Task>> calls = new()
        {
            ["find"] = () => store.FindAsync("wf-1", Cancel),
            ["shard"] = () => store.ReadShardAsync(shard, Cancel),
            ["boards"] = () => services.GetRequiredService<IShardStatusStore>().ReadAllAsync(Cancel),
            ["history"] = () => store.ReadHistoryAsync("wf-1", null, null, 10, null, Cancel),
            ["cluster"] = () => services.GetRequiredService<IClusterStore>().FindClusterAsync("c", Cancel),
            ["runs"] = async () =>
                await services
                    .GetRequiredService<IRunStore>()
                    .ReadAsync(new RunQuery(Noon, Noon.AddDays(1)), new(), Cancel)
                    .ToListAsync(Cancel),
            ["list"] = () => services.GetRequiredService<IWorkflowListStore>().ReadAsync(new WorkflowQuery(), (_, _) => { }, Cancel),
            ["track"] = () => TrackAsync(store, "wf-1"),
            ["table"] = () => services.GetRequiredService<StorageProbe>().CheckAsync(Cancel),
            ["send"] = () => queue.SendAsync(new ShardMessage(shard, Noon, Noon.AddMinutes(1)), Cancel),
            ["receive"] = () => queue.ReceiveAsync(1, TimeSpan.FromMinutes(1), Cancel),
            ["delete"] = () => queue.DeleteAsync(received, Cancel),
            ["return"] = () => queue.ReturnAsync(received, Cancel),
            ["queue"] = () => services.GetRequiredService<StorageProbe>().CheckQueueAsync(Cancel),
        };

        await Task.WhenAll(
            calls.Select(async call =>
            {
                var time = Stopwatch.StartNew();
                var exception = await Record.ExceptionAsync(call.Value);
                Assert.True(exception is StorageUnavailableException, $"{call.Key}: {exception?.ToString() ?? "no exception"}");
                Assert.True(time.Elapsed < TimeSpan.FromSeconds(8), $"{call.Key} took {time.Elapsed}.");
            })
        );
    }

    [Theory]
    [InlineData("busy for an hour")]
    [InlineData("busy")]
    public async Task A_service_that_recovers_is_read_within_seconds_whatever_it_requested(string answer)
    {
        await using var service = await StandInTables.StartAsync();
        service.First = (1, answer);
        var services = NewServices(connectionString: service.ConnectionString);

        var time = Stopwatch.StartNew();
        Assert.Null(await services.GetRequiredService<TableWorkflowStore>().FindAsync("wf-1", Cancel));
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(8), $"It took {time.Elapsed}.");
        // Active, finished and both again, in case it moved meanwhile; the first is sent twice.
        Assert.Equal(5, service.Requests);
    }

    [Fact]
    public async Task A_caller_that_leaves_is_no_outage()
    {
        await using var service = await StandInTables.StartAsync("silent");
        var services = NewServices(connectionString: service.ConnectionString);
        using var leaves = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            services.GetRequiredService<TableWorkflowStore>().FindAsync("wf-1", leaves.Token)
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            services.GetRequiredService<IShardQueue>().ReceiveAsync(1, TimeSpan.FromMinutes(1), leaves.Token)
        );
    }
}
