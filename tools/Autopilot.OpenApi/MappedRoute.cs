using System.Text.RegularExpressions;
using Autopilot.Api.OpenApi;
using Autopilot.Api.Parameters;
using Autopilot.Api.Representations;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.OpenApi;

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
        Body = metadata.GetMetadata<BodyShape>();
        Answers = metadata.GetOrderedMetadata<DescribedResponse>();
        Failures = metadata.GetOrderedMetadata<DescribedFailure>();
        if (Formats.Count > 0 && !Formats.Contains(Format.Json))
        {
            throw new InvalidOperationException($"{Name} offers no JSON, which alone the document describes.");
        }

        if (Answers.Count == 0)
        {
            throw new InvalidOperationException($"{Name} does not say what it answers: describe it with Answers and Fails.");
        }

        // The very parameters by which requests are checked.
        Parameters = metadata.GetRequiredMetadata<OperationParameters>();
    }

    public string Path { get; }
    public string Method { get; }
    public string Name { get; }
    public string Summary { get; }
    public string? Description { get; }
    public IReadOnlyList<Format> Formats { get; }
    public RouteTraits Traits { get; }
    public BodyShape? Body { get; }
    public IReadOnlyList<DescribedResponse> Answers { get; }
    public IReadOnlyList<DescribedFailure> Failures { get; }
    public OperationParameters Parameters { get; }

    /// <summary>The parameters of the query that the document describes: JSON alone is described, so that no format is chosen.</summary>
    public IEnumerable<Parameter> InQuery => Parameters.InQuery.Where(parameter => parameter != ParameterCatalog.Format);

    /// <summary>Whether it serves what a reader can have already.</summary>
    public bool IsTagged => Method == "GET" && Formats.Count > 0;

    public bool Fits(string method, string path) => (method == Method || (method == "HEAD" && Method == "GET")) && _pattern.IsMatch(path);

    /// <summary>All routes of an app.</summary>
    public static IReadOnlyList<MappedRoute> Of(EndpointDataSource source) =>
        [.. source.Endpoints.OfType<RouteEndpoint>().Select(endpoint => new MappedRoute(endpoint))];
}
