using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Notifications.Tests.StandardWebhooks;

/// <summary>The official JavaScript verifier of Standard Webhooks.</summary>
internal static class OfficialVerifier
{
    private static readonly NodeFolder Folder = new("Autopilot.Notifications.Tests", "StandardWebhooks", "client");

    /// <summary>What the verifier says of a request: <c>ok</c>, or its error.</summary>
    /// <param name="format"><c>raw</c> where the secret is the key itself; null where it is base64.</param>
    public static async Task<string> VerifyAsync(string secret, string? format, IHeaderDictionary headers, byte[] body)
    {
        var request = new JsonObject
        {
            ["secret"] = secret,
            ["format"] = format,
            ["headers"] = new JsonObject(
                headers
                    .Where(header => header.Key.StartsWith("webhook-", StringComparison.OrdinalIgnoreCase))
                    .Select(header => KeyValuePair.Create(header.Key, (JsonNode?)header.Value.ToString()))
            ),
            ["body"] = System.Text.Encoding.UTF8.GetString(body),
        };
        return JsonSerializer.Deserialize<string[]>(await Folder.RunAsync("verify.mjs", new JsonArray(request).ToJsonString()))![0];
    }
}
