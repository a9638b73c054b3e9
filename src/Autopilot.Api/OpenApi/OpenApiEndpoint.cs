using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.Api.OpenApi;

/// <summary>
/// The description of this API for programs: a file that was made beforehand (see <see cref="RouteDescription"/>), served as it is.
/// </summary>
internal static class OpenApiEndpoint
{
    private static readonly Lazy<ReadOnlyMemory<byte>> Document = new(Read);

    public static IEndpointRouteBuilder MapOpenApiDocument(this IEndpointRouteBuilder api)
    {
        api.MapMethods("/openapi.json", ReadMethods.All, Get)
            .WithName("GetOpenApi")
            .WithSummary("This document.")
            .Offers(Format.Json)
            .WithDescription("OpenAPI 3.1 of every route, with every status and problem code, and real answers as examples.")
            .Answers<object>("The document.")
            .Is(RouteTraits.NeedsNoStorage);
        return api;
    }

    internal static IResult Get() => new Representation(Document.Value);

    private static ReadOnlyMemory<byte> Read()
    {
        using var stream =
            typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream("openapi.json")
            ?? throw new InvalidOperationException("The OpenAPI document is not in the assembly.");
        var document = new byte[stream.Length];
        stream.ReadExactly(document);
        return document;
    }
}
