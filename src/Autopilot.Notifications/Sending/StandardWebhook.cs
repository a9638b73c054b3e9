using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Autopilot.Core.Notifications;

namespace Autopilot.Notifications.Sending;

/// <summary>
/// Signs requests as Standard Webhooks 1.0 says (standardwebhooks.com). The signature covers the id and the time of the attempt, so that a
/// recorded request cannot be repeated later.
/// </summary>
internal static class StandardWebhook
{
    public const string IdHeader = "webhook-id",
        TimestampHeader = "webhook-timestamp",
        SignatureHeader = "webhook-signature";

    /// <summary>Adds the three headers.</summary>
    /// <param name="secret">Of the webhook.</param>
    /// <param name="id">The notification's id, the same on every attempt.</param>
    /// <param name="at">When the attempt is made.</param>
    public static void Sign(HttpRequestMessage request, string secret, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        // The full stop separates the parts of what is signed: an id with one could be read as another id and time.
        id = id.Replace('.', '_');
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, WebhookSecret.KeyOf(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        request.Headers.TryAddWithoutValidation(IdHeader, id);
        request.Headers.TryAddWithoutValidation(TimestampHeader, timestamp);
        request.Headers.TryAddWithoutValidation(SignatureHeader, $"v1,{Convert.ToBase64String(hmac.GetHashAndReset())}");
    }
}
