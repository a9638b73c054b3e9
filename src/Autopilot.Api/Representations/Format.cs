namespace Autopilot.Api.Representations;

/// <summary>A form that an answer can have.</summary>
/// <param name="Name">What <c>?format=</c> says.</param>
/// <param name="MediaType">What <c>Accept</c> says.</param>
internal sealed record Format(string Name, string MediaType)
{
    public static Format Json { get; } = new("json", "application/json");

    public static Format Markdown { get; } = new("markdown", "text/markdown");

    public static Format Text { get; } = new("text", "text/plain");

    /// <summary>An Adaptive Card 1.5.</summary>
    public static Format Card { get; } = new("card", "application/vnd.microsoft.card.adaptive+json");

    public static Format Svg { get; } = new("svg", "image/svg+xml");

    public static Format Csv { get; } = new("csv", "text/csv");

    public static Format Ndjson { get; } = new("ndjson", "application/x-ndjson");

    /// <summary>What <c>Content-Type</c> says: every format is UTF-8.</summary>
    public string ContentType { get; } = $"{MediaType}; charset=utf-8";

    /// <summary>
    /// Every format that some route has. A name that is not here is a mistake of the caller; one that is here but not on the route is 406.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = ["json", "markdown", "text", "card", "svg", "csv", "ndjson"];
}
