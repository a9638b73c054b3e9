using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Autopilot.Server;
using Autopilot.Simulator;
using Autopilot.Simulator.Faults;
using Autopilot.Simulator.Fleet;
using Autopilot.Simulator.Scenarios;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.EndToEnd.Tests.Stories;

/// <summary>Unregistered upgrades, from the cluster list to the answer over HTTP, on the simulator's own API.</summary>
public sealed class FleetTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly string _prefix = $"T{Guid.NewGuid():N}"[..20];
    private HttpClient _http = new();
    private SimulatorApp _upstream = null!;
    private SimulatorOptions _options = null!;
    private WebApplication? _server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData(ListShape.Array)]
    [InlineData(ListShape.Object)]
    public async Task An_unregistered_upgrade_is_found_finished_and_kept_after_upstream_forgets_it(ListShape shape)
    {
        var upgrade = Upgrade("1", TimeSpan.FromMinutes(30));
        await StartAsync(
            new SimulatorOptions
            {
                Fleet = SimulatedFleet.Of(upgrade),
                ListShape = shape,
                ForgetAfter = TimeSpan.FromHours(2),
            }
        );
        using (var put = await _http.PutAsJsonAsync($"/api/clusters/{upgrade.ClusterId}", new { upgrade.ProjectId }, Cancel))
        {
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        }

        await RunAsync(TimeSpan.FromMinutes(29));
        var before = await GetAsync($"/api/clusters/{upgrade.ClusterId}");
        Assert.Equal((upgrade.ClusterName, 0), (before.GetProperty("clusterName").GetString(), before.GetProperty("workflows").GetInt32()));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"/api/workflows/{upgrade.Id}"));

        await RunAsync(TimeSpan.FromMinutes(7));
        var during = await GetAsync($"/api/clusters/{upgrade.ClusterId}");
        Assert.Equal(
            (upgrade.Id, upgrade.ClusterName),
            (
                during.GetProperty("currentUpgrade").GetProperty("id").GetString(),
                during.GetProperty("currentUpgrade").GetProperty("clusterName").GetString()
            )
        );

        await RunAsync(TimeSpan.FromHours(4));
        Assert.Null(_upstream.World.StateAt(upgrade.Id, _clock.GetUtcNow()));
        var after = await GetAsync($"/api/workflows/{upgrade.Id}");
        Assert.Equal(("Completed", false), (after.GetProperty("assessment").GetString(), after.TryGetProperty("seenLive", out _)));
        Assert.Equal(_upstream.World.StatesOf(upgrade.Id)[^1].At, after.GetProperty("endedAt").GetDateTimeOffset());
        Assert.False((await GetAsync($"/api/clusters/{upgrade.ClusterId}")).TryGetProperty("currentUpgrade", out _));

        // Every version that was returned is in the history, in order.
        var served = _upstream.Ledger.Of(upgrade.Id).Select(version => version.Version);
        var states = await HistoryAsync(upgrade.Id);
        Assert.Equal(served, states.Select(VersionOf));
        Assert.Equal(1, _upstream.Requests.Count($"/clusters/{upgrade.ClusterId}", 200) - _upstream.Requests.Count("/operation/", 200));
    }

    [Theory]
    [InlineData(ListShape.Null)]
    [InlineData(ListShape.Absent)]
    public async Task A_list_without_items_finds_nothing_and_is_no_failure(ListShape shape)
    {
        var upgrade = Upgrade("1", TimeSpan.Zero);
        await StartAsync(new SimulatorOptions { Fleet = SimulatedFleet.Of(upgrade), ListShape = shape });
        (await _http.PutAsJsonAsync($"/api/clusters/{upgrade.ClusterId}", new { upgrade.ProjectId }, Cancel)).Dispose();
        await RunAsync(TimeSpan.FromMinutes(11));
        var cluster = await GetAsync($"/api/clusters/{upgrade.ClusterId}");
        Assert.Equal((0, false), (cluster.GetProperty("workflows").GetInt32(), cluster.TryGetProperty("failure", out _)));
    }

    [Fact]
    public async Task An_upgrade_that_ended_before_discovery_is_recorded_once_and_kept()
    {
        var past = Upgrade("0", TimeSpan.FromDays(-2));
        await StartAsync(
            new SimulatorOptions { Fleet = SimulatedFleet.Of(past), ForgetAfter = TimeSpan.FromDays(3) },
            new() { ["Tracking:Clusters:0"] = $"{past.ProjectId}/{past.ClusterId}" }
        );
        await RunAsync(TimeSpan.FromMinutes(20));
        await RestartAsync(new() { ["Tracking:Clusters:0"] = $"{past.ProjectId}/{past.ClusterId}" });
        _clock.Advance(TimeSpan.FromDays(2));
        await RunAsync(TimeSpan.FromMinutes(20));

        var summary = await GetAsync($"/api/workflows/{past.Id}");
        Assert.Equal(
            ("Completed", false, 1),
            (
                summary.GetProperty("assessment").GetString(),
                summary.GetProperty("seenLive").GetBoolean(),
                summary.GetProperty("sequence").GetInt32()
            )
        );
        Assert.Equal(_upstream.World.StatesOf(past.Id)[^1].At, summary.GetProperty("endedAt").GetDateTimeOffset());
        Assert.Single(await HistoryAsync(past.Id));
        Assert.Equal(0, _upstream.Requests.Count($"/operation/upgradeworkflows/{past.Id}"));
    }

    [Fact]
    public async Task What_a_person_untracked_stays_untracked_over_scans_and_restarts()
    {
        var upgrade = Upgrade("1", TimeSpan.Zero);
        var settings = new Dictionary<string, string?> { ["Tracking:Projects:0"] = upgrade.ProjectId };
        await StartAsync(new SimulatorOptions { Fleet = SimulatedFleet.Of(upgrade with { Life = new Stalled() }) }, settings);
        await RunAsync(TimeSpan.FromMinutes(3));
        Assert.True((await GetAsync($"/api/workflows/{upgrade.Id}")).GetProperty("tracked").GetBoolean());
        using (var deleted = await _http.DeleteAsync($"/api/workflows/{upgrade.Id}", Cancel))
        {
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        await RunAsync(TimeSpan.FromMinutes(7));
        await RestartAsync(settings);
        var reads = _upstream.Requests.Count($"/operation/upgradeworkflows/{upgrade.Id}");
        await RunAsync(TimeSpan.FromHours(1));
        Assert.False((await GetAsync($"/api/workflows/{upgrade.Id}")).GetProperty("tracked").GetBoolean());
        Assert.Equal(reads, _upstream.Requests.Count($"/operation/upgradeworkflows/{upgrade.Id}"));

        // Nor does the cluster come back, by settings or by the project's list.
        using (var deleted = await _http.DeleteAsync($"/api/clusters/{upgrade.ClusterId}", Cancel))
        {
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        await RestartAsync(settings);
        await RunAsync(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"/api/clusters/{upgrade.ClusterId}"));
    }

    [Fact]
    public async Task A_cluster_that_upstream_does_not_know_fails_alone()
    {
        var upgrade = Upgrade("1", TimeSpan.Zero);
        await StartAsync(new SimulatorOptions { Fleet = SimulatedFleet.Of(upgrade) });
        (await _http.PutAsJsonAsync("/api/clusters/0000-unknown", new { upgrade.ProjectId }, Cancel)).Dispose();
        (await _http.PutAsJsonAsync("/api/clusters/0000-foreign", new { ProjectId = "another" }, Cancel)).Dispose();
        (await _http.PutAsJsonAsync($"/api/clusters/{upgrade.ClusterId}", new { upgrade.ProjectId }, Cancel)).Dispose();

        var cycle = await PollAsync(dueOnly: true);

        Assert.Equal(
            (3, 2, 1, true),
            (
                cycle.GetProperty("clusters").GetInt32(),
                cycle.GetProperty("clustersFailed").GetInt32(),
                cycle.GetProperty("discovered").GetInt32(),
                cycle.GetProperty("complete").GetBoolean()
            )
        );
        Assert.Equal("NotFound", (await GetAsync("/api/clusters/0000-unknown")).GetProperty("failure").GetProperty("kind").GetString());
        Assert.Equal("CCE.01403001", (await GetAsync("/api/clusters/0000-foreign")).GetProperty("failure").GetProperty("code").GetString());
    }

    /// <summary>
    /// A day and a half of a small fleet with upgrades at random, upstream's short memory, outages and a restart: nothing that lived longer
    /// than a pass is missing.
    /// </summary>
    [Fact]
    public async Task Of_a_fleet_with_upgrades_at_random_every_one_is_in_the_history_with_its_end()
    {
        var fleet = SimulatedFleet.CreateRandom(4, seed: 11, span: TimeSpan.FromDays(1), meanPause: TimeSpan.FromHours(6));
        await StartAsync(new SimulatorOptions { Fleet = fleet, ForgetAfter = TimeSpan.FromHours(1) }, Projects(fleet));
        for (var hour = 0; hour < 38; hour++)
        {
            if (hour == 8)
            {
                _upstream.Faults.Add(new Fault { Kind = FaultKind.ServerError, Probability = 0.3 });
            }

            if (hour == 9)
            {
                _upstream.Faults.Clear();
            }

            if (hour == 14)
            {
                await RestartAsync(Projects(fleet));
            }

            for (var tick = 0; tick < 12; tick++)
            {
                _clock.Advance(TimeSpan.FromMinutes(5));
                await PollAsync(dueOnly: true);
            }
        }

        Assert.InRange(fleet.Workflows.Count, 6, 40);
        foreach (var workflow in fleet.Workflows)
        {
            var end = _upstream.World.StatesOf(workflow.Id)[^1];
            Assert.True(end.At < _clock.GetUtcNow().AddHours(-1), "The story ends too early.");
            var summary = await GetAsync($"/api/workflows/{workflow.Id}");
            Assert.Equal(
                (workflow.ClusterName, end.Phase),
                (summary.GetProperty("clusterName").GetString(), summary.GetProperty("phase").GetString())
            );
            // Upstream stamps whole microseconds.
            if (end.Phase == "Success")
            {
                Assert.Equal(end.At, summary.GetProperty("endedAt").GetDateTimeOffset(), TimeSpan.FromMicroseconds(1));
            }

            Assert.Equal(
                _upstream.Ledger.Of(workflow.Id).Select(version => version.Version),
                (await HistoryAsync(workflow.Id)).Select(VersionOf)
            );
        }
    }

    private static Dictionary<string, string?> Projects(SimulatedFleet fleet) =>
        fleet
            .Clusters.Select(cluster => cluster.ProjectId)
            .Distinct()
            .Index()
            .ToDictionary(item => $"Tracking:Projects:{item.Index}", item => (string?)item.Item);

    private static SimulatedWorkflow Upgrade(string number, TimeSpan after) =>
        SimulatedFleet.Create(1, seed: 5, TimeSpan.Zero, [new SmoothUpgrade()]).Workflows[0] with
        {
            Id = $"0000000{number}-1111-2222-3333-444444444444",
            CreatedAfter = after,
            Variation = 1,
        };

    private static int VersionOf(JsonElement state) =>
        int.Parse(
            state.GetProperty("document").GetProperty("metadata").GetProperty("labels").GetProperty("simulator/state").GetString()!,
            System.Globalization.CultureInfo.InvariantCulture
        );

    private async Task StartAsync(SimulatorOptions options, Dictionary<string, string?>? settings = null)
    {
        _upstream = SimulatorApp.Create(_options = options, _clock);
        await _upstream.StartAsync(Cancel);
        await RestartAsync(settings);
    }

    private async Task RestartAsync(Dictionary<string, string?>? settings = null)
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _server = ServerApp.Create(
            ["--urls", "http://127.0.0.1:0"],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton<TimeProvider>(_clock);
                builder.Configuration.AddInMemoryCollection(
                    new Dictionary<string, string?>(settings ?? [])
                    {
                        ["Cce:Endpoint"] = _upstream.BaseAddress.GetLeftPart(UriPartial.Authority),
                        ["Cce:AccessKey"] = _options.AccessKey,
                        ["Cce:SecretKey"] = _options.SecretKey,
                        ["Cce:RetryDelay"] = "00:00:00.001",
                        ["AutopilotStorage"] = azurite.Server.ConnectionString,
                        ["Storage:TablePrefix"] = _prefix,
                        ["PollSchedule"] = "disabled",
                    }
                );
            }
        );
        await _server.StartAsync(Cancel);
        _http.Dispose();
        _http = new HttpClient { BaseAddress = new Uri(_server.Urls.Single()) };
    }

    private async Task RunAsync(TimeSpan time)
    {
        for (var end = _clock.GetUtcNow() + time; _clock.GetUtcNow() < end; )
        {
            _clock.Advance(Minute);
            await PollAsync(dueOnly: true);
        }
    }

    private async Task<JsonElement> PollAsync(bool dueOnly)
    {
        using var answer = await _http.PostAsync(dueOnly ? "/api/poll?due=true" : "/api/poll", null, Cancel);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private async Task<List<JsonElement>> HistoryAsync(string id)
    {
        var page = await GetAsync($"/api/workflows/{id}/history?maxpagesize=1000");
        Assert.False(page.TryGetProperty("nextLink", out _));
        var states = new List<JsonElement>();
        foreach (var entry in page.GetProperty("value").EnumerateArray().Reverse())
        {
            states.Add(await GetAsync($"/api/workflows/{id}/history/{entry.GetProperty("sequence").GetInt32()}"));
        }

        return states;
    }

    private Task<JsonElement> GetAsync(string path) => _http.GetFromJsonAsync<JsonElement>(path, Cancel);

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await _http.GetAsync(path, Cancel);
        return answer.StatusCode;
    }
}
