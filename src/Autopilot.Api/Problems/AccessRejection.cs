namespace Autopilot.Api.Problems;

/// <summary>
/// Why a host rejected a request with a bare status: a feature of the request, set where the problem's usual sentence would mislead.
/// </summary>
/// <param name="Detail">What was wrong with this request, and what is allowed; carries no secret.</param>
public sealed record AccessRejection(string Detail);
