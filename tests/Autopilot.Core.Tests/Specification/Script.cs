using System.Globalization;
using System.Text.Json.Nodes;

namespace Autopilot.Core.Tests.Specification;

/// <summary>
/// A history in a few lines of text, one observation a line:
/// <c>6:30 Running: PreCheck =Success #p1 6:10..6:11 x7:11, Cluster =Running #c1 6:20.., PostCheck / PreCheck&gt;Cluster
/// Cluster&gt;PostCheck</c>.
/// <c>PreCheck&gt;Cluster!</c> is a critical line, <c>!!</c> one by a text, <c>~</c> one that is said not to be.
/// Hours count from 2025-12-01 and may exceed 23; the workflow was created at 6:00. A time may also be <c>zero</c>, <c>epoch</c> or
/// <c>odd</c>.
/// </summary>
internal sealed record Script(IReadOnlyList<Script.Step> Steps, string Created = "6:00")
{
    public static readonly DateTimeOffset Day = new(2025, 12, 1, 0, 0, 0, TimeSpan.Zero);

    public IEnumerable<Sighting> Sightings => Steps.Select(s => new Sighting(Time(s.At), s.Phase == "NotFound" ? null : Document(s)));

    public static Script Parse(string text) =>
        new([.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Line)]);

    public static DateTimeOffset Time(string clock)
    {
        var parts = clock.Split(':');
        var seconds = parts.Length > 2 ? decimal.Parse(parts[2], CultureInfo.InvariantCulture) : 0;
        return Day
            + TimeSpan.FromMinutes(
                (int.Parse(parts[0], CultureInfo.InvariantCulture) * 60) + int.Parse(parts[1], CultureInfo.InvariantCulture)
            )
            + TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
    }

    public static string Clock(DateTimeOffset time)
    {
        var of = time - Day;
        var seconds = ((of.Ticks % TimeSpan.TicksPerMinute) / (decimal)TimeSpan.TicksPerSecond).ToString(
            "00.#######",
            CultureInfo.InvariantCulture
        );
        return $"{(int)of.TotalHours}:{of.Minutes:00}" + (seconds == "00" ? "" : $":{seconds}");
    }

    public override string ToString() => string.Join('\n', Steps) + (Created == "6:00" ? "" : $"\n(created {Created})");

    private static Step Line(string line)
    {
        var host = line[..(line.Contains(": ", StringComparison.Ordinal) ? line.IndexOf(": ", StringComparison.Ordinal) : line.Length)]
            .TrimEnd(':')
            .Split(' ', 2);
        var rest = line.Contains(": ", StringComparison.Ordinal) ? line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..] : "";
        var parts = rest.Split('/', 2);
        return new Step(
            host[0],
            host.Length > 1 && host[1] != "-" ? host[1] : null,
            [.. parts[0].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Point)],
            parts.Length < 2
                ? []
                : [.. parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(l => (l.Split('>')[0], l.Split('>')[1]))]
        );
    }

    private static Entry Point(string text)
    {
        var entry = new Entry(text.Split(' ')[0]);
        foreach (var token in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            var range = token.Split("..");
            entry = token[0] switch
            {
                '=' => entry with { Status = token[1..] },
                '#' => entry with { Id = token[1..] },
                'x' => entry with { Expiry = token[1..] },
                _ => entry with { Start = range[0] is "" ? null : range[0], End = range.Length < 2 || range[1] is "" ? null : range[1] },
            };
        }

        return entry;
    }

    private static string? Stamp(string? clock) =>
        clock switch
        {
            null => null,
            "zero" => "0001-01-01 00:00:00 +0000 UTC",
            "epoch" => "1970-01-01 00:00:00 +0000 UTC",
            "odd" => "yesterday",
            _ => Time(clock)
                .ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF +0000 'UTC'", CultureInfo.InvariantCulture)
                .Replace(". ", " ", StringComparison.Ordinal),
        };

    private string Document(Step step)
    {
        static JsonObject Set(JsonObject target, string name, string? value)
        {
            if (value is not null)
            {
                target[name] = value;
            }

            return target;
        }

        static JsonObject Critical(JsonObject line, string mark)
        {
            JsonNode? critical =
                mark.EndsWith("!!", StringComparison.Ordinal) ? "True"
                : mark.EndsWith('!') ? true
                : mark.EndsWith('~') ? false
                : null;
            if (critical is not null)
            {
                line["critical"] = critical;
            }

            return line;
        }

        JsonObject End(string type) => Set([], "taskType", type == "?" ? null : type);
        var points = step.Points.Select(p =>
            (JsonNode)Set(
                Set(
                    Set(Set(Set(Set([], "taskType", p.Type), "taskID", p.Id), "status", p.Status), "startTimeStamp", Stamp(p.Start)),
                    "endTimeStamp",
                    Stamp(p.End)
                ),
                "expireTimeStamp",
                Stamp(p.Expiry)
            )
        );
        var lines = step.Lines.Select(l =>
            (JsonNode)Critical(new JsonObject { ["startPoint"] = End(l.Start), ["endPoint"] = End(l.End.TrimEnd('!', '~')) }, l.End)
        );
        return new JsonObject
        {
            ["kind"] = "WorkFlowTask",
            ["apiVersion"] = "v3",
            ["metadata"] = Set(Set([], "uid", "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1"), "creationTimestamp", Stamp(Created)),
            ["spec"] = new JsonObject { ["clusterVersion"] = "v1.27.8-r0", ["targetVersion"] = "v1.28.6-r0" },
            ["status"] = Set(
                new JsonObject { ["pointStatuses"] = new JsonArray([.. points]), ["lineStatuses"] = new JsonArray([.. lines]) },
                "phase",
                step.Phase
            ),
        }.ToJsonString();
    }

    /// <summary>One observation.</summary>
    internal sealed record Step(string At, string? Phase, IReadOnlyList<Entry> Points, IReadOnlyList<(string Start, string End)> Lines)
    {
        public override string ToString() =>
            $"{At} {Phase ?? "-"}: {string.Join(", ", Points)} / {string.Join(' ', Lines.Select(l => $"{l.Start}>{l.End}"))}";
    }

    /// <summary>One point of an observation.</summary>
    internal sealed record Entry(
        string Type,
        string? Status = null,
        string? Id = null,
        string? Start = null,
        string? End = null,
        string? Expiry = null
    )
    {
        public override string ToString() =>
            Type
            + (Status is null ? "" : $" ={Status}")
            + (Id is null ? "" : $" #{Id}")
            + (Start is null && End is null ? "" : $" {Start}..{End}")
            + (Expiry is null ? "" : $" x{Expiry}");
    }
}
