using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Autopilot.Pages.Responses;

/// <summary>The choices that the address of a page holds.</summary>
internal static class PageQuery
{
    private static readonly string[] Names = ["view", "assessment", "q", "page", "after"];

    /// <summary>The query again, with the names that pages know and no others.</summary>
    public static QueryString Of(HttpRequest request)
    {
        var query = new QueryBuilder();
        foreach (var name in Names)
        {
            if (request.Query[name].FirstOrDefault() is { Length: > 0 } value)
            {
                query.Add(name, value);
            }
        }

        return query.ToQueryString();
    }
}
