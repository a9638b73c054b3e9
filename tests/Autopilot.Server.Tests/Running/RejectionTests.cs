using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Autopilot.Simulator.Fleet;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Server.Tests.Running;

/// <summary>Upstream refuses us: loud, and without locking the access key for everybody who uses it.</summary>
public sealed class RejectionTests(AzuriteFixture azurite)
{
    private readonly SimulatedFleet _fleet = SimulatedFleet.Create(20, seed: 7);

    [Fact]
    public async Task A_wrong_secret_key_costs_one_request_and_readiness_says_that_upstream_refuses()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        var settings = upstream.Settings(azurite.ConnectionString, _fleet);
        settings["Cce:SecretKey"] = "not-the-secret-key-of-the-simulator";
        await using var server = await RunningServer.StartAsync(settings);

        var first = await PollAsync(server);
        var second = await PollAsync(server);

        Assert.Equal(1, upstream.App.Requests.Count());
        Assert.False(first.GetProperty("complete").GetBoolean());
        Assert.False(second.GetProperty("complete").GetBoolean());
        Assert.Contains("Cce:SecretKey", first.GetProperty("errors")[0].GetString(), StringComparison.Ordinal);
        await AssertRefusedAsync(server);
        Assert.DoesNotContain(server.Log.GetSnapshot(), record => record.Message.Contains("not-the-secret-key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clock_that_is_20_minutes_off_is_named_as_the_cause()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        var settings = upstream.Settings(azurite.ConnectionString, _fleet);
        await using var server = await RunningServer.StartAsync(
            settings,
            builder => builder.Services.AddSingleton<TimeProvider>(new OffsetClock(TimeSpan.FromMinutes(20)))
        );

        var cycle = await PollAsync(server);

        Assert.Equal(1, upstream.App.Requests.Count());
        Assert.Contains("clock is 20 min ahead", cycle.GetProperty("errors")[0].GetString(), StringComparison.Ordinal);
        await AssertRefusedAsync(server);
    }

    [Fact]
    public async Task Right_credentials_read_every_workflow_and_the_server_is_ready()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        await using var server = await RunningServer.StartAsync(upstream.Settings(azurite.ConnectionString, _fleet));

        var cycle = await PollAsync(server);

        Assert.True(cycle.GetProperty("complete").GetBoolean());
        Assert.Equal(20, cycle.GetProperty("changed").GetInt32());
        Assert.Equal(20, upstream.Reads);
        using var ready = await server.Client.GetAsync("/api/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    private static async Task<JsonElement> PollAsync(RunningServer server)
    {
        using var answer = await server.Client.PostAsync("/api/poll", null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task AssertRefusedAsync(RunningServer server)
    {
        using var ready = await server.Client.GetAsync("/api/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        var problem = await ready.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("UpstreamRejected", problem.GetProperty("code").GetString());
    }
}
