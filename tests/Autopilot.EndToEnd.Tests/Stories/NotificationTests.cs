using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Autopilot.Core.Notifications;
using Autopilot.Server;
using Autopilot.Simulator;
using Autopilot.Simulator.Fleet;
using Autopilot.Simulator.Scenarios;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.EndToEnd.Tests.Stories;

/// <summary>From upstream's change to the receiver: the whole way of a notification, on the real tables.</summary>
public sealed class NotificationTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Secret = "the-secret-of-the-receiver-012345",
        SecretPath = "/services/T0/B0/verysecretpathpart",
        HeaderSecret = "verysecretheadervalue-0123456789";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
    private readonly HttpClient _http = new();
    private readonly ConcurrentQueue<(string Path, byte[] Body, string Signature)> _got = new();
    private readonly FakeLogCollector _log = FakeLogCollector.Create(new FakeLogCollectorOptions());
    private WebApplication _receiver = null!;
    private SimulatorApp _upstream = null!;
    private WebApplication _server = null!;
    private SimulatedWorkflow _workflow = null!;
    private int _status = 200;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _receiver = builder.Build();
        _receiver.Urls.Add("http://127.0.0.1:0");
        _receiver.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            context.Response.StatusCode = _status;
            if (_status == 200)
            {
                _got.Enqueue((context.Request.Path, body.ToArray(), context.Request.Headers["X-Autopilot-Signature"].ToString()));
            }
        });
        await _receiver.StartAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _upstream.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Each_transition_of_a_retried_upgrade_is_signed_and_sent_by_each_webhooks_filter()
    {
        await StartAsync(new FailedPreCheckRetried());

        await LiveAsync();

        var events = Events().Select(e => e.GetProperty("data")).ToList();
        var history = await HistoryAsync();
        // What the history says of the assessment, each one once while it lasts: with several polls in each, every state lasts.
        Assert.Equal(history, events.Select(data => data.GetProperty("assessment").GetString()));
        Assert.Contains("Blocked", history);
        Assert.Equal("Completed", history[^1]);
        Assert.All(
            events.Zip(events.Skip(1)),
            pair =>
                Assert.Equal(
                    pair.First.GetProperty("assessment").GetString(),
                    pair.Second.GetProperty("before").GetProperty("assessment").GetString()
                )
        );
        Assert.All(events, data => Assert.Contains("Assessment", data.GetProperty("changed").EnumerateArray().Select(c => c.GetString())));
        var blocked = events.First(data => data.GetProperty("assessment").GetString() == "Blocked");
        Assert.Equal(
            ("PreCheck", "TaskFailed"),
            (
                blocked.GetProperty("blockingTask").GetProperty("type").GetString(),
                blocked.GetProperty("blockingTask").GetProperty("reason").GetString()
            )
        );
        Assert.Equal(
            "CoreDNS add-on status",
            blocked.GetProperty("blockingTask").GetProperty("details")[0].GetProperty("name").GetString()
        );

        Assert.All(
            _got.Where(got => got.Path == "/events"),
            got =>
                Assert.Equal(
                    $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), got.Body))}",
                    got.Signature
                )
        );
        Assert.Equal(events.Count, Events().Select(e => e.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(history.Count(assessment => assessment == "Blocked"), _got.Count(got => got.Path == SecretPath));
        AssertNothingSecretIsLogged();
        Assert.DoesNotContain("verysecret", await _http.GetStringAsync("/api/notifications", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_that_was_away_gets_all_of_it_in_order_when_it_is_back()
    {
        _status = 503;
        await StartAsync(new SmoothUpgrade());
        await LiveAsync();
        Assert.Empty(_got);

        _status = 200;
        for (var i = 0; i < 20 && Events().All(e => e.GetProperty("data").GetProperty("assessment").GetString() != "Completed"); i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(30));
            await DeliverAsync();
        }

        Assert.Equal(await HistoryAsync(), Events().Select(e => e.GetProperty("data").GetProperty("assessment").GetString()));
        AssertNothingSecretIsLogged();
    }

    [Fact]
    public async Task A_person_can_try_the_webhooks()
    {
        await StartAsync(new SmoothUpgrade());
        _status = 404;

        using var answer = await _http.PostAsync("/api/notifications/test", null, Cancel);
        var tested = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);

        Assert.Equal(
            ["events", "chat"],
            tested.GetProperty("webhooks").EnumerateArray().Select(webhook => webhook.GetProperty("name").GetString())
        );
        Assert.All(
            tested.GetProperty("webhooks").EnumerateArray(),
            webhook => Assert.Equal((404, "127.0.0.1"), (webhook.GetProperty("status").GetInt32(), webhook.GetProperty("host").GetString()))
        );
        AssertNothingSecretIsLogged();
    }

    /// <summary>
    /// Polls a quarter of a minute apart until it has ended and all of it has been notified: every state of a minute is seen more than
    /// once.
    /// </summary>
    private async Task LiveAsync()
    {
        for (var (poll, after) = (0, 0); after < 16; poll++)
        {
            Assert.True(poll < 12_000, "The upgrade does not end.");
            _clock.Advance(TimeSpan.FromSeconds(15));
            using var answer = await _http.PostAsync($"/api/workflows/{_workflow.Id}/poll", null, Cancel);
            answer.EnsureSuccessStatusCode();
            await DeliverAsync();
            after += (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).TryGetProperty("endedAt", out _) ? 1 : 0;
        }
    }

    /// <summary>As the background does, and waited for.</summary>
    private Task DeliverAsync() => _server.Services.GetRequiredService<NotificationDelivery>().RunAsync(TimeSpan.FromMinutes(1), Cancel);

    private List<JsonElement> Events() =>
        [.. _got.Where(got => got.Path == "/events").Select(got => JsonDocument.Parse(got.Body).RootElement)];

    /// <summary>The assessments in the order of the history, oldest first, neighbours that are alike as one.</summary>
    private async Task<List<string?>> HistoryAsync()
    {
        var page = await _http.GetFromJsonAsync<JsonElement>($"/api/workflows/{_workflow.Id}/history?maxpagesize=1000", Cancel);
        var all = page.GetProperty("value")
            .EnumerateArray()
            .Reverse()
            .Select(state => state.GetProperty("assessment").GetString())
            .ToList();
        return [.. all.Where((assessment, i) => i == 0 || assessment != all[i - 1])];
    }

    private void AssertNothingSecretIsLogged()
    {
        var log = string.Join('\n', _log.GetSnapshot().Select(record => $"{record.Message} {record.Exception}"));
        Assert.NotEmpty(log);
        Assert.DoesNotContain("verysecretpathpart", log, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, log, StringComparison.Ordinal);
        Assert.DoesNotContain(HeaderSecret, log, StringComparison.Ordinal);
    }

    private async Task StartAsync(Scenario scenario)
    {
        var simulator = new SimulatorOptions { Fleet = SimulatedFleet.Create(1, seed: 3, stagger: TimeSpan.Zero, scenarios: [scenario]) };
        _workflow = simulator.Fleet.Workflows[0];
        _upstream = SimulatorApp.Create(simulator, _clock);
        await _upstream.StartAsync(Cancel);
        var receiver = _receiver.Urls.Single();
        _server = ServerApp.Create(
            ["--urls", "http://127.0.0.1:0"],
            builder =>
            {
                builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(_log));
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
                        ["Notifications:SettleFor"] = "00:00:30",
                        ["Notifications:Webhooks:0:Name"] = "events",
                        ["Notifications:Webhooks:0:Url"] = $"{receiver}/events",
                        ["Notifications:Webhooks:0:Secret"] = Secret,
                        ["Notifications:Webhooks:0:Headers:0"] = $"Authorization: Bearer {HeaderSecret}",
                        ["Notifications:Webhooks:1:Name"] = "chat",
                        ["Notifications:Webhooks:1:Url"] = $"{receiver}{SecretPath}",
                        ["Notifications:Webhooks:1:Format"] = "Slack",
                        ["Notifications:Webhooks:1:Assessments"] = "Blocked",
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
}
