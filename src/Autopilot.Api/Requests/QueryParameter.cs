namespace Autopilot.Api.Requests;

/// <summary>A parameter that the query of an operation takes.</summary>
/// <param name="Name">As documents write it; a query may give it in any case.</param>
/// <param name="Several">Whether it takes several values, repeated or separated by commas.</param>
internal sealed record QueryParameter(string Name, bool Several);
