using Autopilot.Azurite;
using Azure.Data.Tables;

namespace Autopilot.Storage.Tests;

public sealed class AzuriteServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Data_in_a_folder_outlives_a_stop_and_the_port_stays()
    {
        var folder = Directory.CreateTempSubdirectory("autopilot-azurite-");
        try
        {
            await using var server = await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = folder.FullName }, Cancel);
            var port = server.TablePort;
            var table = new TableClient(server.ConnectionString, "Kept");
            await table.CreateAsync(Cancel);
            await table.AddEntityAsync(new TableEntity("p", "r") { ["Value"] = 42 }, Cancel);

            await server.StopAsync();
            Assert.False(server.IsRunning);
            await server.ResumeAsync(Cancel);

            Assert.Equal(port, server.TablePort);
            var kept = await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel);
            Assert.Equal(42, kept.Value.GetInt32("Value"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Queues_run_when_they_are_asked_for()
    {
        await using var server = await AzuriteServer.StartAsync(new AzuriteOptions { Queues = true }, Cancel);

        using var http = new System.Net.Http.HttpClient();
        using var answer = await http.GetAsync(server.QueueEndpoint, Cancel);

        Assert.Contains("QueueEndpoint=http://127.0.0.1:", server.ConnectionString, StringComparison.Ordinal);
        Assert.StartsWith("Azurite-Queue", answer.Headers.Server.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_that_was_asked_for_is_named()
    {
        await using var first = await AzuriteServer.StartAsync(cancellationToken: Cancel);

        var refused = await Assert.ThrowsAsync<AzuriteException>(() =>
            AzuriteServer.StartAsync(new AzuriteOptions { TablePort = first.TablePort }, Cancel)
        );

        Assert.Contains($"127.0.0.1:{first.TablePort}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outside_the_repository_the_message_says_what_was_searched()
    {
        var missing = Assert.Throws<AzuriteException>(() => AzuriteInstallation.FindFolder(Path.GetTempPath()));

        Assert.Contains("Autopilot.Functions.sln", missing.Message, StringComparison.Ordinal);
    }
}
