using System.Globalization;
using Autopilot.Core.Workflows;

namespace Autopilot.Pages;

/// <summary>The addresses of pages, and of what they show. Every value in them is encoded.</summary>
internal static class PagePaths
{
    /// <summary>Before the path of a page's changing part.</summary>
    public const string Fragments = "/pages";

    public const string Fleet = "/";
    public const string Style = $"{Fragments}/style.css";
    public const string Script = $"{Fragments}/script.js";
    public const string Icon = $"{Fragments}/icon.svg";

    public static string Upgrade(string id) => $"/upgrades/{Uri.EscapeDataString(id)}";

    public static string History(string id, string? after = null) =>
        $"{Upgrade(id)}/history{(after is null ? "" : $"?after={Uri.EscapeDataString(after)}")}";

    public static string State(string id, long sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{Upgrade(id)}/history/{sequence}");

    /// <summary>The same answer of the API, in one of its formats.</summary>
    public static string Api(string id, string format) => $"/api/workflows/{Uri.EscapeDataString(id)}?format={format}";

    public static string Timeline(string id) => $"/api/workflows/{Uri.EscapeDataString(id)}/timeline?format=svg";

    /// <summary>The fleet page with choices; what is null is left out.</summary>
    public static string FleetWith(bool finished, Assessment? assessment, string? text, int page = 1, string? after = null)
    {
        (string Name, string? Value)[] query =
        [
            ("view", finished ? "finished" : null),
            ("assessment", assessment?.ToString()),
            ("q", string.IsNullOrEmpty(text) ? null : text),
            ("page", page > 1 ? page.ToString(CultureInfo.InvariantCulture) : null),
            ("after", after),
        ];
        var chosen = query.Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}");
        return string.Join('&', chosen) is { Length: > 0 } given ? $"{Fleet}?{given}" : Fleet;
    }
}
