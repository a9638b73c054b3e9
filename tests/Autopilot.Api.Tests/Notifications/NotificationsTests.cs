using System.Net;
using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Api.Tests.Notifications;

public sealed class NotificationsTests(AzuriteFixture azurite)
{
    private readonly Sender _sender = new();

    [Fact]
    public async Task A_test_reaches_every_webhook_and_returns_what_each_answered()
    {
        await using var app = await StartAsync(false, ("one", "Slack"), ("two", "Teams"));

        using var response = await app.PostAsync("/api/notifications/test");
        var answer = await response.JsonAsync();

        Assert.Equal((1, 1), (answer.GetProperty("delivered").GetInt32(), answer.GetProperty("failed").GetInt32()));
        Assert.Equal(
            """[{"name":"one","host":"one.example","format":"Slack","delivered":true,"status":200,"durationSeconds":0.25},{"name":"two","host":"two.example","format":"Teams","delivered":false,"status":404,"error":"It answered 404.","durationSeconds":0.25}]""",
            answer.GetProperty("webhooks").GetRawText()
        );
        Assert.All(_sender.Sent, sent => Assert.True(sent.Notification.Sample));
    }

    [Fact]
    public async Task A_test_can_be_of_one_webhook_by_its_name()
    {
        await using var app = await StartAsync(false, ("one", "Slack"), ("two", "Teams"));

        using var response = await app.PostAsync("/api/notifications/test?webhook=ONE");
        Assert.Equal(
            "one",
            Assert.Single((await response.JsonAsync()).GetProperty("webhooks").EnumerateArray()).GetProperty("name").GetString()
        );

        using var unknown = await app.PostAsync("/api/notifications/test?webhook=three");
        Assert.Contains("one, two", await unknown.ProblemAsync(404, "WebhookNotFound"), StringComparison.Ordinal);
        Assert.Single(_sender.Sent);
    }

    [Fact]
    public async Task A_test_without_webhooks_says_what_to_set()
    {
        await using var app = await StartAsync(false);

        using var response = await app.PostAsync("/api/notifications/test");

        Assert.Contains("Notifications:Webhooks:0:Url", await response.ProblemAsync(409, "NoWebhooks"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_webhooks_are_shown_without_their_addresses()
    {
        await using var app = await StartAsync(true, ("one", "Slack"));

        var answer = await app.GetJsonAsync("/api/notifications");

        Assert.Equal(
            """{"webhooks":[{"name":"one","host":"one.example","format":"Slack","on":["Assessment","BlockingTask"],"clusters":["c1"],"assessments":["Blocked"],"signed":true,"waiting":0}],"settleSeconds":120,"undelivered":[]}""",
            answer.GetRawText()
        );
    }

    [Fact]
    public async Task What_was_given_up_can_be_looked_up()
    {
        await using var app = await StartAsync(false, ("one", "Slack"));
        _sender.Status = 500;
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        // A state is notified once a second read has shown it.
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await app.PollAsync("w1");
        var delivery = app.Services.GetRequiredService<NotificationDelivery>();
        for (
            var i = 0;
            i < 200 && (await delivery.RunAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).GivenUp == 0;
            i++
        )
        {
            app.Clock.Advance(TimeSpan.FromMinutes(30));
        }

        var record = Assert.Single((await app.GetJsonAsync("/api/notifications")).GetProperty("undelivered").EnumerateArray());
        Assert.Equal(
            ("one", "w1", 1, "It answered 500."),
            (
                record.GetProperty("webhook").GetString(),
                record.GetProperty("workflowId").GetString(),
                record.GetProperty("sequence").GetInt32(),
                record.GetProperty("error").GetString()
            )
        );
        Assert.EndsWith("Z", record.GetProperty("givenUpAt").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failing_webhook_shows_what_waits_for_it_and_readiness_says_so_and_stays_200()
    {
        await using var app = await StartAsync(false, ("one", "Slack"), ("three", "Slack"));
        var delivery = app.Services.GetRequiredService<NotificationDelivery>();
        // Without storage costs of its own, readiness knows what the delivery has seen.
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        var observed = app.Clock.GetUtcNow();
        _sender.Fails = "one";
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await app.PollAsync("w1");
        for (var attempt = 0; attempt < 3; attempt++, app.Clock.Advance(TimeSpan.FromMinutes(2)))
        {
            await delivery.RunAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        }

        var shown = (await app.GetJsonAsync("/api/notifications")).GetProperty("webhooks");

        var (failing, well) = (shown[0], shown[1]);
        Assert.Equal((1, "It answered 503."), (failing.GetProperty("waiting").GetInt32(), failing.GetProperty("lastError").GetString()));
        Assert.Equal(observed, failing.GetProperty("oldestWaitingAt").GetDateTimeOffset());
        Assert.InRange(
            failing.GetProperty("nextAttemptAt").GetDateTimeOffset(),
            observed,
            app.Clock.GetUtcNow() + TimeSpan.FromMinutes(30)
        );
        Assert.False(failing.TryGetProperty("lastDeliveredAt", out _));
        Assert.Equal(0, well.GetProperty("waiting").GetInt32());
        Assert.Equal(observed.AddMinutes(2), well.GetProperty("lastDeliveredAt").GetDateTimeOffset());
        Assert.All(["oldestWaitingAt", "lastError", "nextAttemptAt"], member => Assert.False(well.TryGetProperty(member, out _)));

        (await app.PostAsync("/api/poll")).Dispose();
        using var ready = await app.GetAsync("/api/health/ready");
        var text = await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        var finding = Assert.Single((await ready.JsonAsync()).GetProperty("findings").EnumerateArray());
        Assert.Equal(
            ("WebhookFailing", observed),
            (finding.GetProperty("code").GetString(), finding.GetProperty("since").GetDateTimeOffset())
        );
        Assert.StartsWith("1 webhook does not take notifications", finding.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("example", text, StringComparison.Ordinal);
        Assert.DoesNotContain("verysecret", shown.GetRawText(), StringComparison.Ordinal);

        _sender.Fails = null;
        app.Clock.Advance(TimeSpan.FromMinutes(30));
        await delivery.RunAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        var after = (await app.GetJsonAsync("/api/notifications")).GetProperty("webhooks")[0];
        Assert.Equal(0, after.GetProperty("waiting").GetInt32());
        Assert.Equal(app.Clock.GetUtcNow(), after.GetProperty("lastDeliveredAt").GetDateTimeOffset());
        Assert.False(after.TryGetProperty("lastError", out _));
        (await app.PostAsync("/api/poll")).Dispose();
        Assert.False((await app.GetJsonAsync("/api/health/ready")).TryGetProperty("findings", out _));
    }

    [Fact]
    public async Task Webhook_whose_notification_was_given_up_keeps_the_error_until_it_takes_another()
    {
        await using var app = await StartAsync(false, ("one", "Slack"));
        _sender.Fails = "one";
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await app.PollAsync("w1");
        var delivery = app.Services.GetRequiredService<NotificationDelivery>();
        for (
            var i = 0;
            i < 200 && (await delivery.RunAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).GivenUp == 0;
            i++
        )
        {
            app.Clock.Advance(TimeSpan.FromMinutes(30));
        }

        var webhook = (await app.GetJsonAsync("/api/notifications")).GetProperty("webhooks")[0];

        Assert.Equal((0, "It answered 503."), (webhook.GetProperty("waiting").GetInt32(), webhook.GetProperty("lastError").GetString()));
    }

    private async Task<ApiApp> StartAsync(bool filters, params (string Name, string Format)[] webhooks)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var (i, webhook) in webhooks.Index())
        {
            settings[$"Notifications:Webhooks:{i}:Name"] = webhook.Name;
            settings[$"Notifications:Webhooks:{i}:Url"] = $"https://{webhook.Name}.example/services/verysecret";
            settings[$"Notifications:Webhooks:{i}:Format"] = webhook.Format;
            settings[$"Notifications:Webhooks:{i}:Secret"] = "0123456789abcdef";
            settings[$"Notifications:Webhooks:{i}:On"] = "Assessment,BlockingTask";
            settings[$"Notifications:Webhooks:{i}:Clusters"] = filters ? "c1" : null;
            settings[$"Notifications:Webhooks:{i}:Assessments"] = filters ? nameof(Assessment.Blocked) : null;
        }

        return await ApiApp.StartAsync(azurite, settings, _sender);
    }

    private sealed class Sender : INotificationSender
    {
        private readonly Lock _lock = new();

        public int Status { get; set; } = 200;

        /// <summary>Name of the webhook that answers 503.</summary>
        public string? Fails { get; set; }

        public List<(string Webhook, Notification Notification)> Sent { get; } = [];

        public Task<SendResult> SendAsync(Webhook webhook, Notification notification, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                Sent.Add((webhook.Name, notification));
            }

            var status =
                webhook.Name == "two" ? 404
                : webhook.Name == Fails ? 503
                : Status;
            return Task.FromResult(
                new SendResult(status == 200, status, status == 200 ? null : $"It answered {status}.", TimeSpan.FromMilliseconds(250))
            );
        }
    }
}
