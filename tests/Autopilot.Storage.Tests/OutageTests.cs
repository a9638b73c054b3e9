using Autopilot.Azurite;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking.FanOut;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Storage.Tests;

/// <summary>A table service that is down, refuses us, or comes back.</summary>
public sealed class OutageTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Fact]
    public async Task A_service_that_is_down_at_start_is_reported_and_used_once_it_is_back()
    {
        var folder = Directory.CreateTempSubdirectory("autopilot-storage-");
        try
        {
            await using var server = await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = folder.FullName }, Cancel);
            await server.StopAsync();
            var services = NewServices(connectionString: server.ConnectionString);
            var store = services.GetRequiredService<TableWorkflowStore>();

            await Assert.ThrowsAsync<StorageUnavailableException>(() => TrackAsync(store, "wf-1"));
            await Assert.ThrowsAsync<StorageUnavailableException>(() =>
                services.GetRequiredService<IShardStatusStore>().ReadAllAsync(Cancel)
            );
            await Assert.ThrowsAsync<StorageUnavailableException>(() => services.GetRequiredService<StorageProbe>().CheckAsync(Cancel));

            await server.ResumeAsync(Cancel);
            var row = await TrackAsync(store, "wf-1");
            await store.WriteAsync(Shard.Of("wf-1"), [Change(row, "A")], Board(Noon), Cancel);
            await server.StopAsync();
            await Assert.ThrowsAsync<StorageUnavailableException>(() =>
                store.WriteAsync(Shard.Of("wf-1"), [Unchanged(row, Noon)], null, Cancel)
            );
            await server.ResumeAsync(Cancel);

            await AssertHistoryAsync(store, "wf-1", "A");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_probe_creates_the_tables_leaves_nothing_in_them_and_says_where_they_are()
    {
        var found = await NewServices().GetRequiredService<StorageProbe>().CheckAsync(Cancel);

        Assert.Equal($"tables {Prefix}Workflows and {Prefix}Runs at {Azurite.Server.TableEndpoint} can be read and written", found);
        Assert.Empty(await WorkflowsTable.QueryAsync<Azure.Data.Tables.TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel));
        Assert.Empty(await RunsTable.QueryAsync<Azure.Data.Tables.TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_wrong_key_is_reported_without_the_key()
    {
        var wrong = Convert.ToBase64String(new byte[64]);
        var services = NewServices(
            connectionString: Azurite.Server.ConnectionString.Replace(AzuriteServer.AccountKey, wrong, StringComparison.Ordinal)
        );

        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            services.GetRequiredService<StorageProbe>().CheckAsync(Cancel)
        );
        var write = await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            TrackAsync(services.GetRequiredService<TableWorkflowStore>(), "wf-1")
        );

        Assert.StartsWith(
            $"The table service at {Azurite.Server.TableEndpoint.Authority} (AutopilotStorage) refuses our credentials or rights (403",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(refused.Message, write.Message);
        Assert.DoesNotContain(wrong, refused.Message, StringComparison.Ordinal);
    }
}
