using Autopilot.Core.Upstream;

namespace Autopilot.Cce.Responses;

/// <summary>Reads a body from the wire up to a limit, counted after decompression, and never holds more than that.</summary>
internal static class BoundedContent
{
    /// <summary>Most bytes that are read of an error: enough to see what is wrong.</summary>
    public const int MaxErrorBytes = 64 * 1024;

    /// <summary>Reads the whole body, or refuses it.</summary>
    /// <exception cref="UpstreamException">It is larger than <paramref name="limit"/>.</exception>
    public static async Task<byte[]> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        // A length that is announced needs no reading to be refused.
        if (content.Headers.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        var (bytes, more) = await ReadUpToAsync(content, limit, cancellationToken);
        return more ? throw TooLarge(limit) : bytes;
    }

    /// <summary>Reads the beginning of an error's body. Empty where it cannot be read: the status says enough.</summary>
    public static async Task<byte[]> ReadErrorAsync(
        HttpContent content,
        TimeSpan within,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        using var patience = new CancellationTokenSource(within, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return (await ReadUpToAsync(content, MaxErrorBytes, either.Token)).Bytes;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    private static async Task<(byte[] Bytes, bool More)> ReadUpToAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        var expected = (int)Math.Clamp(content.Headers.ContentLength ?? 8 * 1024, 0, limit);
        // One byte more than is expected, so that the end of a body of known length is met without growing.
        var buffer = new byte[expected + 1];
        var length = 0;
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return (buffer.AsSpan(0, length).ToArray(), false);
            }

            length += read;
            if (length > limit)
            {
                return (buffer.AsSpan(0, limit).ToArray(), true);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, limit + 1L));
            }
        }
    }

    private static UpstreamException TooLarge(int limit) =>
        new(
            UpstreamFailure.Invalid,
            $"Upstream's answer is larger than {limit} bytes and was not read. See that Cce:Endpoint leads to the CCE API; if such an "
                + "answer is right, raise Cce:MaxAnswerBytes (one workflow) or Cce:MaxListBytes (a list)."
        )
        {
            AnswerLimit = limit,
        };
}
