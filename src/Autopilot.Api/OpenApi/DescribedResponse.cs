namespace Autopilot.Api.OpenApi;

/// <summary>A successful response of a route, as the OpenAPI document describes it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">What is written as JSON; null for an answer without a body.</param>
/// <param name="Description">When it is this one.</param>
/// <param name="RetryAfter">Whether the response may name a time for the next request in <c>Retry-After</c>.</param>
internal sealed record DescribedResponse(int Status, Type? Type, string Description, bool RetryAfter);
