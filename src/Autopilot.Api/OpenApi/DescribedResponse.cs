namespace Autopilot.Api.OpenApi;

/// <summary>A good answer of a route, as its description tells it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">What is written as JSON; null for an answer without a body.</param>
/// <param name="Description">When it is this one.</param>
/// <param name="RetryAfter">Whether it may say in <c>Retry-After</c> when asking again is worth it.</param>
internal sealed record DescribedResponse(int Status, Type? Type, string Description, bool RetryAfter);
