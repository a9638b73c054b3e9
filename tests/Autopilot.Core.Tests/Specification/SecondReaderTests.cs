using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Autopilot.Core.Tests.Workflows;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Core.Tests.Specification;

/// <summary>
/// The product against the second reading, over generated histories. <c>AUTOPILOT_HISTORIES</c> sets how many; a difference is shrunk to
/// the fewest observations, points and lines that still show it.
/// </summary>
public sealed class SecondReaderTests
{
    private const int Ordinary = 2000;

    private static readonly IReadOnlyList<BaselineRow> Rows =
    [
        new("PreCheck", "v1.28", 5, 60, 90, 120),
        new("Cluster", null, 7, 700, 900, 1100),
        new("Cluster", "v1.28", 4, 800, 1000, 1500),
        new("PostCheck", null, 4, 30, 40, 50),
        new("Rollback", "v1.28", 2, 10, 20, 30),
    ];

    private static readonly Baseline Known = BaselineRow.All(Rows);

    [Fact]
    public void Product_agrees_with_the_second_reading()
    {
        var histories = int.TryParse(
            Environment.GetEnvironmentVariable("AUTOPILOT_HISTORIES"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var asked
        )
            ? asked
            : Ordinary;
        var kinds = new ConcurrentDictionary<string, (int Count, int Seed, Script Script)>();
        Parallel.For(
            0,
            histories,
            seed =>
            {
                var script = HistoryGenerator.Make(seed);
                foreach (
                    var length in new[] { script.Steps.Count / 3, script.Steps.Count * 2 / 3, script.Steps.Count }
                        .Where(n => n > 0)
                        .Distinct()
                )
                {
                    var part = script with { Steps = [.. script.Steps.Take(length)] };
                    if (part.Steps.Any(s => s.Phase != "NotFound") && KindOf(part) is { } kind)
                    {
                        _ = kinds.AddOrUpdate(
                            kind,
                            (1, seed, part),
                            (_, known) => (known.Count + 1, known.Seed, known.Script.Steps.Count <= length ? known.Script : part)
                        );
                    }
                }
            }
        );
        Assert.True(kinds.IsEmpty, Report(kinds));
    }

    /// <summary>Each kind of history in which observations, not upstream's times, have to say what was.</summary>
    [Theory]
    [InlineData("6:20 Running: Cluster =Pause #c1 6:10..", "6:10 person, 6:20 unknown")]
    [InlineData(
        "6:11 Running: Cluster =Running #c1 6:10..\n"
            + "6:30 Running: Cluster =Pause #c1 6:10..\n"
            + "6:31 Running: Cluster =Pause #c1 6:10..",
        "6:10 person, 6:11 work, 6:30 unknown, 6:31 blocked"
    )]
    [InlineData("6:20 Running: Cluster =Strange #c1 6:10..\n6:21 Running: Cluster =Strange #c1 6:10..", "6:10 person, 6:21 unknown")]
    [InlineData(
        "6:20 Running: Cluster =Queuing #c1 6:05..6:07\n" + "6:21 Running: Cluster =Queuing #c1 6:05..6:07",
        "6:05 person, 6:07 work, 6:20 unknown, 6:21 queue"
    )]
    [InlineData("6:20 Running: Cluster =Failed #c1 6:05..", "6:05 person, 6:20 unknown")]
    [InlineData(
        "6:20 Running:\n" + "6:21 Running: Cluster =Failed #c1 6:05..\n" + "6:22 Running: Cluster =Failed #c1 6:05..",
        "6:05 person, 6:21 work, 6:22 blocked"
    )]
    [InlineData("6:20 Running: Cluster =Failed #c1 ..6:07", "6:07 unknown, 6:20 blocked")]
    [InlineData("6:20 Running: Cluster =Running #c1\n6:21 Running: Cluster =Running #c1", "6:20 unknown, 6:21 work")]
    [InlineData(
        "6:20 Running: PreCheck =Failed #p1 6:05..6:07\n" + "6:21 Running: PreCheck\n" + "6:22 Running: PreCheck",
        "6:05 person, 6:07 work, 6:20 blocked, 6:22 person"
    )]
    [InlineData(
        "6:20 Running: Cluster =Running #c1 6:05..\n" + "6:21 Running: Cluster\n" + "6:22 Running: Cluster",
        "6:05 person, 6:20 work, 6:22 person"
    )]
    [InlineData("6:20 Running: Cluster =Queuing #c1\n6:50 Running: Cluster =Queuing #c1", "6:20 unknown, 6:50 queue")]
    [InlineData(
        "6:20 Running: Cluster =Failed #c1 6:05..6:07\n"
            + "6:50 Running: Cluster =Queuing #c1\n"
            + "6:51 Running: Cluster =Running #c1 6:51..",
        "6:05 person, 6:07 work, 6:20 blocked, 6:50 unknown, 6:51 queue"
    )]
    [InlineData(
        "6:20 Running: Cluster =Running #c1 6:05..\n" + "6:50 Running: Cluster =Running #c1 6:40..",
        "6:05 person, 6:20 work, 6:40 unknown, 6:50 work"
    )]
    [InlineData(
        "6:20 Running: Cluster =Running #c1 6:05..\n" + "6:22 Running: Cluster =Running #c1 6:21..",
        "6:05 person, 6:20 work, 6:21 blocked, 6:22 work"
    )]
    [InlineData(
        "6:20 Running: PostCheck =Failed #x\n"
            + "6:21 Running: PostCheck =Failed #x\n"
            + "6:31 Running: Cluster =Success #c1 6:22..6:30, PostCheck",
        "6:20 unknown, 6:21 blocked, 6:22 person, 6:30 work, 6:31 person"
    )]
    public void Time_is_split_by_what_was_seen(string history, string course)
    {
        var (product, reading) = Answers(Script.Parse(history));
        Assert.Equal((course, course), (product["time"], reading["time"]));
    }

    private static string Report(IEnumerable<KeyValuePair<string, (int Count, int Seed, Script Script)>> kinds)
    {
        var report = new StringBuilder();
        foreach (var (kind, found) in kinds.OrderByDescending(k => k.Value.Count).Take(40))
        {
            var least = Shrink(found.Script, kind);
            var (product, reading) = Answers(least);
            _ = report.Append(CultureInfo.InvariantCulture, $"\n=== {kind} ({found.Count} times, seed {found.Seed})\n{least}\n");
            foreach (var field in product.Keys.Where(f => product[f] != reading[f]))
            {
                _ = report.Append(CultureInfo.InvariantCulture, $"  {field}: product {product[field]}, second reading {reading[field]}\n");
            }
        }

        return report.ToString();
    }

    /// <summary>The first field in which they differ, with the answers where these are words.</summary>
    private static string? KindOf(Script script)
    {
        var (product, reading) = Answers(script);
        foreach (var field in product.Keys)
        {
            if (product[field] != reading[field])
            {
                return field switch
                {
                    "since" or "attempts" => $"{field} of {product["blocking"]}",
                    "time" => FirstDifference(product[field], reading[field]),
                    _ => $"{field}: {product[field]} / {reading[field]}",
                };
            }
        }

        return null;
    }

    /// <summary>What each says of the first stretch of time in which they differ.</summary>
    private static string FirstDifference(string product, string reading)
    {
        var (of, other) = (product.Split(", "), reading.Split(", "));
        var at = Enumerable.Range(0, Math.Min(of.Length, other.Length)).FirstOrDefault(i => of[i] != other[i]);
        return $"time: {of[at].Split(' ')[^1]} / {other[at].Split(' ')[^1]}";
    }

    private static (Dictionary<string, string> Product, Dictionary<string, string> Reading) Answers(Script script)
    {
        static string At(DateTimeOffset? at) => at is { } known ? Script.Clock(known) : "-";
        var row = Replay(script);
        var summary = WorkflowSummarizer.Summarize(row, Known, Script.Day, TimeSpan.FromMinutes(1));
        var reading = SecondReader.Of(script.Sightings, Rows, SpecificationTests.Interval);
        var attempts = summary.Tasks.Where(t => t.Attempts > 0).Select(t => $"{t.Type} {t.Attempts}").Order(StringComparer.Ordinal);
        return (
            new()
            {
                ["clusterIs"] = $"{summary.ClusterIs}",
                ["blocking"] = summary.BlockingTask is { } b ? $"{b.Type} {b.Reason}" : "-",
                ["assessment"] = $"{summary.Assessment}",
                ["since"] = At(summary.BlockingTask?.Since),
                ["progress"] = $"{summary.Progress?.Completed}/{summary.Progress?.Total}",
                ["attempts"] = string.Join(", ", attempts),
                ["actions"] = string.Join(", ", summary.Actions.Where(IsAlwaysListed).OrderBy(a => a.Action).Select(Shown)),
                ["time"] = Course(
                    summary.Time is null
                        ? null
                        : TimeSegments.Of(WorkflowAnalysis.Of(row, Known)!).Select(s => (s.To, $"{s.Kind}".ToLowerInvariant()))
                ),
            },
            new()
            {
                ["clusterIs"] = reading.ClusterIs,
                ["blocking"] = reading.Reason is null ? "-" : $"{reading.BlockingTask} {reading.Reason}",
                ["assessment"] = reading.Assessment,
                ["since"] = At(reading.Since),
                ["progress"] = $"{reading.Completed}/{reading.Total}",
                ["attempts"] = string.Join(", ", reading.Attempts.Select(a => $"{a.Key} {a.Value}").Order(StringComparer.Ordinal)),
                ["actions"] = string.Join(", ", reading.Actions),
                ["time"] = Course(reading.Time?.Parts.Select(p => (p.To, p.Kind))),
            }
        );
    }

    private static bool IsAlwaysListed(WorkflowAction action) => action.Action <= UpgradeAction.Cancel;

    private static string Shown(WorkflowAction action) =>
        $"{action.Action} "
        + (action.Allowed, action.Basis) switch
        {
            (ActionAllowed.Yes, ActionBasis.Documented) => "yes",
            (ActionAllowed.Yes, _) => "(yes)",
            (ActionAllowed.No, ActionBasis.Documented) => "no",
            (ActionAllowed.No, _) => "(no)",
            _ => "?",
        };

    /// <summary>Until when it was what, as <c>6:20 person, 6:31 work</c>; the last part of several of one kind that adjoin.</summary>
    private static string Course(IEnumerable<(DateTimeOffset To, string Kind)>? parts)
    {
        if (parts is null)
        {
            return "-";
        }

        var course = new List<(DateTimeOffset To, string Kind)>();
        foreach (var part in parts)
        {
            if (course is [.., var last] && last.Kind == part.Kind)
            {
                course[^1] = part;
            }
            else
            {
                course.Add(part);
            }
        }

        return string.Join(", ", course.Select(p => $"{Script.Clock(p.To)} {p.Kind}"));
    }

    private static TrackedWorkflow Replay(Script script)
    {
        var row = WorkflowReplay.New();
        foreach (var sighting in script.Sightings)
        {
            var missed = sighting.Document is null ? (row.Failure?.Count ?? 0) + 1 : 0;
            row = sighting.Document is { } document
                ? WorkflowReplay.Observe(
                    row with
                    {
                        Failure = null,
                        GoneSince = null,
                    },
                    Encoding.UTF8.GetBytes(document),
                    sighting.At,
                    SpecificationTests.Interval(row.State?.Phase.ToString())
                )
                : row with
                {
                    Failure = new PollFailure(UpstreamFailure.NotFound, "CCE.01404001", "", row.Failure?.Since ?? sighting.At, missed),
                    GoneSince = missed >= 3 ? row.Failure?.Since : null,
                };
        }

        return row;
    }

    private static Script Shrink(Script script, string kind)
    {
        for (var smaller = true; smaller; )
        {
            smaller = false;
            foreach (var candidate in Smaller(script))
            {
                if (candidate.Steps.Any(s => s.Phase != "NotFound") && KindOf(candidate) == kind)
                {
                    (script, smaller) = (candidate, true);
                    break;
                }
            }
        }

        return script;
    }

    private static IEnumerable<Script> Smaller(Script script)
    {
        for (var i = 0; i < script.Steps.Count; i++)
        {
            var (step, at) = (script.Steps[i], i);
            Script With(Script.Step? other) =>
                script with
                {
                    Steps = [.. script.Steps.Take(at), .. other is null ? [] : new[] { other }, .. script.Steps.Skip(at + 1)],
                };
            yield return With(null);
            foreach (var point in step.Points)
            {
                yield return With(step with { Points = [.. step.Points.Where(p => p != point)] });
            }

            foreach (var line in step.Lines)
            {
                yield return With(step with { Lines = [.. step.Lines.Where(l => l != line)] });
            }
        }
    }
}
