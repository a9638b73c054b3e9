using System.Text;
using Autopilot.Core.Notifications;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Notifications.Tests.StandardWebhooks;

/// <summary>Requests as a receiver verifies them that knows Standard Webhooks: the official library decides.</summary>
public sealed class StandardWebhookTests : IAsyncLifetime
{
    private const string Plain = "a-secret-of-32-characters-0123456";

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private Receiver _receiver = null!;
    private ServiceProvider _services = null!;

    private static string Encoded { get; } =
        $"{WebhookSecret.Prefix}{Convert.ToBase64String(Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef"))}";

    public async ValueTask InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(_clock)
            .AddAutopilotNotifications(new ConfigurationBuilder().Build())
            .BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Theory]
    [InlineData(WebhookFormat.CloudEvents)]
    [InlineData(WebhookFormat.Teams)]
    [InlineData(WebhookFormat.Slack)]
    public async Task Official_verifier_accepts_every_format_with_either_kind_of_secret(WebhookFormat format)
    {
        await SendAsync(format, Plain);
        await SendAsync(format, Encoded);

        var requests = _receiver.Got.ToList();
        Assert.Equal("ok", await OfficialVerifier.VerifyAsync(Plain, "raw", requests[0].Headers, requests[0].Body));
        Assert.Equal("ok", await OfficialVerifier.VerifyAsync(Encoded, null, requests[1].Headers, requests[1].Body));
        Assert.All(
            requests,
            request => Assert.StartsWith("sha256=", request.Headers["X-Autopilot-Signature"].ToString(), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Official_verifier_refuses_another_body_or_secret_and_a_request_of_an_hour_ago()
    {
        _clock.AdjustTime(DateTimeOffset.UtcNow.AddHours(-1));
        await SendAsync(WebhookFormat.CloudEvents, Plain);
        _clock.AdjustTime(DateTimeOffset.UtcNow);
        await SendAsync(WebhookFormat.CloudEvents, Plain);
        var (recorded, now) = (_receiver.Got.First(), _receiver.Got.Last());

        Assert.Equal(
            "No matching signature found",
            await OfficialVerifier.VerifyAsync(Plain, "raw", now.Headers, [.. now.Body, (byte)' '])
        );
        Assert.Equal("No matching signature found", await OfficialVerifier.VerifyAsync(Plain + "x", "raw", now.Headers, now.Body));
        Assert.Equal("Message timestamp too old", await OfficialVerifier.VerifyAsync(Plain, "raw", recorded.Headers, recorded.Body));
    }

    [Fact]
    public async Task Id_is_the_same_for_every_attempt_without_the_full_stop_that_separates()
    {
        await SendAsync(WebhookFormat.CloudEvents, Plain);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(WebhookFormat.Slack, Plain);

        var requests = _receiver.Got.ToList();
        Assert.All(requests, request => Assert.Equal(Samples.Blocked.Id.Replace('.', '_'), request.Headers["webhook-id"].ToString()));
        Assert.Equal(
            60,
            long.Parse(requests[1].Headers["webhook-timestamp"].ToString())
                - long.Parse(requests[0].Headers["webhook-timestamp"].ToString())
        );
    }

    [Fact]
    public async Task Without_a_secret_there_is_no_signature()
    {
        await SendAsync(WebhookFormat.CloudEvents, null);

        Assert.DoesNotContain(
            Assert.Single(_receiver.Got).Headers,
            header => header.Key.StartsWith("webhook-", StringComparison.OrdinalIgnoreCase)
        );
    }

    private async Task SendAsync(WebhookFormat format, string? secret)
    {
        var webhook = new Webhook
        {
            Name = "hook",
            Url = _receiver.Url("/hook"),
            Format = format,
            Secret = secret,
        };
        Assert.True(
            (
                await _services
                    .GetRequiredService<INotificationSender>()
                    .SendAsync(webhook, Samples.Blocked, TestContext.Current.CancellationToken)
            ).Delivered
        );
    }
}
