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
            """{"name":"CoreDNS add-on status","kind":"Exception","group":"AddonCheck","level":"Fatal","message":"The add-on coredns is not running: 0 of 2 replicas are ready. Repair or upgrade it, then check again.","errorCodes":["AddonAbnormal"],"remedy":{"item":"Add-ons","by":"User","action":"Repair the add-on on the console's add-on page.","recheck":"AfterChange","references":[{"title":"Pre-upgrade check items of CCE Autopilot","url":"https://support.huaweicloud.com/intl/en-us/usermanual-cce-autopilot/cce_11_0549.html"}]}}""",
            details[0].GetRawText()
        );
        Assert.Equal(
            ("Discarded Kubernetes APIs", "WithinDay", 86_400),
            (
                details[1].GetProperty("remedy").GetProperty("item").GetString(),
                details[1].GetProperty("remedy").GetProperty("recheck").GetString(),
                details[1].GetProperty("remedy").GetProperty("recheckWithinSeconds").GetDouble()
            )
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
    public async Task A_failed_snapshot_is_explained_from_the_list_of_backups_with_the_last_ones_age()
    {
        await StartAsync(new FailedSnapshot());

        JsonElement summary;
        do
        {
            _clock.Advance(TimeSpan.FromSeconds(30));
            summary = await PollAsync();
        } while (summary.GetProperty("assessment").GetString() != "Waiting");
        var backup = Assert.Single(InsightsOf(summary), insight => insight.GetProperty("code").GetString() == "LatestBackup");
        Assert.Contains("1 day", backup.GetProperty("summary").GetString(), StringComparison.Ordinal);

        var blocking = (await PollUntilFailedAsync()).GetProperty("blockingTask");

        Assert.Equal("Snapshot", blocking.GetProperty("type").GetString());
        Assert.Equal(
            "phase Failed at progress 0.00: The disk of a control node could not be backed up.",
            Assert.Single(blocking.GetProperty("details").EnumerateArray()).GetProperty("message").GetString()
        );
    }

    [Fact]
    public async Task A_failed_rollback_is_probably_explained()
    {
        await StartAsync(new FailedRollback());

        JsonElement blocking;
        do
        {
            blocking = (await PollUntilFailedAsync()).GetProperty("blockingTask");
        } while (blocking.GetProperty("type").GetString() != "Rollback");

        Assert.True(Assert.Single(blocking.GetProperty("details").EnumerateArray()).GetProperty("probable").GetBoolean());
        Assert.Contains(
            "Upstream probably says of it: \"phase Failed: The backup could not be restored on node 2\".",
            blocking.GetProperty("message").GetString(),
            StringComparison.Ordinal
        );
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

        // Once for the progress while it ran, once for the reason.
        Assert.Equal(2, _upstream.Faults.Struck(FaultKind.SlowHeaders));
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

    private static IEnumerable<JsonElement> InsightsOf(JsonElement summary) => summary.GetProperty("insights").EnumerateArray();

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
