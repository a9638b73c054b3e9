using System.Text;
using System.Text.Json;

namespace Autopilot.Core.Workflows;

/// <summary>
/// Reads why a task failed from upstream's document about the task: failed items of a pre-check, phase and progress of an upgrade. As
/// tolerant as <see cref="WorkflowDocument"/>: one object may stand where an array is meant, unknown groups and levels are kept as they
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

    // Longer text is cut before anything else reads it, so that the work on one text has a bound.
    private const int MaxTextLength = 2048;

    /// <summary>
    /// Reads a pre-check task (<c>operation/precheck/tasks/{id}</c>). The worst items come first; the task's own message stands in where no
    /// item has failed.
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

        var failed = new List<FailedItem>();
        foreach (var check in ForeignJson.Objects(ForeignJson.Member(status, "clusterCheckStatus"u8)))
        {
            Collect(failed, ForeignJson.Member(check, "itemsStatus"u8), null);
        }

        foreach (var check in ForeignJson.Objects(ForeignJson.Member(status, "addonCheckStatus"u8)))
        {
            Collect(failed, ForeignJson.Member(check, "itemsStatus"u8), null);
        }

        foreach (var check in ForeignJson.Objects(ForeignJson.Member(status, "nodeCheckStatus"u8)))
        {
            Collect(failed, ForeignJson.Member(check, "itemsStatus"u8), null);
            foreach (var stage in ForeignJson.Objects(ForeignJson.Member(check, "nodeStageStatus"u8)))
            {
                var node = ForeignJson.Member(stage, "nodeInfo"u8);
                Collect(failed, ForeignJson.Member(stage, "itemsStatus"u8), Text(node, "name"u8, null) ?? Text(node, "uid"u8, null));
            }
        }

        if (failed.Count == 0)
        {
            return new FailureReport(Text(status, "message"u8, clean) is { } message ? [Own(UpgradeTaskType.PreCheck, message)] : []);
        }

        // A stable sort: equals keep the document's order.
        var worst = failed
            .OrderBy(item => item.Rank)
            .ThenBy(item => item.Group.Length == 0)
            .ThenBy(item => item.Group, StringComparer.Ordinal)
            .ThenBy(item => item.Name, StringComparer.Ordinal)
            .ThenBy(item => item.Node, StringComparer.Ordinal)
            .Take(MaxDetails)
            .Select(item => Detail(item, clean))
            .ToArray();
        return new FailureReport(worst, failed.Count - worst.Length);
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

        var message = Text(status, "message"u8, clean);
        if (phase is null && message is null)
        {
            return FailureReport.Nothing;
        }

        // The scale of the progress is not documented, so it is kept as it came.
        var progress = Text(status, "progress"u8, clean) is { } text ? $" at progress {CutBytes(text, 32)}" : "";
        var shown = phase is null ? null : $"phase {CutBytes(phase, 64)}{progress}";
        return new FailureReport([
            Own(
                UpgradeTaskType.Cluster,
                shown is null ? message!
                    : message is null ? shown
                    : $"{shown}: {message}"
            ),
        ]);
    }

    /// <summary>What the task says of itself, and not of one of its items, is named as the task.</summary>
    private static FailureDetail Own(UpgradeTaskType type, string message) =>
        new() { Name = type.Value, Message = CutBytes(message, MaxDetailBytes - type.Value.Length) };

    private static void Collect(List<FailedItem> failed, JsonElement items, string? node)
    {
        foreach (var item in ForeignJson.Objects(items))
        {
            if (ForeignJson.Text(item, "phase"u8, MaxTextLength) is "Failed" or "Error")
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

    private static FailureDetail Detail(FailedItem failed, Func<string, string?>? clean)
    {
        var item = failed.Item;
        var room = MaxDetailBytes;
        var name = Spend(Text(item, "name"u8, clean), 160, ref room) ?? "(unnamed)";
        var kind = Spend(Text(item, "kind"u8, clean), 32, ref room);
        var group = Spend(Text(item, "group"u8, clean), 48, ref room);
        var level = Spend(Text(item, "level"u8, clean), 32, ref room);
        var codes = new List<string>();
        foreach (var code in ForeignJson.Values(ForeignJson.Member(item, "errorCodes"u8)))
        {
            if (codes.Count < MaxCodes && Spend(Clean(JsonText.Scalar(code, MaxTextLength), clean), 48, ref room) is { } text)
            {
                codes.Add(text);
            }
        }

        var risks = Risks(failed, clean);
        var message = Spend(Text(item, "message"u8, clean), risks.Count == 0 ? room : room * 2 / 3, ref room);
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
        };
    }

    /// <summary>Where upstream sees the risk, each as a short sentence without a full stop.</summary>
    private static List<string> Risks(FailedItem failed, Func<string, string?>? clean)
    {
        var risks = new List<string>();
        if (Clean(failed.Node, clean) is { } node)
        {
            risks.Add($"node {node}");
        }

        foreach (var source in ForeignJson.Objects(ForeignJson.Member(failed.Item, "riskSource"u8)))
        {
            Add(
                risks,
                ForeignJson.Member(source, "deprecatedAPIRisks"u8),
                risk =>
                    Text(risk, "url"u8, clean) is { } url
                        ? Text(risk, "userAgent"u8, clean) is { } agent
                            ? $"deprecated API {url}, called by {agent}"
                            : $"deprecated API {url}"
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

    private static string? Text(JsonElement element, ReadOnlySpan<byte> name, Func<string, string?>? clean) =>
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
    private static string CutBytes(string text, int maxBytes)
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
