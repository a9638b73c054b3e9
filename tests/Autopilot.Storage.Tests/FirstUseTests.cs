using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace Autopilot.Storage.Tests;

/// <summary>Tables that are not there yet.</summary>
public sealed class FirstUseTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Fact]
    public async Task Of_all_shards_and_processes_that_miss_a_table_one_creates_it_and_says_so()
    {
        var logs = new FakeLogCollector();
        var transports = Enumerable.Range(0, 2).Select(_ => new FaultyTransport()).ToList();
        // The first writes of both processes set out together.
        var (waiting, all) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var processes = transports.Select(transport => NewServices(transport, logs: logs)).ToList();
        var stores = processes
            .Zip(
                transports,
                (process, transport) =>
                {
                    transport.Before = kind =>
                    {
                        if (kind != "write" || all.Task.IsCompleted)
                        {
                            return Task.CompletedTask;
                        }
                        if (Interlocked.Increment(ref waiting) == 2 * Shard.All.Count)
                        {
                            all.SetResult();
                        }
                        return all.Task;
                    };
                    return process.GetRequiredService<TableWorkflowStore>();
                }
            )
            .ToList();

        await Task.WhenAll(
            stores.SelectMany((store, n) => Shard.All.Select(shard => store.WriteAsync(shard, [], Board(Noon.AddHours(n)), Cancel)))
        );

        Assert.All(transports, transport => Assert.InRange(transport.Count("table"), 0, 1));
        Assert.Equal(
            $"Table {Prefix}Workflows was not there and has been created",
            Assert.Single(logs.GetSnapshot(), record => record.Id.Name == "TableCreated").Message
        );
        Assert.DoesNotContain(null, await processes[0].GetRequiredService<IShardStatusStore>().ReadAllAsync(Cancel));
    }

    [Fact]
    public async Task A_table_that_is_there_is_not_said_to_have_been_created()
    {
        var logs = new FakeLogCollector();
        await WorkflowsTable.CreateAsync(Cancel);
        await RunsTable.CreateAsync(Cancel);

        await NewServices(logs: logs).GetRequiredService<StorageProbe>().CheckAsync(Cancel);

        Assert.DoesNotContain(logs.GetSnapshot(), record => record.Id.Name == "TableCreated");
    }

    [Fact]
    public async Task A_table_that_is_deleted_while_we_run_is_created_again()
    {
        var store = NewStore();
        await TrackAsync(store, "wf-1");
        await WorkflowsTable.DeleteAsync(Cancel);

        Assert.Equal(TrackStatus.Created, (await store.TrackAsync(Target("wf-1"), null, Noon, false, Cancel)).Status);
        Assert.NotNull(await store.FindAsync("wf-1", Cancel));
    }

    [Fact]
    public async Task A_creation_that_failed_is_tried_again_by_the_next_write()
    {
        var transport = new FaultyTransport { Next = (kind, _) => kind == "table" ? Fault.TooLargeBefore : Fault.None };
        var store = NewStore(transport);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => TrackAsync(store, "wf-1"));
        transport.Next = (_, _) => Fault.None;

        await TrackAsync(store, "wf-1");
        Assert.NotNull(await store.FindAsync("wf-1", Cancel));
    }
}
