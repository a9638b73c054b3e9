namespace Autopilot.Api.OpenApi;

/// <summary>
/// Problems that are a route's own. What can happen everywhere (no key, no such format, a query that is too long, no storage, …) is not
/// repeated on each route.
/// </summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Codes">Of <see cref="Problems.ProblemCode"/>.</param>
internal sealed record DescribedFailure(int Status, IReadOnlyList<string> Codes);
