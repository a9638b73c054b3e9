using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Autopilot.Core.Workflows;

/// <summary>
/// Reads an upgrade workflow as upstream sends it. It takes unknown members and values, missing or null arrays, an object where an array is
/// meant, and every timestamp form. The hash is over the canonical form of <c>spec</c> and <c>status</c> only. Key order, white space and
/// the order of <c>pointStatuses</c> and <c>lineStatuses</c> do not matter, nor does anything in <c>metadata</c>.
/// </summary>
/// <remarks>
/// A value of the wrong JSON type is kept as the text it was written with and so becomes an unknown value. A point that shows something but
/// no type has the type <c>Unknown</c>, and so has the missing end of a line. A point or a line that shows nothing is left out.
/// </remarks>
public static class WorkflowDocument
{
    /// <summary>
    /// Most points, and most lines, that are kept. An upgrade has five tasks; a state must fit into a row, and a summary on a page.
    /// </summary>
    public const int MaxEntries = 200;

    private const int MaxTextLength = 128;
    private const int MaxUnreadableLength = 64;

    /// <summary>Reads one document.</summary>
    /// <exception cref="InvalidDocumentException">It is not JSON, not valid UTF-8, not an object, or has neither <c>spec</c> nor
    /// <c>status</c>.</exception>
    public static WorkflowObservation Read(ReadOnlyMemory<byte> utf8)
    {
        var json = ForeignJson.WithoutPreamble(utf8);
        using var document = ForeignJson.ParseObject(json);
        // What is kept is sent on as part of an answer, where neither a preamble nor a broken character may stand.
        return Utf8.IsValid(json.Span)
            ? TryRead(document.RootElement, json) ?? throw NoWorkflow()
            : throw new InvalidDocumentException($"The answer is JSON, but not valid UTF-8 ({json.Length} bytes).");
    }

    /// <summary>Reads the state alone: without the hash, where it need not be compared with another state.</summary>
    /// <exception cref="InvalidDocumentException">It is not JSON, not an object, or has neither <c>spec</c> nor <c>status</c>.</exception>
    public static UpgradeWorkflow ReadState(ReadOnlyMemory<byte> utf8)
    {
        using var document = ForeignJson.ParseObject(utf8);
        return Parts.Of(document.RootElement) is { IsWorkflow: true } parts ? ReadState(parts) : throw NoWorkflow();
    }

    /// <summary>
    /// Reads a list answer: <c>items</c> may be an array, one object, null or absent. Items that cannot be read are left out.
    /// </summary>
    /// <exception cref="InvalidDocumentException">It is not JSON or not an object.</exception>
    public static IReadOnlyList<WorkflowObservation> ReadList(ReadOnlyMemory<byte> utf8)
    {
        using var document = ForeignJson.ParseObject(utf8);
        var read = new List<WorkflowObservation>();
        foreach (var item in ForeignJson.Objects(ForeignJson.Member(document.RootElement, "items"u8)))
        {
            if (
                Utf8.IsValid(JsonMarshal.GetRawUtf8Value(item))
                && TryRead(item, JsonMarshal.GetRawUtf8Value(item).ToArray()) is { } observation
            )
            {
                read.Add(observation);
            }
        }

        return read;
    }

    private static WorkflowObservation? TryRead(JsonElement root, ReadOnlyMemory<byte> document) =>
        Parts.Of(root) is { IsWorkflow: true } parts
            ? new WorkflowObservation(ReadState(parts), CanonicalHash.Of(parts.Spec, parts.Status), document)
            : null;

    private static InvalidDocumentException NoWorkflow() =>
        new("The answer is JSON, but no upgrade workflow: it has neither 'spec' nor 'status'.");

    private static UpgradeWorkflow ReadState(Parts parts)
    {
        var (metadata, spec, status) = parts;
        List<UnreadableTime>? unreadable = null;
        string? id = null,
            clusterId = null,
            fromVersion = null,
            targetVersion = null;
        WorkflowPhase phase = default;
        DateTimeOffset? createdAt = null;
        IReadOnlyList<UpgradeTask> tasks = [];
        IReadOnlyList<TaskDependency> dependencies = [];
        int tasksLeftOut = 0,
            dependenciesLeftOut = 0;

        foreach (var member in Members(metadata))
        {
            var name = JsonStrings.Name(member);
            if (name.SequenceEqual("uid"u8))
            {
                id = JsonStrings.Scalar(member.Value, MaxTextLength);
            }
            else if (name.SequenceEqual("creationTimestamp"u8))
            {
                createdAt = ReadTime(member.Value, null, "creationTimestamp", ref unreadable);
            }
        }

        foreach (var member in Members(spec))
        {
            var name = JsonStrings.Name(member);
            if (name.SequenceEqual("clusterID"u8))
            {
                clusterId = JsonStrings.Scalar(member.Value, MaxTextLength);
            }
            else if (name.SequenceEqual("clusterVersion"u8))
            {
                fromVersion = JsonStrings.Scalar(member.Value, MaxTextLength);
            }
            else if (name.SequenceEqual("targetVersion"u8))
            {
                targetVersion = JsonStrings.Scalar(member.Value, MaxTextLength);
            }
        }

        foreach (var member in Members(status))
        {
            var name = JsonStrings.Name(member);
            if (name.SequenceEqual("phase"u8))
            {
                phase = ReadPhase(member.Value);
            }
            else if (name.SequenceEqual("pointStatuses"u8))
            {
                tasks = ReadPoints(member.Value, ref unreadable, out tasksLeftOut);
            }
            else if (name.SequenceEqual("lineStatuses"u8))
            {
                dependencies = ReadLines(member.Value, out dependenciesLeftOut);
            }
        }

        return new UpgradeWorkflow
        {
            Id = id,
            ClusterId = clusterId,
            FromVersion = fromVersion,
            TargetVersion = targetVersion,
            Phase = phase,
            CreatedAt = createdAt,
            Tasks = tasks,
            Dependencies = dependencies,
            UnreadableTimes = unreadable is null ? [] : unreadable,
            LeftOut = tasksLeftOut + dependenciesLeftOut is > 0 and var leftOut ? leftOut : null,
        };
    }

    private static List<UpgradeTask> ReadPoints(JsonElement points, ref List<UnreadableTime>? unreadable, out int leftOut)
    {
        var tasks = new List<UpgradeTask>(Capacity(points));
        leftOut = 0;
        foreach (var point in Entries(points))
        {
            if (tasks.Count == MaxEntries)
            {
                leftOut++;
            }
            else if (point.ValueKind == JsonValueKind.Object && ReadPoint(point, ref unreadable) is { } task)
            {
                tasks.Add(task);
            }
        }

        return tasks;
    }

    private static UpgradeTask? ReadPoint(JsonElement point, ref List<UnreadableTime>? unreadable)
    {
        JsonElement type = default,
            start = default,
            end = default,
            expiry = default;
        string? taskId = null;
        UpgradeTaskStatus? status = null;
        foreach (var member in point.EnumerateObject())
        {
            var name = JsonStrings.Name(member);
            if (name.SequenceEqual("taskType"u8))
            {
                type = member.Value;
            }
            else if (name.SequenceEqual("taskID"u8))
            {
                taskId = JsonStrings.Scalar(member.Value, MaxTextLength);
            }
            else if (name.SequenceEqual("status"u8))
            {
                status = ReadStatus(member.Value);
            }
            else if (name.SequenceEqual("startTimeStamp"u8))
            {
                start = member.Value;
            }
            else if (name.SequenceEqual("endTimeStamp"u8))
            {
                end = member.Value;
            }
            else if (name.SequenceEqual("expireTimeStamp"u8))
            {
                expiry = member.Value;
            }
        }

        var given = ReadType(type);
        var task = given ?? UpgradeTaskType.Untyped;
        var unreadableBefore = unreadable?.Count ?? 0;
        var startedAt = ReadTime(start, task, "startTimeStamp", ref unreadable);
        var endedAt = ReadTime(end, task, "endTimeStamp", ref unreadable);
        var expiresAt = ReadTime(expiry, task, "expireTimeStamp", ref unreadable);
        var showsNothing =
            given is null
            && taskId is null
            && status is null
            && startedAt is null
            && endedAt is null
            && expiresAt is null
            && (unreadable?.Count ?? 0) == unreadableBefore;
        return showsNothing
            ? null
            : new UpgradeTask
            {
                Type = task,
                TaskId = taskId,
                Status = status ?? UpgradeTaskStatus.NotStarted,
                StartedAt = startedAt,
                EndedAt = endedAt,
                ExpiresAt = expiresAt,
            };
    }

    private static List<TaskDependency> ReadLines(JsonElement lines, out int leftOut)
    {
        var dependencies = new List<TaskDependency>(Capacity(lines));
        leftOut = 0;
        foreach (var line in Entries(lines))
        {
            if (dependencies.Count == MaxEntries)
            {
                leftOut++;
                continue;
            }

            UpgradeTaskType? from = null,
                to = null;
            bool? critical = null;
            foreach (var member in Members(line))
            {
                var name = JsonStrings.Name(member);
                if (name.SequenceEqual("startPoint"u8))
                {
                    from = ReadEnd(member.Value);
                }
                else if (name.SequenceEqual("endPoint"u8))
                {
                    to = ReadEnd(member.Value);
                }
                else if (name.SequenceEqual("critical"u8))
                {
                    critical = ReadFlag(member.Value);
                }
            }

            if (from is not null || to is not null)
            {
                dependencies.Add(
                    new TaskDependency(from ?? UpgradeTaskType.Untyped, to ?? UpgradeTaskType.Untyped) { Critical = critical }
                );
            }
        }

        return dependencies;
    }

    /// <summary>Upstream's SDKs disagree about the type: some have a boolean, some a text.</summary>
    private static bool? ReadFlag(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when bool.TryParse(JsonStrings.Scalar(element, MaxTextLength), out var flag) => flag,
            _ => null,
        };

    private static int Capacity(JsonElement entries) =>
        entries.ValueKind == JsonValueKind.Array ? Math.Min(entries.GetArrayLength(), MaxEntries) : 1;

    private static UpgradeTaskType? ReadEnd(JsonElement end) =>
        ReadType(end.ValueKind == JsonValueKind.Object ? ForeignJson.Member(end, "taskType"u8) : end);

    /// <summary>Known values need no string of their own.</summary>
    private static UpgradeTaskType? ReadType(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            var raw = JsonStrings.Raw(element);
            if (raw.SequenceEqual("PreCheck"u8))
            {
                return UpgradeTaskType.PreCheck;
            }

            if (raw.SequenceEqual("Snapshot"u8))
            {
                return UpgradeTaskType.Snapshot;
            }

            if (raw.SequenceEqual("Cluster"u8))
            {
                return UpgradeTaskType.Cluster;
            }

            if (raw.SequenceEqual("PostCheck"u8))
            {
                return UpgradeTaskType.PostCheck;
            }

            if (raw.SequenceEqual("Rollback"u8))
            {
                return UpgradeTaskType.Rollback;
            }
        }

        return JsonStrings.Scalar(element, MaxTextLength) is { } text ? new UpgradeTaskType(text) : null;
    }

    private static UpgradeTaskStatus? ReadStatus(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            var raw = JsonStrings.Raw(element);
            if (raw.SequenceEqual("Success"u8))
            {
                return UpgradeTaskStatus.Success;
            }

            if (raw.SequenceEqual("Running"u8))
            {
                return UpgradeTaskStatus.Running;
            }

            if (raw.SequenceEqual("Failed"u8))
            {
                return UpgradeTaskStatus.Failed;
            }

            if (raw.SequenceEqual("Queuing"u8))
            {
                return UpgradeTaskStatus.Queuing;
            }

            if (raw.SequenceEqual("Init"u8))
            {
                return UpgradeTaskStatus.Init;
            }
        }

        // An object or an array is no status that has a name, yet it is not "not started".
        return element.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? new UpgradeTaskStatus("Unknown")
            : JsonStrings.Scalar(element, MaxTextLength) is { } text ? new UpgradeTaskStatus(text)
            : null;
    }

    private static WorkflowPhase ReadPhase(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            var raw = JsonStrings.Raw(element);
            if (raw.SequenceEqual("Running"u8))
            {
                return WorkflowPhase.Running;
            }

            if (raw.SequenceEqual("Pending"u8))
            {
                return WorkflowPhase.Pending;
            }

            if (raw.SequenceEqual("Success"u8))
            {
                return WorkflowPhase.Success;
            }

            if (raw.SequenceEqual("Init"u8))
            {
                return WorkflowPhase.Init;
            }
        }

        return new WorkflowPhase(JsonStrings.Scalar(element, MaxTextLength) ?? "");
    }

    private static DateTimeOffset? ReadTime(JsonElement element, UpgradeTaskType? task, string field, ref List<UnreadableTime>? unreadable)
    {
        if (element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }

        DateTimeOffset? instant = null;
        var readable = false;
        if (element.ValueKind == JsonValueKind.String)
        {
            var raw = JsonStrings.Raw(element);
            readable =
                raw.IndexOf((byte)'\\') < 0 && UpstreamTimestamp.TryParse(raw, out instant)
                || UpstreamTimestamp.TryParse(JsonStrings.Unescape(raw), out instant);
        }

        if (!readable)
        {
            var text =
                element.ValueKind == JsonValueKind.String
                    ? JsonStrings.Unescape(JsonStrings.Raw(element))
                    : Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(element));
            (unreadable ??= []).Add(new UnreadableTime(task, field, JsonStrings.Cut(text, MaxUnreadableLength)));
        }

        return instant;
    }

    /// <summary>The document's members that say something; undefined where it lacks them, of a repeated one the last.</summary>
    private readonly record struct Parts(JsonElement Metadata, JsonElement Spec, JsonElement Status)
    {
        public bool IsWorkflow => Spec.ValueKind == JsonValueKind.Object || Status.ValueKind == JsonValueKind.Object;

        public static Parts Of(JsonElement root)
        {
            JsonElement metadata = default,
                spec = default,
                status = default;
            foreach (var member in root.EnumerateObject())
            {
                var name = JsonStrings.Name(member);
                if (name.SequenceEqual("metadata"u8))
                {
                    metadata = member.Value;
                }
                else if (name.SequenceEqual("spec"u8))
                {
                    spec = member.Value;
                }
                else if (name.SequenceEqual("status"u8))
                {
                    status = member.Value;
                }
            }

            return new Parts(metadata, spec, status);
        }
    }

    /// <summary>The members of an object; of anything else none.</summary>
    private static JsonElement.ObjectEnumerator Members(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : default;

    /// <summary>The entries of an array; one object stands for an array of one, anything else for an empty one.</summary>
    private static EntryEnumerable Entries(JsonElement element) => new(element);

    private readonly struct EntryEnumerable(JsonElement element)
    {
        public EntryEnumerator GetEnumerator() => new(element);
    }

    private struct EntryEnumerator(JsonElement element)
    {
        private JsonElement.ArrayEnumerator _array = element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : default;
        private bool _single = element.ValueKind == JsonValueKind.Object;
        private bool _onSingle;

        public readonly JsonElement Current => _onSingle ? element : _array.Current;

        public bool MoveNext()
        {
            if (_single)
            {
                _single = false;
                return _onSingle = true;
            }

            _onSingle = false;
            return _array.MoveNext();
        }
    }
}
