using System.Globalization;
using Autopilot.Api.Polling;
using Autopilot.Api.Problems;
using Autopilot.Pages;
using Microsoft.Extensions.Options;

namespace Autopilot.Server.Access;

/// <summary>
/// Authorizes requests: with keys set, those that present one; without keys, those from this machine's own programs. It answers with a bare
/// status; the API turns that into the problem of that status, so that errors look alike everywhere.
/// </summary>
internal sealed class ApiKeyMiddleware(
    RequestDelegate next,
    KeyRing keys,
    KeyRateLimiter limiter,
    KeyUse use,
    DuePollLimit duePolls,
    IOptions<ServerOptions> options
)
{
    /// <summary>Header that carries a key, as on the Functions platform.</summary>
    public const string Header = "x-functions-key";

    /// <summary>Query parameter that carries a key where headers cannot be set, as on the Functions platform.</summary>
    public const string Query = "code";

    private readonly HashSet<string> _origins = new(options.Value.CorsOrigins, StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context)
    {
        var status = Reject(context);
        if (status is null)
        {
            return next(context);
        }

        context.Response.StatusCode = status.Value;
        if (status == StatusCodes.Status401Unauthorized)
        {
            Challenge(context);
        }

        return Task.CompletedTask;
    }

    private static void Challenge(HttpContext context) =>
        context.Response.Headers.WWWAuthenticate = $"ApiKey realm=\"autopilot\", header=\"{Header}\"";

    private int? Reject(HttpContext context)
    {
        var request = context.Request;
        if (keys.IsEmpty)
        {
            if (ForeignCaller(request) is not { } rejection)
            {
                context.Features.Set(new PageVisitor());
                return null;
            }

            context.Features.Set(new AccessRejection(rejection));
            return StatusCodes.Status403Forbidden;
        }

        if (request.Path.StartsWithSegments("/api/health"))
        {
            return null;
        }

        var grant = default(KeyGrant);
        if (request.Headers.TryGetValue(Header, out var header))
        {
            grant = keys.GrantOf(header.ToString());
        }

        // The address of a page stays in histories and bookmarks: no key is taken from it.
        var isPage = context.GetEndpoint()?.Metadata.GetMetadata<PageEndpoint>() is not null;
        if (
            grant.Rights < KeyRights.Manage
            && !isPage
            && request.Query.TryGetValue(Query, out var code)
            && keys.GrantOf(code.ToString()) is var byQuery
            && byQuery.Rights > grant.Rights
        )
        {
            grant = byQuery;
        }

        if (grant.Rights is KeyRights.None)
        {
            if (!isPage)
            {
                return StatusCodes.Status401Unauthorized;
            }

            // A page says by itself how to continue, and shows no data.
            Challenge(context);
            return null;
        }

        use.Note(grant.Key);
        if (limiter.Take(grant.Key) is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(Math.Max(1, wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            context.Features.Set(
                new AccessRejection(
                    $"A key may make {limiter.PerMinute} requests a minute (Server:RequestsPerMinute), and this one has made them."
                )
            );
            return StatusCodes.Status429TooManyRequests;
        }

        context.Features.Set(new PageVisitor());
        if (grant.Rights is KeyRights.Read && !options.Value.ReadersMayPollAll)
        {
            context.Features.Set(new PollAllowance(duePolls.Take));
        }

        return grant.Rights is KeyRights.Read && (HttpMethods.IsPut(request.Method) || HttpMethods.IsDelete(request.Method))
            ? StatusCodes.Status403Forbidden
            : null;
    }

    // Without keys the loopback address is the only protection. A proxy on this machine reaches it for any caller, and shows itself by its
    // headers. A browser on this machine reaches it for any web page: a page whose name was rebound to 127.0.0.1 shows its own name in
    // Host, and a page of another site shows in Sec-Fetch-Site, or by its origin.
    private string? ForeignCaller(HttpRequest request)
    {
        if (ForwardedRequest.HeaderOf(request.Headers) is { } header)
        {
            return $"No key is set here, so only this machine's own programs are served, and '{header}' says that a proxy has "
                + "forwarded this request: set Server:ApiKeys:0 or Server:ManageKeys:0 and send that key.";
        }

        if (!Loopback.IsHost(request.Host.Host))
        {
            return "No key is set here, so only this machine's own programs are served, and 'Host' names another: call it by "
                + "localhost or 127.0.0.1, or set Server:ApiKeys:0 or Server:ManageKeys:0 and show that key.";
        }

        if (IsCrossSite(request) && !IsNavigationToPage(request))
        {
            return "No key is set here, so web pages of other sites are not served; following a link to a page is.";
        }

        var origin = request.Headers.Origin.ToString();
        return
            origin.Length == 0
            || _origins.Contains(origin)
            || string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)
            ? null
            : "No key is set here, so web pages of other origins are not served: set a key and list the page's origin in "
                + "Server:CorsOrigins.";
    }

    private static bool IsCrossSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].Contains("cross-site", StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a person follows a link: the site that holds the link sees nothing of the answer. What programs call is no page.
    /// </summary>
    private static bool IsNavigationToPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && !request.Path.StartsWithSegments("/api")
        && !request.Path.StartsWithSegments("/ui")
        && request.Headers["Sec-Fetch-Mode"] == "navigate"
        && request.Headers["Sec-Fetch-Dest"] == "document";
}
