using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Autopilot.Core.Notifications;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Autopilot.Notifications.Tests;

/// <summary>One attempt against a real server: what it sends, and what it makes of every kind of answer.</summary>
public sealed class SenderTests : IAsyncLifetime
{
    private const string SecretPath = "/services/T000/B000/verysecretpathpart",
        Secret = "a-secret-of-32-characters-0123456";

    private Receiver _receiver = null!;
    private ServiceProvider _services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private FakeLogCollector Logs => _services.GetFakeLogCollector();

    public async ValueTask InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace))
            .AddFakeLogging()
            .AddSingleton(TimeProvider.System)
            .AddAutopilotNotifications(new ConfigurationBuilder().Build())
            .BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_cloud_event_is_posted_signed_so_that_the_receiver_can_verify_it()
    {
        var result = await SendAsync(WebhookFormat.CloudEvents, Secret);

        Assert.Equal((true, 200, null), (result.Delivered, result.Status, result.Error));
        var (path, body, headers) = Assert.Single(_receiver.Got);
        Assert.Equal(SecretPath, path);
        Assert.Equal("application/cloudevents+json; charset=utf-8", headers.ContentType);
        // The recipe of docs/notifications.md.
        var expected = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body));
        Assert.True(
            CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(expected),
                Encoding.ASCII.GetBytes(headers["X-Autopilot-Signature"].ToString())
            )
        );
        using var posted = JsonDocument.Parse(body);
        Assert.Equal(Samples.Blocked.Id, posted.RootElement.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(WebhookFormat.Teams, "attachments")]
    [InlineData(WebhookFormat.Slack, "blocks")]
    public async Task A_chat_gets_JSON_of_its_own_form(WebhookFormat format, string member)
    {
        Assert.True((await SendAsync(format)).Delivered);

        var (_, body, headers) = Assert.Single(_receiver.Got);
        Assert.Equal("application/json; charset=utf-8", headers.ContentType);
        Assert.Empty(headers["X-Autopilot-Signature"].ToString());
        using var posted = JsonDocument.Parse(body);
        Assert.Equal(JsonValueKind.Array, posted.RootElement.GetProperty(member).ValueKind);
    }

    [Theory]
    [InlineData(204, true, false)]
    [InlineData(202, true, false)]
    [InlineData(400, false, true)]
    [InlineData(413, false, true)]
    [InlineData(422, false, true)]
    [InlineData(401, false, false)]
    [InlineData(404, false, false)]
    [InlineData(429, false, false)]
    [InlineData(500, false, false)]
    [InlineData(503, false, false)]
    public async Task The_status_alone_decides(int status, bool delivered, bool contentRefused)
    {
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = status;
            return status == 204 ? Task.CompletedTask : context.Response.WriteAsync("leaked-answer-text");
        };

        var result = await SendAsync(WebhookFormat.Slack);

        Assert.Equal((delivered, status, contentRefused), (result.Delivered, result.Status, result.ContentRefused));
        Assert.Equal(delivered ? null : $"It answered {status}.", result.Error);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await Receiver.StartAsync();
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = elsewhere.Url("/stolen").AbsoluteUri;
            return Task.CompletedTask;
        };

        var result = await SendAsync(WebhookFormat.Slack);

        Assert.Equal((false, 307, "It answered 307: redirects are not followed."), (result.Delivered, result.Status, result.Error));
        Assert.Empty(elsewhere.Got);
    }

    [Fact]
    public async Task What_the_receiver_asks_for_is_heard()
    {
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "120";
            return Task.CompletedTask;
        };

        Assert.Equal(TimeSpan.FromSeconds(120), (await SendAsync(WebhookFormat.Slack)).RetryAfter);
    }

    [Fact]
    public async Task A_cut_connection_is_a_failure_of_this_attempt()
    {
        _receiver.Answer = Receiver.Reset;

        var result = await SendAsync(WebhookFormat.Slack);

        Assert.Equal(
            (false, (int?)null, "The connection was cut, or the answer could not be read."),
            (result.Delivered, result.Status, result.Error)
        );
    }

    [Fact]
    public async Task A_refused_connection_is_a_failure_of_this_attempt()
    {
        using var port = new TcpListener(IPAddress.Loopback, 0);
        port.Start();
        var url = new Uri($"http://127.0.0.1:{((IPEndPoint)port.LocalEndpoint).Port}{SecretPath}");
        port.Stop();

        var result = await SendAsync(WebhookFormat.Slack, url: url);

        Assert.Equal((false, (int?)null, "No connection could be made."), (result.Delivered, result.Status, result.Error));
    }

    [Fact]
    public async Task Who_does_not_answer_is_waited_for_ten_seconds()
    {
        _receiver.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

        var result = await SendAsync(WebhookFormat.Slack);

        Assert.Equal((false, (int?)null, "It did not answer within 10 s."), (result.Delivered, result.Status, result.Error));
    }

    [Fact]
    public async Task An_endless_answer_is_not_read()
    {
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = async context =>
        {
            try
            {
                while (!context.RequestAborted.IsCancellationRequested)
                {
                    await context.Response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted);
                }
            }
            finally
            {
                cut.SetResult();
            }
        };

        Assert.True((await SendAsync(WebhookFormat.Slack)).Delivered);
        await cut.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    [Fact]
    public async Task A_cancelled_caller_gets_a_cancellation_and_not_a_failed_webhook()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _receiver.Answer = async context =>
        {
            await stopping.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Sender.SendAsync(Webhook(WebhookFormat.Slack), Samples.Blocked, stopping.Token)
        );
    }

    [Fact]
    public async Task Neither_logs_nor_spans_nor_errors_hold_the_address_the_secret_or_the_answer()
    {
        var spans = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
                spans.Add(
                    activity.DisplayName
                        + string.Join(
                            ' ',
                            activity.TagObjects.Where(_ => activity.Source.Name.StartsWith("System.Net.Http", StringComparison.Ordinal))
                        )
                ),
        };
        ActivitySource.AddActivityListener(listener);
        var reported = new List<string?>();
        foreach (
            var answer in (Func<HttpContext, Task>[])
                [
                    _ => Task.CompletedTask,
                    context =>
                    {
                        context.Response.StatusCode = 500;
                        return context.Response.WriteAsync("leaked-answer-text");
                    },
                    Receiver.Reset,
                ]
        )
        {
            _receiver.Answer = answer;
            reported.Add((await SendAsync(WebhookFormat.CloudEvents, Secret)).Error);
        }

        Assert.Equal(3, _receiver.Got.Count);
        Assert.All(_receiver.Got, got => Assert.False(got.Headers.ContainsKey("traceparent")));
        var everything = string.Join(
            '\n',
            [.. reported, .. spans, .. Logs.GetSnapshot().Select(record => $"{record.Message} {record.Exception}")]
        );
        Assert.DoesNotContain("verysecretpathpart", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, everything, StringComparison.Ordinal);
        Assert.DoesNotContain("leaked-answer-text", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(spans, span => span.Contains("http.", StringComparison.Ordinal));
    }

    private INotificationSender Sender => _services.GetRequiredService<INotificationSender>();

    private Webhook Webhook(WebhookFormat format, string? secret = null, Uri? url = null) =>
        new()
        {
            Name = "hook",
            Url = url ?? _receiver.Url(SecretPath),
            Format = format,
            Secret = secret,
        };

    private Task<SendResult> SendAsync(WebhookFormat format, string? secret = null, Uri? url = null) =>
        Sender.SendAsync(Webhook(format, secret, url), Samples.Blocked, Cancel);
}
