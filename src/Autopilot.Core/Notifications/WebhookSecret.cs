using System.Text;

namespace Autopilot.Core.Notifications;

/// <summary>The secret that a webhook's bodies are signed with.</summary>
public static class WebhookSecret
{
    /// <summary>What a secret of Standard Webhooks begins with; the rest is the key in base64.</summary>
    public const string Prefix = "whsec_";

    /// <summary>
    /// The key of the Standard Webhooks signature: what stands behind <see cref="Prefix"/>, decoded; else the secret's UTF-8 bytes.
    /// </summary>
    /// <exception cref="FormatException">It begins with <see cref="Prefix"/>, and the rest is no base64: such a secret is refused at
    /// start.</exception>
    public static byte[] KeyOf(string secret) =>
        secret.StartsWith(Prefix, StringComparison.Ordinal)
            ? Convert.FromBase64String(secret[Prefix.Length..])
            : Encoding.UTF8.GetBytes(secret);

    /// <summary>Whether a secret begins with <see cref="Prefix"/> and the rest is no key: base64 of 16 to 64 bytes.</summary>
    internal static bool IsBroken(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        Span<byte> key = stackalloc byte[64];
        return !Convert.TryFromBase64Chars(secret.AsSpan(Prefix.Length), key, out var length) || length < 16;
    }
}
