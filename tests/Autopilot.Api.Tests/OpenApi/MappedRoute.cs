using System.Text.RegularExpressions;
using Autopilot.Api.OpenApi;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.Api.Tests.OpenApi;

/// <summary>A route as the app has mapped it, and what it says of itself.</summary>
internal sealed class MappedRoute
{
    private readonly Regex _pattern;

    public MappedRoute(RouteEndpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        Path = $"/{endpoint.RoutePattern.RawText!.Trim('/')}";
        _pattern = new Regex($"^{Regex.Replace(Path, @"\{[^}]+\}", "[^/]+")}$");
        // HEAD comes with every GET and is the same but for the body.
        Method = metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.First(method => method != "HEAD");
        Name =
            metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName
            ?? throw new InvalidOperationException($"{Method} {Path} has no name: give it one with WithName.");
        Summary =
            metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary
            ?? throw new InvalidOperationException($"{Name} has no summary: give it one with WithSummary.");
        Description = metadata.GetMetadata<IEndpointDescriptionMetadata>()?.Description;
        Formats = metadata.GetMetadata<OfferedFormats>()?.Formats ?? [];
        Traits = metadata.OfType<RouteTraits>().Aggregate(RouteTraits.None, (all, one) => all | one);
        Body = metadata.GetMetadata<DescribedBody>();
        Answers = metadata.GetOrderedMetadata<DescribedResponse>();
        Failures = metadata.GetOrderedMetadata<DescribedFailure>();
        if (Answers.Count == 0)
        {
            throw new InvalidOperationException($"{Name} does not say what it answers: describe it with Answers and Fails.");
        }

        InPath.AddRange(endpoint.RoutePattern.Parameters.Select(parameter => parameter.Name));
        // The very catalogue by which requests are checked.
        Catalogue = metadata.GetRequiredMetadata<QueryParameters>().All;
    }

    public string Path { get; }
    public string Method { get; }
    public string Name { get; }
    public string Summary { get; }
    public string? Description { get; }
    public IReadOnlyList<Format> Formats { get; }
    public RouteTraits Traits { get; }
    public DescribedBody? Body { get; }
    public IReadOnlyList<DescribedResponse> Answers { get; }
    public IReadOnlyList<DescribedFailure> Failures { get; }
    public List<string> InPath { get; } = [];
    public IReadOnlyList<QueryParameter> Catalogue { get; }

    /// <summary>Whether the document describes its forms one by one: JSON alone is enough where there is JSON.</summary>
    public bool DescribesFormat => Formats.Count > 0 && !Formats.Any(format => format.MediaType == "application/json");

    public IEnumerable<QueryParameter> InQuery => Catalogue.Where(parameter => parameter.Name != QueryParameters.Format);

    /// <summary>Whether it serves what a reader can have already.</summary>
    public bool IsTagged => Method == "GET" && Formats.Count > 0;

    public bool Fits(string method, string path) => (method == Method || (method == "HEAD" && Method == "GET")) && _pattern.IsMatch(path);

    /// <summary>All routes of an app.</summary>
    public static IReadOnlyList<MappedRoute> Of(EndpointDataSource source) =>
        [.. source.Endpoints.OfType<RouteEndpoint>().Select(endpoint => new MappedRoute(endpoint))];
}
