namespace Autopilot.Api.OpenApi;

/// <summary>
/// The body that a route reads: an object of strings, since every mistake in it is named by hand (<see cref="Requests.BodyMembers"/>).
/// </summary>
/// <param name="Name">Name of the schema.</param>
/// <param name="Required">Whether there must be one.</param>
/// <param name="Members">Each with whether it must be there.</param>
internal sealed record DescribedBody(string Name, bool Required, IReadOnlyList<(string Name, bool Required)> Members);
