using System.Text.Json;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking.Discovery;

/// <summary>Reads clusters as upstream sends them; only id and name matter here.</summary>
public static class ClusterDocument
{
    /// <summary>Longest name that is kept, in characters; upstream's own limit.</summary>
    public const int MaxName = 128;

    /// <summary>Reads one cluster.</summary>
    /// <param name="clusterId">The one that was asked for.</param>
    /// <exception cref="InvalidDocumentException">It is not JSON, not an object, or another cluster.</exception>
    public static ListedCluster Read(ReadOnlyMemory<byte> utf8, string clusterId)
    {
        using var document = ForeignJson.ParseObject(utf8);
        var metadata = Metadata(document.RootElement);
        if (metadata is null)
        {
            throw new InvalidDocumentException("The answer is JSON, but no cluster: it has no 'metadata'.");
        }

        if (Text(metadata.Value, "uid"u8) is { } uid && !uid.Equals(clusterId, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidDocumentException("The answer is another cluster than the one that was asked for.");
        }

        return new ListedCluster(clusterId, NameOf(metadata.Value));
    }

    /// <summary>
    /// Reads a list answer: <c>items</c> may be an array, one object, null or absent. Items without a usable id are left out, of two with
    /// the same id the second.
    /// </summary>
    /// <exception cref="InvalidDocumentException">It is not JSON or not an object.</exception>
    public static IReadOnlyList<ListedCluster> ReadList(ReadOnlyMemory<byte> utf8)
    {
        using var document = ForeignJson.ParseObject(utf8);
        var clusters = new List<ListedCluster>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in ForeignJson.Objects(ForeignJson.Member(document.RootElement, "items"u8)))
        {
            if (Metadata(entry) is { } metadata && ResourceId.TryNormalize(Text(metadata, "uid"u8), out var id) && known.Add(id))
            {
                clusters.Add(new ListedCluster(id, NameOf(metadata)));
            }
        }

        return clusters;
    }

    private static JsonElement? Metadata(JsonElement cluster) =>
        ForeignJson.Member(cluster, "metadata"u8) is { ValueKind: JsonValueKind.Object } metadata ? metadata : null;

    // The alias is what the console shows, and can be changed there; the name is what the cluster was created with.
    private static string? NameOf(JsonElement metadata) => Cleaned(Text(metadata, "alias"u8)) ?? Cleaned(Text(metadata, "name"u8));

    private static string? Cleaned(string? text)
    {
        var name = text is null ? "" : string.Concat(text.Where(c => !char.IsControl(c) && c != '\uFFFD')).Trim();
        if (name.Length > MaxName)
        {
            name = name[..(char.IsHighSurrogate(name[MaxName - 1]) ? MaxName - 1 : MaxName)];
        }

        return name.Length == 0 ? null : name;
    }

    /// <summary>A member that is a string. Twice the longest name leaves room for the characters that are cleaned away.</summary>
    private static string? Text(JsonElement element, ReadOnlySpan<byte> name) =>
        ForeignJson.Member(element, name) is { ValueKind: JsonValueKind.String } ? ForeignJson.Text(element, name, 2 * MaxName) : null;
}
