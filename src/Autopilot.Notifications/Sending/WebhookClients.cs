using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Notifications.Sending;

/// <summary>
/// The HTTP clients of webhooks. An address is a secret as a rule: it is in no log, no span and no trace header. Requests go nowhere else,
/// so no answer can send us elsewhere.
/// </summary>
internal static class WebhookClients
{
    /// <summary>Longest attempt, from the connection to the answer's headers.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private const string Remote = "Autopilot.Notifications",
        Loopback = "Autopilot.Notifications.Loopback";

    public static string NameFor(Uri url) => url.IsLoopback ? Loopback : Remote;

    public static void Add(IServiceCollection services)
    {
        // HTTPS_PROXY and similar variables are honoured, but never on the way to this machine.
        Add(services, Remote, useProxy: true);
        Add(services, Loopback, useProxy: false);
    }

    private static void Add(IServiceCollection services, string name, bool useProxy) =>
        services
            .AddHttpClient(name)
            // The sender has a timeout of its own.
            .ConfigureHttpClient(client => client.Timeout = System.Threading.Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() =>
                new SocketsHttpHandler
                {
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    UseProxy = useProxy,
                    // Without a propagator there are neither spans, which would show the address, nor trace headers.
                    ActivityHeadersPropagator = null,
                    ConnectTimeout = Timeout,
                    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                    PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
                    AutomaticDecompression = DecompressionMethods.None,
                    // The response is not used; a short one is read to its end, so that the connection can be used again.
                    MaxResponseDrainSize = 4 * 1024,
                    MaxResponseHeadersLength = 16,
                }
            )
            // Connections are renewed by their own lifetime.
            .SetHandlerLifetime(System.Threading.Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
}
