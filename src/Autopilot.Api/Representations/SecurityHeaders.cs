using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Representations;

/// <summary>
/// Headers of every response, the version among them. No answer of the API is a page, so a browser must not guess a type, embed it, or load
/// anything from it. Pages set a policy of their own.
/// </summary>
internal static class SecurityHeaders
{
    // Styles are constants of ours, so they are few.
    private static readonly ConcurrentDictionary<string, string> Policies = new(StringComparer.Ordinal);

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                Set(context.Response.Headers);
                // An address with a key in it must not enter a cache's index, a browser's or a proxy's, whatever the response's own headers
                // say.
                if (context.Request.QueryString.HasValue && context.Request.Query.ContainsKey("code"))
                {
                    context.Response.OnStarting(KeepOutOfCachesAsync, context.Response);
                }

                return next(context);
            }
        );

    private static Task KeepOutOfCachesAsync(object response)
    {
        ((HttpResponse)response).Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }

    /// <summary>Also called where the headers were cleared meanwhile.</summary>
    public static void Set(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers[ProductVersion.Header] = ProductVersion.Number;
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
    }

    /// <summary>Lets a browser apply exactly this inline style, whatever else it finds.</summary>
    public static void AllowStyle(IHeaderDictionary headers, string style) =>
        headers.ContentSecurityPolicy = Policies.GetOrAdd(
            style,
            static text =>
                $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'; "
                + "frame-ancestors 'none'"
        );
}
