using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Autopilot.Core.Tests.Specification;

/// <summary>What one document of upstream states, read without any of the product's code.</summary>
internal sealed partial record SpecifiedSummary(
    string? Phase,
    string? Target,
    DateTimeOffset? Created,
    IReadOnlyList<SpecifiedSummary.Point> Points,
    IReadOnlyList<(string Start, string End)> Lines,
    IReadOnlySet<(string Start, string End)> Critical
)
{
    private static readonly DateTimeOffset FirstTime = new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static SpecifiedSummary Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var status = Member(root, "status");
        return new SpecifiedSummary(
            Text(status, "phase"),
            Text(Member(root, "spec"), "targetVersion"),
            Time(Text(Member(root, "metadata"), "creationTimestamp")),
            [
                .. Many(Member(status, "pointStatuses"))
                    .Where(p => Text(p, "taskType") is not null)
                    .Select(p => new Point(
                        Text(p, "taskType")!,
                        Text(p, "taskID"),
                        Text(p, "status"),
                        Time(Text(p, "startTimeStamp")),
                        Time(Text(p, "endTimeStamp")),
                        Time(Text(p, "expireTimeStamp"))
                    )),
            ],
            [
                .. Many(Member(status, "lineStatuses"))
                    .Select(l => (Start: Text(Member(l, "startPoint"), "taskType"), End: Text(Member(l, "endPoint"), "taskType")))
                    .Where(l => l.Start is not null && l.End is not null)
                    .Select(l => (l.Start!, l.End!)),
            ],
            Many(Member(status, "lineStatuses"))
                .Where(l => IsTrue(Member(l, "critical")))
                .Select(l => (Text(Member(l, "startPoint"), "taskType") ?? "", Text(Member(l, "endPoint"), "taskType") ?? ""))
                .ToHashSet()
        );
    }

    /// <summary>A time in Go's form or RFC 3339; none for what cannot be read and for what lies before 2015.</summary>
    public static DateTimeOffset? Time(string? text)
    {
        var match = TimeForm().Match(text ?? "");
        if (!match.Success)
        {
            return null;
        }

        var fraction = (match.Groups[3].Value + "0000000")[..7];
        var offset = match.Groups[4].Value is "Z"
            ? "+00:00"
            : match.Groups[4].Value.Replace(":", "", StringComparison.Ordinal).Insert(3, ":");
        return
            DateTimeOffset.TryParseExact(
                $"{match.Groups[1].Value} {match.Groups[2].Value}.{fraction} {offset}",
                "yyyy-MM-dd HH:mm:ss.fffffff zzz",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal,
                out var time
            )
            && time >= FirstTime
            ? time
            : null;
    }

    [GeneratedRegex(
        @"^\s*(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?\s*" + @"(Z|[+-]\d\d:?\d\d)(?:\s+[A-Z+-][A-Z0-9+-]*)?(?:\s+m=\S+)?\s*$"
    )]
    private static partial Regex TimeForm();

    private static bool IsTrue(JsonElement? flag) =>
        flag is { ValueKind: JsonValueKind.True }
        || (flag is { ValueKind: JsonValueKind.String } text && "true".Equals(text.GetString(), StringComparison.OrdinalIgnoreCase));

    private static JsonElement? Member(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement? of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.String } value && !string.IsNullOrWhiteSpace(value.GetString())
            ? value.GetString()
            : null;

    private static IEnumerable<JsonElement> Many(JsonElement? of) =>
        of switch
        {
            { ValueKind: JsonValueKind.Array } many => many.EnumerateArray().Where(e => e.ValueKind is JsonValueKind.Object),
            { ValueKind: JsonValueKind.Object } one => [one],
            _ => [],
        };

    /// <summary>One entry of <c>pointStatuses</c>.</summary>
    internal sealed record Point(
        string Type,
        string? Id,
        string? Status,
        DateTimeOffset? Start,
        DateTimeOffset? End,
        DateTimeOffset? Expiry
    )
    {
        public StatusMeaning Stance =>
            Status switch
            {
                null => StatusMeaning.NotStarted,
                "Init" => Id is null ? StatusMeaning.NotStarted : StatusMeaning.Queued,
                "Queuing" => StatusMeaning.Queued,
                "Running" => StatusMeaning.Running,
                "Pause" => StatusMeaning.Paused,
                "Success" => StatusMeaning.Succeeded,
                "Failed" => StatusMeaning.Failed,
                _ => StatusMeaning.Unfamiliar,
            };

        public bool UnderWay =>
            Stance is StatusMeaning.Queued or StatusMeaning.Running or StatusMeaning.Paused
            || (Stance is StatusMeaning.Unfamiliar && (Id is not null || Start is not null));

        public bool Started =>
            Start is not null || Stance is StatusMeaning.Running or StatusMeaning.Paused or StatusMeaning.Succeeded or StatusMeaning.Failed;
    }
}
