using Autopilot.Core.Notifications;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Notifications.Tests;

/// <summary>CloudEvents' handshake before deliveries, and header fields of the operator's own.</summary>
public sealed class HandshakeTests : IAsyncLifetime
{
    private const string HeaderSecret = "Bearer very-secret-token-0123456789";

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly List<string> _methods = [];
    private Receiver _receiver = null!;
    private ServiceProvider _services = null!;
    private string? _allowed = "app.example.org";

    public async ValueTask InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _receiver.Answer = context =>
        {
            _methods.Add(context.Request.Method);
            if (context.Request.Method == HttpMethods.Options && _allowed is not null)
            {
                context.Response.Headers["WebHook-Allowed-Origin"] = _allowed;
                context.Response.Headers["WebHook-Allowed-Rate"] = "120";
            }

            return Task.CompletedTask;
        };
        _services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace))
            .AddFakeLogging()
            .AddSingleton<TimeProvider>(_clock)
            .AddSingleton(Options.Create(new NotificationOptions { Origin = "app.example.org" }))
            .AddAutopilotNotifications(new ConfigurationBuilder().Build())
            .BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Theory]
    [InlineData("app.example.org")]
    [InlineData("APP.example.org")]
    [InlineData("other.example.org, app.example.org")]
    [InlineData("*")]
    public async Task Receiver_is_asked_once_a_day_before_the_first_delivery(string allowed)
    {
        _allowed = allowed;
        var webhook = Hook(validate: true);

        Assert.True((await SendAsync(webhook)).Delivered);
        Assert.True((await SendAsync(webhook)).Delivered);
        Assert.Equal(["OPTIONS", "POST", "POST"], _methods);
        var (path, body, headers) = _receiver.Got.First();
        Assert.Equal("/hook", path);
        Assert.Empty(body);
        Assert.Equal(("app.example.org", HeaderSecret), (headers["WebHook-Request-Origin"].ToString(), headers.Authorization.ToString()));

        _clock.Advance(TimeSpan.FromDays(1));
        Assert.True((await SendAsync(webhook)).Delivered);
        Assert.Equal(["OPTIONS", "POST", "POST", "OPTIONS", "POST"], _methods);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("other.example.org")]
    [InlineData("app.example.org.evil.example")]
    public async Task Receiver_that_does_not_allow_it_gets_nothing(string? allowed)
    {
        _allowed = allowed;
        var webhook = Hook(validate: true);

        var result = await SendAsync(webhook);

        Assert.Equal(
            (false, 200, "It does not allow deliveries: its answer to OPTIONS has no WebHook-Allowed-Origin for app.example.org.", false),
            (result.Delivered, result.Status, result.Error, result.ContentRefused)
        );
        _allowed = "*";
        Assert.True((await SendAsync(webhook)).Delivered);
        Assert.Equal(["OPTIONS", "OPTIONS", "POST"], _methods);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(405)]
    [InlineData(302)]
    [InlineData(503)]
    public async Task Receiver_that_refuses_the_question_gets_nothing_and_its_content_is_not_blamed(int status)
    {
        _receiver.Answer = context =>
        {
            _methods.Add(context.Request.Method);
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "7";
            return Task.CompletedTask;
        };

        var result = await SendAsync(Hook(validate: true));

        Assert.Equal(
            (false, status, $"It does not allow deliveries: it answered {status} to OPTIONS.", TimeSpan.FromSeconds(7), false),
            (result.Delivered, result.Status, result.Error, result.RetryAfter, result.ContentRefused)
        );
        Assert.Equal(["OPTIONS"], _methods);
    }

    [Fact]
    public async Task Receiver_that_refuses_a_delivery_is_asked_again()
    {
        var webhook = Hook(validate: true);
        await SendAsync(webhook);
        var answer = _receiver.Answer;
        _receiver.Answer = context =>
        {
            _methods.Add(context.Request.Method);
            context.Response.StatusCode = 403;
            return Task.CompletedTask;
        };
        Assert.Equal(403, (await SendAsync(webhook)).Status);
        _receiver.Answer = answer;

        Assert.True((await SendAsync(webhook)).Delivered);
        Assert.Equal(["OPTIONS", "POST", "POST", "OPTIONS", "POST"], _methods);
    }

    [Fact]
    public async Task Without_Validate_nothing_is_asked()
    {
        Assert.True((await SendAsync(Hook(validate: false))).Delivered);
        Assert.Equal(["POST"], _methods);
    }

    [Fact]
    public async Task Own_header_fields_are_sent_and_never_logged()
    {
        foreach (
            var answer in (Func<HttpContext, Task>[])
                [
                    _ => Task.CompletedTask,
                    context =>
                    {
                        context.Response.StatusCode = 401;
                        return Task.CompletedTask;
                    },
                    Receiver.Reset,
                ]
        )
        {
            _receiver.Answer = answer;
            Assert.DoesNotContain("very-secret", (await SendAsync(Hook(validate: false))).Error ?? "", StringComparison.Ordinal);
        }

        Assert.All(
            _receiver.Got,
            got =>
            {
                Assert.Equal(
                    (HeaderSecret, "key of Event Grid", "mine/1"),
                    (got.Headers.Authorization.ToString(), got.Headers["aeg-sas-key"].ToString(), got.Headers.UserAgent.ToString())
                );
                Assert.Equal("application/cloudevents+json; charset=utf-8", got.Headers.ContentType);
            }
        );
        Assert.DoesNotContain(
            "very-secret",
            string.Join('\n', _services.GetFakeLogCollector().GetSnapshot().Select(record => $"{record.Message} {record.Exception}")),
            StringComparison.Ordinal
        );
    }

    private Webhook Hook(bool validate) =>
        new()
        {
            Name = "hook",
            Url = _receiver.Url("/hook"),
            Format = WebhookFormat.CloudEvents,
            Validate = validate,
            Headers = [new("Authorization", HeaderSecret), new("aeg-sas-key", "key of Event Grid"), new("User-Agent", "mine/1")],
        };

    private Task<SendResult> SendAsync(Webhook webhook) =>
        _services.GetRequiredService<INotificationSender>().SendAsync(webhook, Samples.Blocked, TestContext.Current.CancellationToken);
}
