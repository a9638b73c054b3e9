using System.Text.Json;

namespace Autopilot.Core.Workflows;

/// <summary>
/// Reads the list of a cluster's backup tasks (<c>operation/snapshot/tasks</c>), as tolerant as <see cref="TaskDocument"/>: one object may
/// stand where an array is meant, and what cannot be read is left out.
/// </summary>
public static class SnapshotDocument
{
    /// <summary>Tasks that are read, the first: the list has neither a documented order nor a documented length.</summary>
    public const int MaxTasks = 500;

    private const int MaxItems = 20;
    private const int MaxWord = 64;

    /// <summary>Reads the list.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="clean">Redacts upstream's texts before they are stored.</param>
    /// <exception cref="InvalidDocumentException">It is not JSON or not an object.</exception>
    public static SnapshotList Read(ReadOnlyMemory<byte> utf8, Func<string, string?>? clean = null)
    {
        using var document = ForeignJson.ParseObject(utf8);
        var root = document.RootElement;
        return new SnapshotList(
            Time(ForeignJson.Member(root, "status"u8), "latestBackupTime"u8),
            [.. ForeignJson.Objects(ForeignJson.Member(root, "items"u8)).Take(MaxTasks).Select(task => TaskOf(task, clean))]
        );
    }

    private static SnapshotTask TaskOf(JsonElement task, Func<string, string?>? clean)
    {
        var metadata = ForeignJson.Member(task, "metadata"u8);
        var status = ForeignJson.Member(task, "status"u8);
        return new SnapshotTask(
            ForeignJson.Text(metadata, "uid"u8, MaxWord),
            Time(metadata, "creationTimestamp"u8),
            Word(status, "phase"u8, clean),
            TaskDocument.Word(status, clean),
            [
                .. ForeignJson
                    .Objects(ForeignJson.Member(ForeignJson.Member(task, "spec"u8), "items"u8))
                    .Take(MaxItems)
                    .Select(item => new SnapshotItem(
                        Word(item, "type"u8, clean),
                        Word(item, "status"u8, clean),
                        TaskDocument.Text(item, "message"u8, clean),
                        Time(item, "creationTimestamp"u8),
                        Time(item, "updateTimestamp"u8)
                    )),
            ]
        );
    }

    private static string? Word(JsonElement element, ReadOnlySpan<byte> name, Func<string, string?>? clean) =>
        TaskDocument.Text(element, name, clean) is { } text ? TaskDocument.CutBytes(text, MaxWord) : null;

    private static DateTimeOffset? Time(JsonElement element, ReadOnlySpan<byte> name) =>
        ForeignJson.Text(element, name, 128) is { } text && UpstreamTimestamp.TryParse(text, out var time) ? time : null;
}
