using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Requests;

/// <summary>
/// No query over 4 KiB and no parameter longer than anything it could mean, so that no filter of any length comes near the storage.
/// </summary>
internal static class QueryLimit
{
    /// <summary>
    /// Longest query with its question mark, in characters as they were sent. Below the length that a server rejects by itself, without a
    /// body.
    /// </summary>
    public const int MaxQuery = 4096;

    /// <summary>Longest value of a parameter, in characters.</summary>
    public const int MaxValue = 256;

    /// <summary>Longest continuation token, in characters: as long as the store's own limit.</summary>
    public const int MaxToken = 2048;

    /// <summary>Longest list of clusters, in characters: 27 ids.</summary>
    public const int MaxClusters = 1024;

    public static IApplicationBuilder UseQueryLimit(this IApplicationBuilder app) =>
        app.Use((context, next) => ProblemOf(context) is { } problem ? new ProblemResult(problem).ExecuteAsync(context) : next(context));

    private static Problem? ProblemOf(HttpContext context)
    {
        var request = context.Request;
        if (request.QueryString.Value is not { Length: > MaxValue } query)
        {
            return null;
        }

        if (query.Length > MaxQuery)
        {
            return ProblemFactory.QueryTooLong();
        }

        var operation = context.GetEndpoint()?.Metadata.GetMetadata<OperationParameters>();
        foreach (var (name, values) in request.Query)
        {
            // By then the key has been checked, or the platform checks it.
            if (name.Equals("code", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (name.Length > MaxValue)
            {
                return ProblemFactory.QueryTooLong();
            }

            var max = operation?.TryFind(name, out var parameter) is true ? parameter.MaxText : MaxValue;
            if (values.ToString().Length > max)
            {
                return ProblemFactory.InvalidParameter(name, $"at most {max} characters long");
            }
        }

        return null;
    }
}
