namespace Autopilot.Pages.Responses;

/// <summary>Where the script of a page asks for what changed.</summary>
/// <param name="Address">Path and query of the part that changes.</param>
/// <param name="Tag">The tag of what the page shows.</param>
/// <param name="Now">The server's time, in milliseconds since 1970.</param>
internal sealed record PageSource(string Address, string Tag, long Now);
