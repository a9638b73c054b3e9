namespace Autopilot.Server.Access;

/// <summary>Recognises what a proxy has forwarded, by the headers that proxies add.</summary>
internal static class ForwardedRequest
{
    /// <summary>RFC 7239 and RFC 9110, and what nginx, Akamai, Cloudflare, Fastly, AWS, Google Cloud and others send.</summary>
    private static readonly string[] Names =
    [
        "Forwarded", "Via", "X-Real-IP", "X-Client-IP", "Client-IP", "True-Client-IP", "X-Cluster-Client-IP", "Fastly-Client-IP", "X-ProxyUser-Ip", "X-Remote-Addr", "X-Remote-IP", "Remote-Addr",
        "X-Forwarder-For", "X-Rewrite-URL", "X-Amzn-Trace-Id", "X-Cloud-Trace-Context", "CDN-Loop", "X-Host", "X-Scheme", "X-Url-Scheme", "Front-End-Https",
    ];

    /// <summary><c>X-Original-</c> is also what ASP.NET Core's own middleware renames <c>X-Forwarded-</c> to.</summary>
    private static readonly string[] Prefixes = ["X-Forwarded", "X-Original-", "CF-", "X-Azure-", "X-ARR-", "X-Envoy-"];

    /// <summary>The first such header's name; null where there is none.</summary>
    public static string? HeaderOf(IHeaderDictionary headers)
    {
        foreach (var (name, _) in headers)
        {
            if (Names.Contains(name, StringComparer.OrdinalIgnoreCase) || Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                return name;
            }
        }

        return null;
    }
}
