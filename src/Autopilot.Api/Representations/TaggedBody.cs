using System.Security.Cryptography;

namespace Autopilot.Api.Representations;

/// <summary>A body with its entity tag.</summary>
/// <param name="Bytes">The whole body.</param>
/// <param name="Tag">The strong tag over the bytes, in its quotes.</param>
internal sealed record TaggedBody(ReadOnlyMemory<byte> Bytes, string Tag)
{
    public static TaggedBody Of(ReadOnlyMemory<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes.Span, hash);
        return new(bytes, $"\"{Convert.ToHexStringLower(hash[..16])}\"");
    }
}
