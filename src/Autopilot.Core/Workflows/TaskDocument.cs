using System.Text;
using System.Text.Json;

namespace Autopilot.Core.Workflows;

/// <summary>
/// Reads why a task failed from upstream's document about the task: failed items of a pre-check, phase and progress of an upgrade. It is as
/// tolerant as <see cref="WorkflowDocument"/>. One object may stand where an array is meant. Unknown groups and levels are kept as they
/// came, and what cannot be read is left out.
/// </summary>
public static class TaskDocument
{
    /// <summary>Most details of one failure.</summary>
    public const int MaxDetails = TaskFailures.MaxKept;

    /// <summary>Most bytes of one detail's texts together, in UTF-8.</summary>
    public const int MaxDetailBytes = 1024;

    private const int MaxCodes = 8;
    private const int MaxRisks = 8;

    /// <summary>Nodes that one detail names: what the other risks of the item are must have room, too.</summary>
    private const int MaxNodes = 5;

    private const string DeprecatedApi = "deprecated API ";

    // Longer text is cut before anything else reads it, so that the work on one text has a bound.
    private const int MaxTextLength = 2048;

    /// <summary>
    /// Reads a pre-check task (<c>operation/precheck/tasks/{id}</c>). The worst items come first, each once for all of its nodes; the
    /// task's own message stands in where no item has failed.
    /// </summary>
    /// <param name="utf8">The document.</param>
    /// <param name="clean">Redacts upstream's texts before they are stored; applied to each text before it is cut.</param>
    /// <returns>Null while the document does not show an end: it is older than the failure.</returns>
    /// <exception cref="InvalidDocumentException">It is not JSON, not an object, or has no <c>status</c>.</exception>
    public static FailureReport? ReadPreCheck(ReadOnlyMemory<byte> utf8, Func<string, string?>? clean = null)
    {
        using var document = ForeignJson.ParseObject(utf8);
        var status = Status(document.RootElement);
        if (ForeignJson.Text(status, "phase"u8, MaxTextLength) is "Init" or "Queuing" or "Running")
        {
            return null;
        }

        var (items, worst) = WorstItems(CollectAll(status, withRisks: false), MaxDetails, clean);
        return items == 0
            ? new FailureReport(Text(status, "message"u8, clean) is { } message ? [Own(UpgradeTaskType.PreCheck, message)] : [])
            : new FailureReport(worst, items - worst.Length);
    }

    /// <summary>
    /// Reads the document of a task for its progress: the word of an upgrade, the items of a pre-check that have not passed, and those that
    /// the user skipped.
    /// </summary>
    /// <inheritdoc cref="ReadPreCheck"/>
    public static ProgressReport ReadProgress(ReadOnlyMemory<byte> utf8, Func<string, string?>? clean = null)
    {
        using var document = ForeignJson.ParseObject(utf8);
        var status = Status(document.RootElement);
        var ended = ForeignJson.Text(status, "phase"u8, MaxTextLength) is "Success" or "Failed" or "Error";
        var skipped = ForeignJson
            .Objects(ForeignJson.Member(ForeignJson.Member(document.RootElement, "spec"u8), "skippedCheckItemList"u8))
            .Select(item => Text(item, "name"u8, clean))
            .OfType<string>()
            .ToHashSet();
        var open = CollectAll(status, withRisks: ended);
        open.RemoveAll(item => Text(item.Item, "name"u8, clean) is { } name && skipped.Contains(name));
        var (items, worst) = WorstItems(open, RunProgress.MaxItems, clean);
        return new ProgressReport(
            Word(status, clean),
            worst,
            items - worst.Length,
            [.. skipped.Take(RunProgress.MaxItems).Select(name => JsonStrings.Cut(name, RunProgress.MaxWord))],
            Math.Max(0, skipped.Count - RunProgress.MaxItems),
            ended
        );
    }

    internal static string? Word(JsonElement status, Func<string, string?>? clean) =>
        Text(status, "progress"u8, clean) is { } word ? JsonStrings.Cut(word, RunProgress.MaxWord) : null;

    /// <param name="withRisks">Whether a risk that is no success counts, too: an ended check has accepted it.</param>
    private static List<FailedItem> CollectAll(JsonElement status, bool withRisks)
    {
        var failed = new List<FailedItem>();
        foreach (var check in ForeignJson.Objects(ForeignJson.Member(status, "clusterCheckStatus"u8)))
        {
            Collect(failed, ForeignJson.Member(check, "itemsStatus"u8), null, withRisks);
        }

        foreach (var check in ForeignJson.Objects(ForeignJson.Member(status, "addonCheckStatus"u8)))
        {
            Collect(failed, ForeignJson.Member(check, "itemsStatus"u8), null, withRisks);
        }

        foreach (var check in ForeignJson.Objects(ForeignJson.Member(status, "nodeCheckStatus"u8)))
        {
            Collect(failed, ForeignJson.Member(check, "itemsStatus"u8), null, withRisks);
            foreach (var stage in ForeignJson.Objects(ForeignJson.Member(check, "nodeStageStatus"u8)))
            {
                var node = ForeignJson.Member(stage, "nodeInfo"u8);
                Collect(
                    failed,
                    ForeignJson.Member(stage, "itemsStatus"u8),
                    Text(node, "name"u8, null) ?? Text(node, "uid"u8, null),
                    withRisks
                );
            }
        }

        return failed;
    }

    /// <summary>How many items there are, each once for all of its nodes, and the worst of them.</summary>
    private static (int Items, FailureDetail[] Worst) WorstItems(List<FailedItem> failed, int most, Func<string, string?>? clean)
    {
        // A stable sort: equals keep the document's order.
        var items = ByItem(
            failed
                .OrderBy(item => item.Rank)
                .ThenBy(item => item.Group.Length == 0)
                .ThenBy(item => item.Group, StringComparer.Ordinal)
                .ThenBy(item => item.Name, StringComparer.Ordinal)
                .ThenBy(item => item.Node, StringComparer.Ordinal)
        );
        return (items.Count, [.. MostDifferent(items, most).Select(item => Detail(item, clean))]);
    }

    /// <summary>Whether a risk source of a detail is a deprecated API that is in use.</summary>
    internal static bool IsDeprecatedApi(string riskSource) => riskSource.StartsWith(DeprecatedApi, StringComparison.Ordinal);

    /// <summary>
    /// Joins what failed on several nodes into one item, so that one broken item on many nodes leaves room for others. The same name stands
    /// for two items where the messages show two documented causes.
    /// </summary>
    private static List<List<FailedItem>> ByItem(IEnumerable<FailedItem> failed)
    {
        var items = new List<List<FailedItem>>();
        var byKey = new Dictionary<(string Name, string Group, string? Level, string? Kind, string? Cause), List<FailedItem>>();
        foreach (var item in failed)
        {
            if (item.Node is null)
            {
                items.Add([item]);
                continue;
            }

            var message = Text(item.Item, "message"u8, null);
            var cause = item.Name.Length == 0 ? message : CheckItemCatalog.FragmentIn(message)?.Fragment;
            var key = (item.Name, item.Group, Text(item.Item, "level"u8, null), Text(item.Item, "kind"u8, null), cause);
            if (byKey.TryGetValue(key, out var known))
            {
                known.Add(item);
            }
            else
            {
                items.Add(byKey[key] = [item]);
            }
        }

        return items;
    }

    /// <summary>
    /// As many as are kept, in their order. Where there are more, an item that is there many times stands back behind each other item.
    /// </summary>
    private static IEnumerable<List<FailedItem>> MostDifferent(List<List<FailedItem>> items, int most)
    {
        if (items.Count <= most)
        {
            return items;
        }

        var times = new Dictionary<(string, string), int>();
        return items
            .Select((item, place) => (Item: item, Place: place, Time: Next((item[0].Name, item[0].Group))))
            .OrderBy(item => item.Time)
            .ThenBy(item => item.Place)
            .Take(most)
            .OrderBy(item => item.Place)
            .Select(item => item.Item);

        int Next((string, string) key) => times[key] = times.GetValueOrDefault(key) + 1;
    }

    /// <summary>
    /// Reads an upgrade task (<c>operation/upgrade/tasks/{id}</c>): one detail with its phase and progress, as upstream gives no message.
    /// </summary>
    /// <inheritdoc cref="ReadPreCheck"/>
    public static FailureReport? ReadUpgrade(ReadOnlyMemory<byte> utf8, Func<string, string?>? clean = null)
    {
        using var document = ForeignJson.ParseObject(utf8);
        var status = Status(document.RootElement);
        var phase = Text(status, "phase"u8, clean);
        if (phase is "Init" or "Queuing" or "Running" or "Success")
        {
            return null;
        }

        return Own(UpgradeTaskType.Cluster, phase, Text(status, "progress"u8, clean), Text(status, "message"u8, clean)) is { } detail
            ? new FailureReport([detail])
            : FailureReport.Nothing;
    }

    /// <summary>
    /// What a task says of itself: its phase, its progress, whose scale is not documented and which is kept as it came, and its message.
    /// Null without a phase and a message.
    /// </summary>
    internal static FailureDetail? Own(UpgradeTaskType type, string? phase, string? progress, string? message)
    {
        var shown = phase is null
            ? null
            : $"phase {CutBytes(phase, 64)}{(progress is null ? "" : $" at progress {CutBytes(progress, 32)}")}";
        var texts = new[] { shown, message }.OfType<string>().ToList();
        return texts.Count == 0 ? null : Own(type, string.Join(": ", texts));
    }

    /// <summary>What the task says of itself, and not of one of its items, is named as the task.</summary>
    private static FailureDetail Own(UpgradeTaskType type, string message) =>
        new() { Name = type.Value, Message = CutBytes(message, MaxDetailBytes - type.Value.Length) };

    private static void Collect(List<FailedItem> failed, JsonElement items, string? node, bool withRisks)
    {
        foreach (var item in ForeignJson.Objects(items))
        {
            var phase = ForeignJson.Text(item, "phase"u8, MaxTextLength);
            var isRisk = withRisks && phase is not ("Success" or null) && ForeignJson.Text(item, "kind"u8, MaxTextLength) is "Risk";
            if (isRisk || phase is "Failed" or "Error")
            {
                var level = Text(item, "level"u8, null);
                failed.Add(
                    new FailedItem(
                        item,
                        level switch
                        {
                            "Fatal" => 0,
                            "Warning" => 1,
                            "Info" => 2,
                            null => 4,
                            _ => 3,
                        },
                        Text(item, "group"u8, null) ?? "",
                        Text(item, "name"u8, null) ?? "",
                        node
                    )
                );
            }
        }
    }

    /// <param name="failed">One item, or one item of each node that it failed on.</param>
    /// <param name="clean">Redacts upstream's texts.</param>
    private static FailureDetail Detail(List<FailedItem> failed, Func<string, string?>? clean)
    {
        var item = failed[0].Item;
        var room = MaxDetailBytes;
        var name = Spend(Text(item, "name"u8, clean), 160, ref room) ?? "(unnamed)";
        var kind = Spend(Text(item, "kind"u8, clean), 32, ref room);
        var group = Spend(Text(item, "group"u8, clean), 48, ref room);
        var level = Spend(Text(item, "level"u8, clean), 32, ref room);
        var codes = new List<string>();
        foreach (var code in CodesOf(failed, clean))
        {
            if (codes.Count < MaxCodes && Spend(code, 48, ref room) is { } text)
            {
                codes.Add(text);
            }
        }

        var risks = Risks(failed, clean);
        var said = failed.Select(one => Text(one.Item, "message"u8, clean)).FirstOrDefault(text => text is not null);
        var message = Spend(said, risks.Count == 0 ? room : room * 2 / 3, ref room);
        var sources = new List<string>();
        foreach (var risk in risks)
        {
            // What remains of a sentence must still say something.
            if (room >= 16 && Spend(risk, room, ref room) is { } text)
            {
                sources.Add(text);
            }
        }

        return new FailureDetail
        {
            Name = name,
            Kind = kind,
            Group = group,
            Level = level,
            Message = message,
            ErrorCodes = codes,
            RiskSources = sources.Count == 0 ? null : sources,
            Nodes = failed[0].Node is null ? null : NodesOf(failed).Count(),
        };
    }

    private static IEnumerable<string> NodesOf(List<FailedItem> failed) =>
        failed.Select(item => item.Node).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>The codes in their order: of several nodes each code once.</summary>
    private static IEnumerable<string?> CodesOf(List<FailedItem> failed, Func<string, string?>? clean)
    {
        var codes = failed
            .SelectMany(item => ForeignJson.Values(ForeignJson.Member(item.Item, "errorCodes"u8)))
            .Select(code => Clean(JsonStrings.Scalar(code, MaxTextLength), clean));
        return failed.Count == 1 ? codes : codes.Distinct();
    }

    /// <summary>Where upstream sees the risk, each as a short sentence without a full stop.</summary>
    private static List<string> Risks(List<FailedItem> failed, Func<string, string?>? clean)
    {
        var risks = new List<string>();
        foreach (var name in NodesOf(failed).Take(MaxNodes))
        {
            if (Clean(name, clean) is { } node)
            {
                risks.Add($"node {node}");
            }
        }

        foreach (var source in ForeignJson.Objects(ForeignJson.Member(failed[0].Item, "riskSource"u8)))
        {
            Add(
                risks,
                ForeignJson.Member(source, "deprecatedAPIRisks"u8),
                risk =>
                    Text(risk, "url"u8, clean) is { } url
                        ? Text(risk, "userAgent"u8, clean) is { } agent
                            ? $"{DeprecatedApi}{url}, called by {agent}"
                            : $"{DeprecatedApi}{url}"
                        : null
            );
            Add(
                risks,
                ForeignJson.Member(source, "addonRisks"u8),
                risk => (Text(risk, "alias"u8, clean) ?? Text(risk, "addonTemplateName"u8, clean)) is { } addon ? $"add-on {addon}" : null
            );
            Add(risks, ForeignJson.Member(source, "nodeRisks"u8), risk => Text(risk, "NodeID"u8, clean) is { } id ? $"node {id}" : null);
            Add(risks, ForeignJson.Member(source, "configurationRisks"u8), risk => Configuration(risk, clean));
        }

        return risks;
    }

    private static void Add(List<string> risks, JsonElement entries, Func<JsonElement, string?> sentence)
    {
        foreach (var entry in ForeignJson.Objects(entries))
        {
            if (risks.Count < MaxRisks && sentence(entry) is { } risk)
            {
                risks.Add(risk);
            }
        }
    }

    private static string? Configuration(JsonElement risk, Func<string, string?>? clean)
    {
        var field = Text(risk, "field"u8, clean);
        var place = string.Join(
            ' ',
            new[] { Text(risk, "package"u8, clean), Text(risk, "sourceFile"u8, clean), Text(risk, "nodeMsg"u8, clean) }.OfType<string>()
        );
        if (field is null && place.Length == 0)
        {
            return null;
        }

        var what =
            field is null ? $"configuration of {place}"
            : place.Length == 0 ? $"configuration {field}"
            : $"configuration {field} of {place}";
        var operation = Text(risk, "operation"u8, clean) is { } verb ? $" ({verb})" : "";
        return (Text(risk, "value"u8, clean), Text(risk, "originalValue"u8, clean)) switch
        {
            ({ } value, { } original) => $"{what} is {value} in place of {original}{operation}",
            ({ } value, null) => $"{what} is {value}{operation}",
            (null, { } original) => $"{what} is no longer {original}{operation}",
            _ => $"{what} was changed{operation}",
        };
    }

    private static JsonElement Status(JsonElement root) =>
        ForeignJson.Member(root, "status"u8) is { ValueKind: JsonValueKind.Object } status
            ? status
            : throw new InvalidDocumentException("The answer is JSON, but no task: it has no 'status'.");

    /// <summary>A text on one line, redacted; null where there is none.</summary>
    internal static string? Text(JsonElement element, ReadOnlySpan<byte> name, Func<string, string?>? clean) =>
        Clean(ForeignJson.Text(element, name, MaxTextLength), clean);

    /// <summary>On one line, without control or formatting characters: the text will stand in a sentence.</summary>
    private static string? Clean(string? text, Func<string, string?>? clean)
    {
        if ((text is null || clean is null ? text : clean(text)) is not { } cleaned)
        {
            return null;
        }

        var line = new StringBuilder(cleaned.Length);
        foreach (var rune in cleaned.EnumerateRunes())
        {
            if (
                !Rune.IsWhiteSpace(rune)
                && !Rune.IsControl(rune)
                && Rune.GetUnicodeCategory(rune) != System.Globalization.UnicodeCategory.Format
            )
            {
                line.Append(rune);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString().TrimEnd() is { Length: > 0 } shown ? shown : null;
    }

    private static string? Spend(string? text, int most, ref int room)
    {
        if (text is null || CutBytes(text, Math.Min(most, room)) is not { Length: > 0 } cut)
        {
            return null;
        }

        room -= Encoding.UTF8.GetByteCount(cut);
        return cut;
    }

    /// <summary>Cuts to so many bytes of UTF-8 at a character's boundary; what was cut ends in <c>…</c>.</summary>
    internal static string CutBytes(string text, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }

        const int Mark = 3;
        var (length, bytes) = (0, Mark);
        foreach (var rune in text.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > maxBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return length == 0 ? "" : $"{text.AsSpan(0, length).TrimEnd()}…";
    }

    private readonly record struct FailedItem(JsonElement Item, int Rank, string Group, string Name, string? Node);
}
