using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Autopilot.Api;
using Autopilot.Core.Tracking;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Functions.Tests;

public sealed partial class HostFilesTests
{
    [Fact]
    public void The_route_prefix_is_empty_since_the_routes_name_their_whole_path() =>
        Assert.Equal("", (string?)Json("host.json")["extensions"]!["http"]!["routePrefix"]);

    [Fact]
    public async Task What_the_platform_answers_itself_bears_the_same_security_headers_as_our_answers()
    {
        var custom = Json("host.json")["extensions"]!["http"]!["customHeaders"]!
            .AsObject()
            .ToDictionary(header => header.Key, header => (string?)header.Value);
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection(HostSettings.Enough);
        using var host = builder.AddAutopilot().Build();
        var context = new DefaultHttpContext { RequestServices = host.Services, Request = { Method = "GET", Path = "/api/nowhere" } };

        await new Query(host.Services.GetRequiredService<AutopilotPipeline>()).RunAsync(context.Request);

        // The version is the app's and no rule for browsers.
        var ours = context
            .Response.Headers.Where(header =>
                header.Key is not ("Content-Type" or "Content-Length" or "Cache-Control" or ProductVersion.Header)
            )
            .ToDictionary(header => header.Key, header => (string?)header.Value);
        Assert.Equal(
            ours.OrderBy(header => header.Key, StringComparer.Ordinal),
            custom.OrderBy(header => header.Key, StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Telemetry_is_the_workers_own_and_the_platform_does_not_send_it_again() =>
        Assert.Equal("OpenTelemetry", (string?)Json("host.json")["telemetryMode"]);

    [Fact]
    public void Queue_messages_are_plain_text_and_a_broken_one_is_put_aside_soon()
    {
        var queues = Json("host.json")["extensions"]!["queues"]!;

        Assert.Equal("none", (string?)queues["messageEncoding"]);
        Assert.InRange((int)queues["maxDequeueCount"]!, 2, 5);
        // Four shards an instance and not one more, so that sixteen make work for four; and no message waits long against its tick.
        Assert.Equal((4, 0), ((int)queues["batchSize"]!, (int)queues["newBatchThreshold"]!));
        Assert.InRange(TimeSpan.Parse((string)queues["maxPollingInterval"]!, null), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Assert.InRange(TimeSpan.Parse((string)queues["visibilityTimeout"]!, null), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Another_instance_takes_a_dead_ones_timers_over_within_a_minute()
    {
        var locks = Json("host.json")["singleton"]!;
        var (period, recovery) = (
            TimeSpan.Parse((string)locks["listenerLockPeriod"]!, null),
            TimeSpan.Parse((string)locks["listenerLockRecoveryPollingInterval"]!, null)
        );

        // What the platform takes.
        Assert.InRange(period, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1));
        Assert.InRange(recovery, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1));
        Assert.True(period + recovery < TimeSpan.FromMinutes(1));
    }

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
        var fromTriggers = DeclaredFunction
            .All.SelectMany(function =>
                Placeholder()
                    .Matches($"{function.Timer?.Schedule} {function.Queue?.QueueName}")
                    .Select(match => match.Groups[1].Value)
                    .Append(function.Queue?.Connection)
            )
            .OfType<string>();

        Assert.All(
            ["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", .. fromTriggers],
            name => Assert.True(settings.ContainsKey(name), $"{name} is missing")
        );
        Assert.Equal("dotnet-isolated", (string?)settings["FUNCTIONS_WORKER_RUNTIME"]);
        Assert.All(
            settings.Where(setting => setting.Key.EndsWith("Schedule", StringComparison.Ordinal)),
            setting => Assert.NotNull(Schedule.TryParse((string?)setting.Value))
        );
    }

    [Fact]
    public void The_sample_polls_inline_with_the_queues_trigger_off()
    {
        var settings = Json("local.settings.sample.json")["Values"]!.AsObject();

        Assert.Equal("Inline", (string?)settings["Polling__FanOut"]);
        Assert.Equal("true", (string?)settings["AzureWebJobs.PollShard.Disabled"]);
        Assert.All(["AutopilotStorage", "PollQueue"], name => Assert.True(settings.ContainsKey(name), $"{name} is missing"));
    }

    [Fact]
    public void The_sample_settings_hold_no_secret_but_places_to_fill_in()
    {
        var upstream = Json("local.settings.sample.json")["Values"]!
            .AsObject()
            .Where(setting => setting.Key.StartsWith("Cce__", StringComparison.Ordinal))
            .ToList();

        Assert.Contains(upstream, setting => setting.Key == "Cce__SecretKey");
        Assert.All(upstream, setting => Assert.Matches("^<.+>$", (string?)setting.Value));
    }

    private static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, name));

    private static JsonObject Json(string name) => JsonNode.Parse(Text(name))!.AsObject();

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Placeholder();
}
