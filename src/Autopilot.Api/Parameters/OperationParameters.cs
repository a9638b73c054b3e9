using System.Diagnostics.CodeAnalysis;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.Api.Parameters;

/// <summary>
/// The parameters of an operation: what its route takes, and <c>format</c> where it offers formats. The check of a request, the OpenAPI
/// document and the tables of <c>docs/http.md</c> go by them, so that none knows a parameter that the others do not.
/// </summary>
/// <param name="inPath">In the order of the path.</param>
/// <param name="inQuery">In the order in which documents list them.</param>
internal sealed class OperationParameters(IReadOnlyList<Parameter> inPath, IReadOnlyList<Parameter> inQuery)
{
    public IReadOnlyList<Parameter> InPath { get; } = inPath;

    public IReadOnlyList<Parameter> InQuery { get; } = inQuery;

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
                    return ProblemFactory.UnknownParameter(name, [.. InQuery.Select(known => known.Name)]);
                }
            }
            else if (values.Count > 1 && !parameter.Several)
            {
                return ProblemFactory.InvalidParameter(parameter.Name, "given once: it takes one value");
            }
        }

        return null;
    }

    /// <summary>The parameter of the query with this name, in any case.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out Parameter? parameter)
    {
        foreach (var known in InQuery)
        {
            if (known.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                parameter = known;
                return true;
            }
        }

        parameter = null;
        return false;
    }

    /// <summary>Those of an endpoint whose metadata is complete.</summary>
    /// <exception cref="InvalidOperationException">The path has a part that the route does not describe.</exception>
    internal static OperationParameters Of(EndpointBuilder endpoint)
    {
        var taken = endpoint.Metadata.OfType<TakenParameters>().SelectMany(some => some.Parameters).ToList();
        var inPath = (endpoint as RouteEndpointBuilder)
            ?.RoutePattern.Parameters.Select(part =>
                taken.Find(parameter => parameter.Name == part.Name)
                ?? throw new InvalidOperationException($"{endpoint.DisplayName} does not describe '{part.Name}': name it with Takes.")
            )
            .ToList();
        var inQuery = taken.Except(inPath ?? []);
        return new OperationParameters(
            inPath ?? [],
            endpoint.Metadata.OfType<OfferedFormats>().Any() ? [.. inQuery, ParameterCatalog.Format] : [.. inQuery]
        );
    }

    /// <summary>What is not meant for an operation: the keys of the platform, and what caches, browsers and campaigns add.</summary>
    private static bool IsForeign(string name) =>
        name.Equals("code", StringComparison.OrdinalIgnoreCase)
        || name.Equals("clientId", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith('_')
        || name.StartsWith("utm_", StringComparison.OrdinalIgnoreCase);
}
