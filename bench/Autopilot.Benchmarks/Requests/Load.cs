using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Autopilot.Benchmarks.Requests;

/// <summary>
/// Asks again and again over some connections, with as little work of its own as can be: it shares the machine with those that it measures.
/// </summary>
internal static class Load
{
    /// <returns>Requests per second.</returns>
    public static async Task<double> RunAsync(Uri address, string request, int status, int connections, TimeSpan duration)
    {
        var bytes = Encoding.ASCII.GetBytes(request);
        var began = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(
            Enumerable.Range(0, connections).Select(_ => Task.Run(() => AskAsync(address, bytes, status, began, duration)))
        );
        return counts.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<long> AskAsync(Uri address, byte[] request, int status, long began, TimeSpan duration)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port);
        var (socket, buffer, count) = (client.Client, new byte[64 * 1024], 0L);
        for (; Stopwatch.GetElapsedTime(began) < duration; count++)
        {
            await socket.SendAsync(request);
            var (read, end) = (0, -1);
            while (end < 0 || read < end)
            {
                read += await socket.ReceiveAsync(buffer.AsMemory(read)) is > 0 and var some
                    ? some
                    : throw new IOException("The server closed the connection.");
                if (end < 0)
                {
                    end = EndOf(buffer.AsSpan(0, read), status);
                }
            }
        }

        return count;
    }

    /// <summary>Where the answer ends; -1 while its header is incomplete.</summary>
    private static int EndOf(ReadOnlySpan<byte> answer, int status)
    {
        var host = answer.IndexOf("\r\n\r\n"u8);
        if (host < 0)
        {
            return -1;
        }

        if (!int.TryParse(answer[9..12], CultureInfo.InvariantCulture, out var got) || got != status)
        {
            throw new InvalidOperationException($"Expected {status}: {Encoding.ASCII.GetString(answer)}");
        }

        var at = answer.IndexOf("Content-Length: "u8);
        if (at < 0 || at > host)
        {
            return host + 4;
        }

        var digits = answer[(at + 16)..];
        return host + 4 + int.Parse(digits[..digits.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }
}
