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

/// <summary>Why an upgrade does not go on, from upstream's own document about the task to the answer over HTTP.</summary>
public sealed class WhyTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
    private readonly HttpClient _http = new();
    private SimulatorApp _upstream = null!;
    private WebApplication _server = null!;
    private SimulatedWorkflow _workflow = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task A_failed_precheck_names_its_failed_items()
    {
        await StartAsync(new FailedPreCheckRetried());

        var summary = await PollUntilFailedAsync();

        var blocking = summary.GetProperty("blockingTask");
        var details = blocking.GetProperty("details").EnumerateArray().ToList();
        Assert.Equal(["CoreDNS add-on status", "Deprecated Kubernetes APIs"], details.Select(d => d.GetProperty("name").GetString()));
        Assert.Equal(
            """{"name":"CoreDNS add-on status","kind":"Exception","group":"AddonCheck","level":"Fatal","message":"The add-on coredns is not running: 0 of 2 replicas are ready. Repair or upgrade it, then check again.","errorCodes":["AddonAbnormal"]}""",
            details[0].GetRawText()
        );
        Assert.Contains("The add-on coredns is not running", blocking.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("add-on", blocking.GetProperty("remediation").GetString(), StringComparison.Ordinal);
        Assert.Contains("on 'CoreDNS add-on status' and 1 more", summary.GetProperty("headline").GetString(), StringComparison.Ordinal);
        Assert.Equal(summary.GetRawText(), (await GetAsync()).GetRawText());
    }

    [Fact]
    public async Task A_failed_upgrade_shows_its_phase_and_progress()
    {
        await StartAsync(new FailedClusterRetried());

        var blocking = (await PollUntilFailedAsync()).GetProperty("blockingTask");

        Assert.Equal("Cluster", blocking.GetProperty("type").GetString());
        Assert.Equal(
            "phase Failed at progress 62.00",
            Assert.Single(blocking.GetProperty("details").EnumerateArray()).GetProperty("message").GetString()
        );
        Assert.Contains("phase Failed at progress 62.00", blocking.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_answer_to_why_does_not_hold_the_state_up_and_comes_with_a_later_poll()
    {
        await StartAsync(new FailedPreCheckRetried());
        // On the simulator's clock, which stands still meanwhile: no answer within any time that we wait.
        _upstream.Faults.Add(
            new Fault
            {
                Kind = FaultKind.SlowHeaders,
                Path = "/precheck/tasks/",
                Delay = TimeSpan.FromMinutes(30),
            }
        );

        var summary = await PollUntilFailedAsync();

        Assert.Equal(1, _upstream.Faults.Struck(FaultKind.SlowHeaders));
        Assert.False(summary.GetProperty("blockingTask").TryGetProperty("details", out _));
        Assert.Equal("Blocked", (await GetAsync()).GetProperty("assessment").GetString());

        _upstream.Faults.Clear();
        _clock.Advance(TimeSpan.FromSeconds(10));
        var later = await PollAsync();

        Assert.Equal(2, later.GetProperty("blockingTask").GetProperty("details").GetArrayLength());
        Assert.Equal(summary.GetProperty("sequence").GetInt32(), later.GetProperty("sequence").GetInt32());
        Assert.Equal(summary.GetProperty("lastChangedAt").GetString(), later.GetProperty("lastChangedAt").GetString());
    }

    [Fact]
    public async Task The_words_stay_with_their_attempt_when_the_next_one_succeeds()
    {
        await StartAsync(new FailedPreCheckRetried());
        await PollUntilFailedAsync();

        JsonElement check;
        do
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            check = (await PollAsync()).GetProperty("tasks")[0];
        } while (check.GetProperty("status").GetString() != "Success");

        var runs = check.GetProperty("runs");
        Assert.Equal(2, runs.GetArrayLength());
        Assert.Equal(2, runs[0].GetProperty("details").GetArrayLength());
        Assert.False(runs[1].TryGetProperty("details", out _));
    }

    private async Task StartAsync(Scenario scenario)
    {
        var simulator = new SimulatorOptions { Fleet = SimulatedFleet.Create(1, seed: 3, stagger: TimeSpan.Zero, scenarios: [scenario]) };
        _workflow = simulator.Fleet.Workflows[0];
        _upstream = SimulatorApp.Create(simulator, _clock);
        await _upstream.StartAsync(Cancel);
        _server = ServerApp.Create(
            ["--urls", "http://127.0.0.1:0"],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton<TimeProvider>(_clock);
                builder.Configuration.AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        ["Cce:Endpoint"] = _upstream.BaseAddress.GetLeftPart(UriPartial.Authority),
                        ["Cce:AccessKey"] = simulator.AccessKey,
                        ["Cce:SecretKey"] = simulator.SecretKey,
                        ["AutopilotStorage"] = azurite.Server.ConnectionString,
                        ["Storage:TablePrefix"] = $"T{Guid.NewGuid():N}"[..20],
                        ["PollSchedule"] = "disabled",
                    }
                );
            }
        );
        await _server.StartAsync(Cancel);
        _http.BaseAddress = new Uri(_server.Urls.Single());
        using var tracked = await _http.PutAsJsonAsync(
            $"/api/workflows/{_workflow.Id}",
            new { _workflow.ClusterId, _workflow.ProjectId },
            Cancel
        );
        tracked.EnsureSuccessStatusCode();
    }

    private async Task<JsonElement> PollUntilFailedAsync()
    {
        while (true)
        {
            _clock.Advance(TimeSpan.FromSeconds(30));
            var summary = await PollAsync();
            if (summary.GetProperty("blockingTask").GetProperty("reason").GetString() == "TaskFailed")
            {
                return summary;
            }
        }
    }

    private async Task<JsonElement> PollAsync()
    {
        using var answer = await _http.PostAsync($"/api/workflows/{_workflow.Id}/poll", null, Cancel);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private Task<JsonElement> GetAsync() => _http.GetFromJsonAsync<JsonElement>($"/api/workflows/{_workflow.Id}", Cancel);
}
