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
        params ReadOnlySpan<(string Name, string? Value)> parameters
    )
    {
        if (continuationToken is null)
        {
            return null;
        }

        var query = new QueryBuilder();
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                query.Add(name, value);
            }
        }

        if (request.Query.TryGetValue("format", out var format))
        {
            query.Add("format", format.ToString());
        }

        query.Add("continuationToken", continuationToken);
        return $"{request.PathBase.ToUriComponent()}{path}{query.ToQueryString()}";
    }
}
