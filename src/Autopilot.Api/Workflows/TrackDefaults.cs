namespace Autopilot.Api.Workflows;

/// <summary>What a <c>PUT</c> may leave out.</summary>
/// <param name="ProjectId"><c>Cce:ProjectId</c>, or null.</param>
internal sealed record TrackDefaults(string? ProjectId);
