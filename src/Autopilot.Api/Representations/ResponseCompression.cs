using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Autopilot.Api.Representations;

/// <summary>
/// Compresses large answers as ASP.NET Core does, Brotli or gzip by <c>Accept-Encoding</c>, and adds what that leaves open. Small answers
/// stay as they are, since they would hardly get smaller. The tag of what is encoded is weak, since other bytes stand for the same. HEAD
/// and 304 say what GET says.
/// </summary>
internal sealed class ResponseCompression(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
    : ResponseCompressionProvider(services, options)
{
    /// <summary>Smallest body that is compressed, in bytes.</summary>
    public const int MinLength = 2048;

    /// <summary>What a cache must distinguish: every response depends on the requested format and encoding.</summary>
    public const string Vary = "Accept, Accept-Encoding";

    /// <summary>Of these the length is not known before they end.</summary>
    private static readonly string[] Streamed = [Format.Csv.MediaType, Format.Ndjson.MediaType];

    private static readonly string[] MediaTypes =
    [
        .. Streamed,
        "application/json",
        "text/markdown",
        "text/plain",
        "text/html",
        "text/css",
        "text/javascript",
        "application/vnd.microsoft.card.adaptive+json",
        "image/svg+xml",
    ];

    public static IServiceCollection AddTo(IServiceCollection services)
    {
        services.TryAddSingleton<IResponseCompressionProvider, ResponseCompression>();
        return services.AddResponseCompression(options =>
        {
            // No answer holds a secret that its request's text could be held against: see SECURITY.md.
            options.EnableForHttps = true;
            options.MimeTypes = MediaTypes;
        });
    }

    /// <inheritdoc/>
    public override bool ShouldCompressResponse(HttpContext context)
    {
        var response = context.Response;
        var large = response.ContentLength is { } length
            ? length >= MinLength
            : Streamed.Any(type => response.ContentType?.StartsWith(type, StringComparison.OrdinalIgnoreCase) is true);
        return large && base.ShouldCompressResponse(context);
    }

    /// <inheritdoc/>
    public override ICompressionProvider? GetCompressionProvider(HttpContext context)
    {
        var chosen = base.GetCompressionProvider(context);
        var headers = context.Response.Headers;
        if (chosen is not null && headers.ETag is [{ } tag] && tag.StartsWith('"'))
        {
            headers.ETag = "W/" + tag;
        }

        return chosen;
    }

    /// <summary>
    /// Sets the headers that the answer would have with its body, where there is to be none. Type and length must be set as if it were sent
    /// plain.
    /// </summary>
    public static void ActAsIfSent(HttpContext context)
    {
        if (
            context.RequestServices?.GetService<IResponseCompressionProvider>() is not { } compression
            || !compression.CheckRequestAcceptsCompression(context)
            || !compression.ShouldCompressResponse(context)
            || compression.GetCompressionProvider(context) is not { } chosen
        )
        {
            return;
        }

        context.Response.Headers.ContentEncoding = chosen.EncodingName;
        context.Response.ContentLength = null;
    }
}
