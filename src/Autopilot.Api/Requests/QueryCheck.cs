using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Requests;

/// <summary>Refuses queries that an operation would not understand: a misspelt filter would otherwise answer everything.</summary>
internal static class QueryCheck
{
    /// <summary>
    /// Gives every endpoint of a group its <see cref="OperationParameters"/>. Pages are not of the group and ignore what they do not know.
    /// </summary>
    public static TBuilder KnowsItsQuery<TBuilder>(this TBuilder group)
        where TBuilder : IEndpointConventionBuilder
    {
        group.Finally(endpoint => endpoint.Metadata.Add(OperationParameters.Of(endpoint)));
        return group;
    }

    public static IApplicationBuilder UseQueryCheck(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
                context.Request.QueryString.HasValue
                && context.GetEndpoint()?.Metadata.GetMetadata<OperationParameters>()?.ProblemOf(context.Request.Query) is { } problem
                    ? new ProblemResult(problem).ExecuteAsync(context)
                    : next(context)
        );
}
