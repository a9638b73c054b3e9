namespace Autopilot.Api.Representations;

/// <summary>The formats that a route offers; the OpenAPI document lists them.</summary>
/// <param name="Formats">The first one is the default.</param>
internal sealed record OfferedFormats(IReadOnlyList<Format> Formats);
