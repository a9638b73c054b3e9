using Autopilot.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.OpenApi;

/// <summary>
/// What a route says of itself for the OpenAPI document. It is metadata only: the document is made of it when the tests run with
/// <c>UPDATE_GOLDEN=1</c>, is checked in, and costs a running app nothing. A test compares the two, and real answers with both.
/// </summary>
internal static class RouteDescription
{
    /// <summary>A good answer, written as the JSON of <typeparamref name="T"/>; other forms follow from what the route offers.</summary>
    public static TBuilder Answers<TBuilder, T>(this TBuilder builder, int status, string description, bool retryAfter = false)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new DescribedResponse(status, typeof(T), description, retryAfter));

    /// <inheritdoc cref="Answers{TBuilder, T}(TBuilder, int, string, bool)"/>
    public static RouteHandlerBuilder Answers<T>(
        this RouteHandlerBuilder builder,
        string description,
        int status = StatusCodes.Status200OK,
        bool retryAfter = false
    ) => builder.Answers<RouteHandlerBuilder, T>(status, description, retryAfter);

    /// <summary>204.</summary>
    public static RouteHandlerBuilder AnswersNothing(this RouteHandlerBuilder builder, string description) =>
        builder.WithMetadata(new DescribedResponse(StatusCodes.Status204NoContent, null, description, RetryAfter: false));

    /// <summary>Problems that are this route's own, besides those that every route has.</summary>
    public static TBuilder Fails<TBuilder>(this TBuilder builder, int status, params IReadOnlyList<string> codes)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new DescribedFailure(status, codes));

    /// <summary>The problems of a route that reads one workflow, named by its id, or by the id or the name of its cluster.</summary>
    public static TBuilder FailsToReadWorkflow<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder
            .Fails(400, ProblemCode.InvalidWorkflowId)
            .Fails(404, ProblemCode.WorkflowNotFound)
            .Fails(409, ProblemCode.AmbiguousCluster)
            .Fails(500, ProblemCode.RowUnreadable);

    /// <summary>What sets it apart.</summary>
    public static TBuilder Is<TBuilder>(this TBuilder builder, RouteTraits traits)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(traits);
}
