using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Autopilot.Core.Tracking;

namespace Autopilot.Functions.Tests;

public sealed partial class HeadFilesTests
{
    [Fact]
    public void Program_is_two_statements_over_the_tested_extension()
    {
        var statements = Text("Program.cs").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("using ", StringComparison.Ordinal));

        // It is the one file of the head that the tests cannot compile, and so must hold nothing that could be wrong.
        Assert.Equal(
            [
                "var app = FunctionsApplication.CreateBuilder(args).AddAutopilot().Build();",
                "await app.RunAsync();",
            ],
            statements);
    }

    [Fact]
    public void The_route_prefix_is_empty_since_the_routes_name_their_whole_path() =>
        Assert.Equal("", (string?)Json("host.json")["extensions"]!["http"]!["routePrefix"]);

    [Fact]
    public void The_platform_gives_a_cycle_more_time_than_any_budget_it_may_have()
    {
        var timeout = TimeSpan.Parse((string)Json("host.json")["functionTimeout"]!, null);

        Assert.InRange(timeout, TimeSpan.FromMinutes(9.5), TimeSpan.FromMinutes(10));
        Assert.True(timeout > new PollingOptions().CycleBudget);
    }

    [Fact]
    public void The_sample_settings_hold_every_setting_that_the_platform_reads()
    {
        var settings = Json("local.settings.sample.json")["Values"]!.AsObject();
        var fromTriggers = DeclaredFunction.All
            .Where(function => function.Timer is not null)
            .SelectMany(function => Placeholder().Matches(function.Timer!.Schedule).Select(match => match.Groups[1].Value));

        Assert.All(["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", .. fromTriggers], name => Assert.True(settings.ContainsKey(name), $"{name} is missing"));
        Assert.Equal("dotnet-isolated", (string?)settings["FUNCTIONS_WORKER_RUNTIME"]);
        Assert.All(settings.Where(setting => setting.Key.EndsWith("Schedule", StringComparison.Ordinal)), setting =>
            Assert.NotNull(Schedule.TryParse((string?)setting.Value)));
    }

    [Fact]
    public void The_sample_settings_hold_no_secret_but_places_to_fill_in()
    {
        var upstream = Json("local.settings.sample.json")["Values"]!.AsObject().Where(setting => setting.Key.StartsWith("Cce__", StringComparison.Ordinal)).ToList();

        Assert.Contains(upstream, setting => setting.Key == "Cce__SecretKey");
        Assert.All(upstream, setting => Assert.Matches("^<.+>$", (string?)setting.Value));
    }

    private static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, name));

    private static JsonObject Json(string name) => JsonNode.Parse(Text(name))!.AsObject();

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Placeholder();
}
