namespace Autopilot.Server.Access;

/// <summary>Recognises what a proxy has forwarded, by the headers that proxies add.</summary>
internal static class ForwardedRequest
{
    /// <summary>RFC 7239 and RFC 9110, and what nginx, Akamai, AWS, Google Cloud, proxies that sign people in and others send.</summary>
    private static readonly string[] Names =
    [
        "Forwarded",
        "Via",
        "Client-IP",
        "X-ProxyUser-Ip",
        "Remote-Addr",
        "X-Forwarder-For",
        "X-Rewrite-URL",
        "X-Amzn-Trace-Id",
        "X-Cloud-Trace-Context",
        "CDN-Loop",
        "X-Host",
        "X-Scheme",
        "X-Url-Scheme",
        "Front-End-Https",
        "Remote-User",
        "X-NginX-Proxy",
    ];

    /// <summary><c>X-Original-</c> is also what ASP.NET Core's own middleware renames <c>X-Forwarded-</c> to.</summary>
    private static readonly string[] Prefixes =
    [
        "X-Forwarded",
        "X-Original-",
        "CF-",
        "CloudFront-",
        "X-Azure-",
        "X-ARR-",
        "X-MS-Client-",
        "X-Envoy-",
        "X-Appengine-",
        "X-Goog-",
        "X-Vercel-",
        "X-NF-",
        "Fly-",
        "Tailscale-",
        "Ngrok-",
        "Akamai-",
        "X-Akamai-",
        "X-Sucuri-",
        "X-Auth-Request-",
        "X-Pomerium-",
        "X-Remote-",
        "X-Proxy-",
    ];

    /// <summary>
    /// Endings of what carries the address of a client, whichever proxy it is: <c>Fastly-Client-IP</c>, <c>DO-Connecting-IP</c>.
    /// </summary>
    private static readonly string[] Endings = ["-Client-IP", "-ClientIP", "-Connecting-IP", "-User-IP", "-Real-IP", "-Forwarded-For"];

    /// <summary>The first such header's name; null where there is none.</summary>
    public static string? HeaderOf(IHeaderDictionary headers)
    {
        foreach (var (name, _) in headers)
        {
            if (
                Names.Contains(name, StringComparer.OrdinalIgnoreCase)
                || Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                || Array.Exists(Endings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            )
            {
                return name;
            }
        }

        return null;
    }
}
