namespace Autopilot.Pages;

/// <summary>Metadata of a route of pages: a host lets callers without a key reach it, since it shows them no data.</summary>
public sealed class PageEndpoint
{
    private PageEndpoint() { }

    /// <summary>The one object.</summary>
    public static PageEndpoint Instance { get; } = new();
}
