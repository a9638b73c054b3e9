using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Autopilot.Api.Representations;

/// <summary>
/// A representation of something stored. On reads it has an <c>ETag</c> over its bytes: whatever a reader would see change changes the tag,
/// staleness too. It answers 304 where the reader has it already.
/// </summary>
internal sealed class Representation(ReadOnlyMemory<byte> body) : IResult
{
    /// <summary>A body in one of the formats that <see cref="Negotiation.Offers"/> chose from.</summary>
    public Representation(ReadOnlyMemory<byte> body, Format format)
        : this(body) => ContentType = format.ContentType;

    /// <summary>The same of a body whose tag is known.</summary>
    public Representation(TaggedBody body, Format format)
        : this(body.Bytes, format) => _tag = body.Tag;

    private readonly string? _tag;

    public int Status { get; init; } = StatusCodes.Status200OK;
    public string ContentType { get; init; } = JsonBody.ContentType;

    /// <summary>
    /// The style that a picture brings along, so that a browser which opens it applies that one and no other; null for what has none.
    /// </summary>
    public string? Style { get; init; }

    /// <summary>Whether it will not change any more, so that a cache may keep it for an hour.</summary>
    public bool Final { get; init; }

    /// <summary>When a further request is useful; null where none ever is, or the time is unknown.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A path reference to what was made.</summary>
    public string? Location { get; init; }

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } retryAfter)
        {
            response.Headers[HeaderNames.RetryAfter] = Seconds.WholeAtLeastOne(retryAfter).ToString(CultureInfo.InvariantCulture);
        }

        if (Location is not null)
        {
            response.Headers.Location = Location;
        }

        if (Style is not null)
        {
            SecurityHeaders.AllowStyle(response.Headers, Style);
        }

        if (!HttpMethods.IsGet(httpContext.Request.Method) && !HttpMethods.IsHead(httpContext.Request.Method))
        {
            response.Headers.CacheControl = "no-store";
            return JsonBody.WriteAsync(httpContext, ContentType, body);
        }

        var tag = _tag ?? TaggedBody.Of(body).Tag;
        response.Headers.ETag = tag;
        response.Headers.CacheControl = Final ? "private, max-age=3600" : "private, no-cache";
        response.Headers.Vary = ResponseCompression.Vary;
        if (!IsKnown(httpContext.Request, tag))
        {
            return JsonBody.WriteAsync(httpContext, ContentType, body);
        }
        // The tag that GET would answer with, which is weak where its body would be encoded.
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        ResponseCompression.ActAsIfSent(httpContext);
        response.ContentType = null;
        response.ContentLength = null;
        response.Headers.Remove(HeaderNames.ContentEncoding);
        response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }

    private static bool IsKnown(HttpRequest request, string tag)
    {
        var known = request.Headers.IfNoneMatch;
        if (known.Count == 0)
        {
            return false;
        }
        // As a rule it is the one tag that we sent.
        return known is [{ } only] && (only == tag || only.StartsWith("W/", StringComparison.Ordinal) && only.AsSpan(2).SequenceEqual(tag))
            || request
                .GetTypedHeaders()
                .IfNoneMatch.Any(one =>
                    one.Equals(EntityTagHeaderValue.Any) || one.Compare(new EntityTagHeaderValue(tag), useStrongComparison: false)
                );
    }
}
