using System.Diagnostics.CodeAnalysis;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.Api.Requests;

/// <summary>
/// The catalogue of what an operation's query may hold: what its handler binds, and <c>format</c> where it offers formats. The check of a
/// request and the OpenAPI document both go by it, so that neither knows a parameter that the other does not.
/// </summary>
internal sealed class QueryParameters(IReadOnlyList<QueryParameter> parameters)
{
    /// <summary>Chooses a format, see <see cref="Negotiation"/>.</summary>
    public const string Format = "format";

    public IReadOnlyList<QueryParameter> All { get; } = parameters;

    /// <summary>
    /// The first mistake of a query, as 400: a parameter that is not known here, with the nearest one that is, or one given twice. Null
    /// where there is none.
    /// </summary>
    public Problem? ProblemOf(IQueryCollection query)
    {
        foreach (var (name, values) in query)
        {
            if (!TryFind(name, out var parameter))
            {
                if (!IsForeign(name))
                {
                    return ProblemFactory.UnknownParameter(name, [.. All.Select(known => known.Name)]);
                }
            }
            else if (values.Count > 1 && !parameter.Several)
            {
                return ProblemFactory.InvalidParameter(parameter.Name, "given once: it takes one value");
            }
        }

        return null;
    }

    /// <summary>The catalogue of an endpoint whose metadata is complete.</summary>
    internal static QueryParameters Of(EndpointBuilder endpoint)
    {
        var path =
            (endpoint as RouteEndpointBuilder)
                ?.RoutePattern.Parameters.Select(parameter => parameter.Name)
                .ToHashSet(StringComparer.OrdinalIgnoreCase)
            ?? [];
        var bound = endpoint
            .Metadata.OfType<IParameterBindingMetadata>()
            .Select(binding => binding.ParameterInfo)
            .Where(parameter => parameter.ParameterType == typeof(string))
            .Select(parameter =>
            {
                var attribute = parameter.GetCustomAttributes(inherit: false).OfType<FromQueryAttribute>().FirstOrDefault();
                return new QueryParameter(attribute?.Name ?? parameter.Name!, attribute?.Several ?? false);
            })
            .Where(parameter => !path.Contains(parameter.Name));
        return new QueryParameters(
            endpoint.Metadata.OfType<OfferedFormats>().Any() ? [.. bound, new QueryParameter(Format, Several: false)] : [.. bound]
        );
    }

    private bool TryFind(string name, [NotNullWhen(true)] out QueryParameter? parameter)
    {
        parameter = All.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return parameter is not null;
    }

    /// <summary>What is not meant for an operation: the keys of the platform, and what caches, browsers and campaigns add.</summary>
    private static bool IsForeign(string name) =>
        name.Equals("code", StringComparison.OrdinalIgnoreCase)
        || name.Equals("clientId", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith('_')
        || name.StartsWith("utm_", StringComparison.OrdinalIgnoreCase);
}
