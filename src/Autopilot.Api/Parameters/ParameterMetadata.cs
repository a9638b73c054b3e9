using Microsoft.AspNetCore.Builder;

namespace Autopilot.Api.Parameters;

/// <summary>Gives routes their parameters.</summary>
internal static class ParameterMetadata
{
    /// <summary>
    /// The parameters of the route's path and query, of <see cref="ParameterCatalog"/>, in the order in which documents list them.
    /// </summary>
    public static TBuilder Takes<TBuilder>(this TBuilder builder, params IReadOnlyList<Parameter> parameters)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new TakenParameters(parameters));

    /// <summary>The body that the route reads.</summary>
    public static TBuilder TakesBody<TBuilder>(this TBuilder builder, BodyShape body)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(body);
}
