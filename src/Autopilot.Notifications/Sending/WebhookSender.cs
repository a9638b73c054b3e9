using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Autopilot.Core.Notifications;
using Autopilot.Notifications.Formats;

namespace Autopilot.Notifications.Sending;

/// <summary>One POST per attempt. Only the response's status decides the result.</summary>
internal sealed class WebhookSender(IHttpClientFactory clients, WebhookHandshake handshake, NotificationLinks links, TimeProvider clock)
    : INotificationSender
{
    /// <summary>
    /// Header of the signature: <c>sha256=</c> and the HMAC-SHA256 of the body in lower-case hex, keyed by the secret's UTF-8 bytes.
    /// </summary>
    public const string SignatureHeader = "X-Autopilot-Signature";

    public async Task<SendResult> SendAsync(Webhook webhook, Notification notification, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        SendResult Result(bool delivered, int? status, string? error, TimeSpan? retryAfter = null, bool contentRefused = false) =>
            new(delivered, status, error, TimeProvider.System.GetElapsedTime(began), retryAfter, contentRefused);

        // The wire's time, whatever the clock of the domain says.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(WebhookClients.Timeout);
        try
        {
            if (handshake.IsNeeded(webhook))
            {
                using var question = handshake.Request(webhook);
                using var permission = await SendAsync(webhook, question, patience.Token);
                if (handshake.Check(webhook, permission) is { } rejection)
                {
                    return Result(false, (int)permission.StatusCode, rejection, RetryAfter(permission.Headers.RetryAfter));
                }
            }

            using var request = Request(webhook, notification);
            using var answer = await SendAsync(webhook, request, patience.Token);
            var status = (int)answer.StatusCode;
            if (!answer.IsSuccessStatusCode)
            {
                handshake.Forget(webhook);
            }

            return answer.IsSuccessStatusCode
                ? Result(true, status, null)
                : Result(
                    false,
                    status,
                    status is >= 300 and < 400
                        ? string.Create(CultureInfo.InvariantCulture, $"It answered {status}: redirects are not followed.")
                        : string.Create(CultureInfo.InvariantCulture, $"It answered {status}."),
                    RetryAfter(answer.Headers.RetryAfter),
                    answer.StatusCode
                        is HttpStatusCode.BadRequest
                            or HttpStatusCode.RequestEntityTooLarge
                            or HttpStatusCode.UnprocessableEntity
                );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Result(false, null, $"It did not answer within {WebhookClients.Timeout.TotalSeconds:0} s.");
        }
        catch (HttpRequestException e)
        {
            return Result(
                false,
                null,
                e.HttpRequestError switch
                {
                    HttpRequestError.NameResolutionError => "Its name could not be resolved.",
                    HttpRequestError.SecureConnectionError =>
                        "No secure connection could be made: its certificate, or the encryption, does not fit.",
                    HttpRequestError.ConnectionError => "No connection could be made.",
                    HttpRequestError.ProxyTunnelError => "The proxy did not let it through.",
                    _ => "The connection was cut, or the answer could not be read.",
                }
            );
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Its text may hold the address.
            return Result(false, null, $"It could not be sent ({e.GetType().Name}).");
        }
    }

    /// <summary>The signature of a body, as <see cref="SignatureHeader"/> carries it.</summary>
    internal static string Signature(string secret, ReadOnlySpan<byte> body) =>
        $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))}";

    private async Task<HttpResponseMessage> SendAsync(Webhook webhook, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Autopilot.Functions", null));
        foreach (var (name, value) in webhook.Headers)
        {
            // An operator's own User-Agent wins.
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await clients
            .CreateClient(WebhookClients.NameFor(webhook.Url))
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private HttpRequestMessage Request(Webhook webhook, Notification notification)
    {
        var (body, contentType) = webhook.Format switch
        {
            WebhookFormat.CloudEvents => (CloudEvent.Write(notification, links.ForPrograms(notification)), CloudEvent.ContentType),
            WebhookFormat.Teams => (TeamsMessage.Write(notification, links.ForPeople(notification)), "application/json; charset=utf-8"),
            WebhookFormat.Slack => (SlackMessage.Write(notification, links.ForPeople(notification)), "application/json; charset=utf-8"),
            _ => throw new ArgumentOutOfRangeException(nameof(webhook), webhook.Format, null),
        };
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (webhook.Secret is { } secret)
        {
            request.Headers.TryAddWithoutValidation(SignatureHeader, Signature(secret, body.Span));
            StandardWebhook.Sign(request, secret, notification.Id, clock.GetUtcNow(), body.Span);
        }

        return request;
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? requested) =>
        requested switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when date > clock.GetUtcNow() => date - clock.GetUtcNow(),
            _ => null,
        };
}
