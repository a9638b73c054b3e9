using System.Text.Json;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking.Discovery;

/// <summary>Reads clusters as upstream sends them, of which only id and name matter here.</summary>
public static class ClusterDocument
{
    /// <summary>Longest name that is kept, in characters; upstream's own limit.</summary>
    public const int MaxName = 128;

    /// <summary>Reads one cluster.</summary>
    /// <param name="clusterId">The one that was asked for.</param>
    /// <exception cref="InvalidDocumentException">It is not JSON, not an object, or another cluster.</exception>
    public static ListedCluster Read(ReadOnlyMemory<byte> utf8, string clusterId)
    {
        using var document = WorkflowDocument.Parse(utf8);
        var metadata = Metadata(document.RootElement);
        if (metadata is null)
            throw new InvalidDocumentException("The answer is JSON, but no cluster: it has no 'metadata'.");
        if (Text(metadata.Value, "uid"u8) is { } uid && !uid.Equals(clusterId, StringComparison.OrdinalIgnoreCase))
            throw new InvalidDocumentException("The answer is another cluster than the one that was asked for.");
        return new ListedCluster(clusterId, NameOf(metadata.Value));
    }

    /// <summary>Reads a list answer: <c>items</c> may be an array, one object, null or absent. Items without a usable id are left out, of two with the same id the last.</summary>
    /// <exception cref="InvalidDocumentException">It is not JSON or not an object.</exception>
    public static IReadOnlyList<ListedCluster> ReadList(ReadOnlyMemory<byte> utf8)
    {
        using var document = WorkflowDocument.Parse(utf8);
        if (!document.RootElement.TryGetProperty("items"u8, out var items))
            return [];
        IEnumerable<JsonElement> entries = items.ValueKind switch { JsonValueKind.Array => items.EnumerateArray(), JsonValueKind.Object => [items], _ => [] };
        var clusters = new List<ListedCluster>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (Metadata(entry) is { } metadata && ResourceId.TryNormalize(Text(metadata, "uid"u8), out var id) && known.Add(id))
                clusters.Add(new ListedCluster(id, NameOf(metadata)));
        }

        return clusters;
    }

    private static JsonElement? Metadata(JsonElement cluster) =>
        cluster.ValueKind == JsonValueKind.Object && cluster.TryGetProperty("metadata"u8, out var metadata) && metadata.ValueKind == JsonValueKind.Object ? metadata : null;

    // The alias is what the console shows, and can be changed there; the name is what the cluster was created with.
    private static string? NameOf(JsonElement metadata) => Cleaned(Text(metadata, "alias"u8)) ?? Cleaned(Text(metadata, "name"u8));

    private static string? Cleaned(string? text)
    {
        var name = text is null ? "" : string.Concat(text.Where(c => !char.IsControl(c))).Trim();
        if (name.Length > MaxName)
            name = name[..(char.IsHighSurrogate(name[MaxName - 1]) ? MaxName - 1 : MaxName)];
        return name.Length == 0 ? null : name;
    }

    private static string? Text(JsonElement element, ReadOnlySpan<byte> name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: no text.
            return null;
        }
    }
}
