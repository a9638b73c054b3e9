using System.Text.Json.Nodes;

namespace Autopilot.Functions.Tests;

/// <summary>What the platform reads of the published app before it starts it.</summary>
public sealed class PublishedFilesTests
{
    [Fact]
    public async Task The_metadata_has_the_functions_with_routes_methods_levels_and_schedules()
    {
        var metadata = JsonNode
            .Parse(await File.ReadAllTextAsync(await FileAsync("functions.metadata"), TestContext.Current.CancellationToken))!
            .AsArray();

        var functions = metadata.Select(function =>
        {
            Assert.Equal("dotnet-isolated", (string?)function!["language"]);
            Assert.Equal("Autopilot.Functions.dll", (string?)function["scriptFile"]);
            var binding = Assert.Single(function["bindings"]!.AsArray())!;
            Assert.Equal("In", (string?)binding["direction"]);
            return (string?)binding["type"] switch
            {
                "httpTrigger" => $"{function["name"]} | "
                    + (
                        binding["methods"] is JsonArray { Count: > 0 } methods
                            ? string.Join(", ", methods).ToUpperInvariant()
                            : "any method"
                    )
                    + $" | {binding["route"]} | {binding["authLevel"]}",
                "queueTrigger" => $"{function["name"]} | queue | {binding["queueName"]} of {binding["connection"]}, {binding["dataType"]}",
                "timerTrigger" => $"{function["name"]} | timer | {binding["schedule"]}",
                var other => $"{function["name"]} | {other}",
            };
        });

        Assert.Equal(
            [
                "Health | GET, HEAD | api/health/{*path} | Anonymous",
                "Mcp | any method | api/mcp | Function",
                "Poll | POST | api/{*path} | Function",
                "PollShard | queue | %PollQueue% of AutopilotStorage, String",
                "PollTimer | timer | %PollSchedule%",
                "Query | GET, HEAD | api/{*path} | Function",
                "RetentionTimer | timer | %RetentionSchedule%",
                "Track | PUT, DELETE | api/{*path} | Function",
            ],
            functions.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task The_platform_finds_the_worker_its_extensions_and_its_host_file()
    {
        var worker = JsonNode.Parse(
            await File.ReadAllTextAsync(await FileAsync("worker.config.json"), TestContext.Current.CancellationToken)
        )!["description"]!;
        Assert.Equal(
            ("dotnet-isolated", "dotnet", "Autopilot.Functions.dll"),
            ((string?)worker["language"], (string?)worker["defaultExecutablePath"], (string?)worker["defaultWorkerPath"])
        );
        var extensions = JsonNode.Parse(
            await File.ReadAllTextAsync(await FileAsync("extensions.json"), TestContext.Current.CancellationToken)
        )!["extensions"]!.AsArray();
        Assert.Contains(extensions, extension => (string?)extension!["name"] == "AzureStorageQueues");
        Assert.True(File.Exists(await FileAsync(".azurefunctions/function.deps.json")));
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "host.json"), TestContext.Current.CancellationToken),
            await File.ReadAllTextAsync(await FileAsync("host.json"), TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task No_local_settings_are_published() =>
        Assert.Empty(Directory.GetFiles(await PublishedApp.FolderAsync(), "local.settings*", SearchOption.AllDirectories));

    private static async Task<string> FileAsync(string name) => Path.Combine(await PublishedApp.FolderAsync(), name);
}
