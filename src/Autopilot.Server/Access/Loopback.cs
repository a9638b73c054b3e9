using System.Net;

namespace Autopilot.Server.Access;

/// <summary>Recognises addresses that only this machine reaches.</summary>
internal static class Loopback
{
    /// <summary>
    /// Whether a host, as a URL or a Host header gives it, is this machine: <c>localhost</c> or a loopback address. Wildcards and other
    /// names are not.
    /// </summary>
    public static bool IsHost(string? host)
    {
        if (string.IsNullOrEmpty(host))
        {
            return false;
        }

        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        return IPAddress.TryParse(host.TrimStart('[').TrimEnd(']'), out var address) && IPAddress.IsLoopback(address);
    }

    /// <summary>
    /// Whether an address to listen on, such as <c>http://127.0.0.1:7071</c>, is reached by this machine only. A Unix socket or a named
    /// pipe is.
    /// </summary>
    public static bool IsAddress(string address)
    {
        var parsed = BindingAddress.Parse(address);
        return parsed.IsUnixPipe || parsed.IsNamedPipe || IsHost(parsed.Host);
    }
}
