namespace Autopilot.Api.Representations;

/// <summary>What a route offers, for whoever describes it.</summary>
/// <param name="Formats">The first one is the default.</param>
internal sealed record OfferedFormats(IReadOnlyList<Format> Formats);
