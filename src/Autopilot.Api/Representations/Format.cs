namespace Autopilot.Api.Representations;

/// <summary>
/// A format that an answer can have. There are no others than those here, and each is one object: two are the same where they are equal by
/// reference.
/// </summary>
internal sealed class Format
{
    private Format(string name, string mediaType) => (Name, MediaType, ContentType) = (name, mediaType, $"{mediaType}; charset=utf-8");

    public static Format Json { get; } = new("json", "application/json");

    public static Format Markdown { get; } = new("markdown", "text/markdown");

    public static Format Text { get; } = new("text", "text/plain");

    /// <summary>An Adaptive Card 1.5.</summary>
    public static Format Card { get; } = new("card", "application/vnd.microsoft.card.adaptive+json");

    public static Format Svg { get; } = new("svg", "image/svg+xml");

    public static Format Csv { get; } = new("csv", "text/csv");

    public static Format Ndjson { get; } = new("ndjson", "application/x-ndjson");

    /// <summary>
    /// Every format that some route has. A name that is not here is a mistake of the caller; one that is here but not on the route is 406.
    /// </summary>
    public static IReadOnlyList<Format> All { get; } = [Json, Markdown, Text, Card, Svg, Csv, Ndjson];

    /// <summary>What <c>?format=</c> says.</summary>
    public string Name { get; }

    /// <summary>What <c>Accept</c> says.</summary>
    public string MediaType { get; }

    /// <summary>What <c>Content-Type</c> says: every format is UTF-8.</summary>
    public string ContentType { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
