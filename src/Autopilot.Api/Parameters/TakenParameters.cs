namespace Autopilot.Api.Parameters;

/// <summary>Metadata of a route: the parameters that it takes in its path and in its query.</summary>
internal sealed record TakenParameters(IReadOnlyList<Parameter> Parameters);
