namespace Autopilot.Core.Workflows;

/// <summary>A page that says more.</summary>
/// <param name="Title">What the page is, in English.</param>
/// <param name="Url">Absolute https address.</param>
public sealed record ReferenceLink(string Title, string Url);
