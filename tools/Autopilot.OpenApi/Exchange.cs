using System.Text.Json.Nodes;

namespace Autopilot.OpenApi;

/// <summary>A question that was asked of the running app, and its real answer.</summary>
/// <param name="Operation">Name of the route.</param>
/// <param name="Path">With its query.</param>
/// <param name="Sent">The body that was sent; null without one.</param>
/// <param name="MediaType">Of the answer; null without a body.</param>
internal sealed record Exchange(
    string Operation,
    string Method,
    string Path,
    string? Sent,
    int Status,
    string? MediaType,
    string Body,
    IReadOnlyDictionary<string, string> Headers
)
{
    /// <summary>The problem's code; null for anything else.</summary>
    public string? Code { get; } = MediaType == "application/problem+json" ? JsonNode.Parse(Body)!["code"]!.GetValue<string>() : null;
}
