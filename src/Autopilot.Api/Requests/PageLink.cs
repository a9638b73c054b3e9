using Autopilot.Api.Parameters;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Autopilot.Api.Requests;

/// <summary>
/// Builds <c>nextLink</c>: a path reference with the named parameters and nothing else, so that a key in the query never travels on.
/// </summary>
internal static class PageLink
{
    /// <param name="path">Begins with <c>/api</c>.</param>
    /// <param name="parameters">Those without a value are left out.</param>
    public static string? Of(
        HttpRequest request,
        string path,
        string? continuationToken,
        params ReadOnlySpan<(Parameter Parameter, string? Value)> parameters
    )
    {
        if (continuationToken is null)
        {
            return null;
        }

        var query = new QueryBuilder();
        foreach (var (parameter, value) in parameters)
        {
            if (value is not null)
            {
                query.Add(parameter.Name, value);
            }
        }

        if (request.Query.TryGetValue(ParameterCatalog.Format.Name, out var format))
        {
            query.Add(ParameterCatalog.Format.Name, format.ToString());
        }

        query.Add(ParameterCatalog.ContinuationToken.Name, continuationToken);
        return $"{request.PathBase.ToUriComponent()}{path}{query.ToQueryString()}";
    }
}
