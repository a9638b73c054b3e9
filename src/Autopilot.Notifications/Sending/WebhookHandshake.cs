using System.Collections.Concurrent;
using System.Globalization;
using Autopilot.Core.Notifications;
using Microsoft.Extensions.Options;

namespace Autopilot.Notifications.Sending;

/// <summary>
/// Asks a receiver whether it takes deliveries from here, before the first one and once a day. It is the OPTIONS request of "HTTP 1.1 Web
/// Hooks for Event Delivery", section 4, of CloudEvents. For webhooks with <c>Validate</c>.
/// </summary>
internal sealed class WebhookHandshake(IOptions<NotificationOptions> options, TimeProvider clock)
{
    private const string Origin = "WebHook-Request-Origin",
        AllowedOrigin = "WebHook-Allowed-Origin";

    /// <summary>How long a permission is relied on.</summary>
    private static readonly TimeSpan GrantedFor = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<Webhook, DateTimeOffset> _granted = new();

    /// <summary>Whether a permission is to be asked for first.</summary>
    public bool IsNeeded(Webhook webhook)
    {
        var now = clock.GetUtcNow();
        return webhook.Validate && !(_granted.TryGetValue(webhook, out var granted) && (now - granted).Duration() < GrantedFor);
    }

    /// <summary>The request, without the webhook's own header fields.</summary>
    public HttpRequestMessage Request(Webhook webhook)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, webhook.Url);
        request.Headers.TryAddWithoutValidation(Origin, options.Value.Origin);
        return request;
    }

    /// <summary>What the answer lacks, in a sentence; null when it allows deliveries, which is then relied on.</summary>
    public string? Check(Webhook webhook, HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"It does not allow deliveries: it answered {(int)answer.StatusCode} to OPTIONS."
            );
        }

        var allowed = answer.Headers.TryGetValues(AllowedOrigin, out var values)
            ? values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries))
            : [];
        if (!allowed.Any(origin => origin == "*" || origin.Equals(options.Value.Origin, StringComparison.OrdinalIgnoreCase)))
        {
            return $"It does not allow deliveries: its answer to OPTIONS has no {AllowedOrigin} for {options.Value.Origin}.";
        }

        _granted[webhook] = clock.GetUtcNow();
        return null;
    }

    /// <summary>The receiver has refused a delivery: the next one asks again.</summary>
    public void Forget(Webhook webhook) => _granted.TryRemove(webhook, out _);
}
