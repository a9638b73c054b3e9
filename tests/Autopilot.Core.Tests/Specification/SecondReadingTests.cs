using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tests.Workflows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Specification;

/// <summary>
/// The product against the second reading, over generated histories. <c>AUTOPILOT_HISTORIES</c> sets how many; a difference is shrunk to
/// the fewest observations, points and lines that still show it.
/// </summary>
public sealed class SecondReadingTests
{
    private const int Ordinary = 300;

    /// <summary>Hostile histories whose time the two split differently are still open, so it is compared on request.</summary>
    private static readonly bool ComparesTime = Environment.GetEnvironmentVariable("AUTOPILOT_COMPARE_TIME") == "1";

    private static readonly IReadOnlyList<BaselineRow> Rows =
    [
        new("PreCheck", "v1.28", 5, 60, 90, 120),
        new("Cluster", null, 7, 700, 900, 1100),
        new("Cluster", "v1.28", 4, 800, 1000, 1500),
        new("PostCheck", null, 4, 30, 40, 50),
        new("Rollback", "v1.28", 2, 10, 20, 30),
    ];

    private static readonly Baseline Known = new(
        [.. Rows.Select(r => new BaselineEntry(UpgradeTaskType.From(r.Type), r.Minor, new RunTimes(r.Count, r.P50, r.P80, r.P95)))]);

    [Fact]
    public void Product_agrees_with_the_second_reading()
    {
        var histories = int.TryParse(
            Environment.GetEnvironmentVariable("AUTOPILOT_HISTORIES"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : Ordinary;
        var kinds = new ConcurrentDictionary<string, (int Count, int Seed, Script Script)>();
        Parallel.For(0, histories, seed =>
        {
            var script = HistoryGenerator.Make(seed);
            foreach (var length in new[] { script.Steps.Count / 3, script.Steps.Count * 2 / 3, script.Steps.Count }.Where(n => n > 0).Distinct())
            {
                var part = script with { Steps = [.. script.Steps.Take(length)] };
                if (part.Steps.Any(s => s.Phase != "NotFound") && KindOf(part) is { } kind)
                {
                    _ = kinds.AddOrUpdate(kind, (1, seed, part), (_, known) => (known.Count + 1, known.Seed, known.Script.Steps.Count <= length ? known.Script : part));
                }
            }
        });
        Assert.True(kinds.IsEmpty, Report(kinds));
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
            if (product[field] != reading[field] && (field != "time" || ComparesTime))
            {
                return field is "since" or "attempts" or "time" ? $"{field} of {product["blocking"]}" : $"{field}: {product[field]} / {reading[field]}";
            }
        }

        return null;
    }

    private static (Dictionary<string, string> Product, Dictionary<string, string> Reading) Answers(Script script)
    {
        static string At(DateTimeOffset? at) => at is { } known ? Script.Clock(known) : "-";
        var summary = WorkflowSummarizer.Summarize(Replay(script), Known, Script.Day, TimeSpan.FromMinutes(1));
        var reading = Reading.Of(script.Sightings, Rows, SpecificationTests.Interval);
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
                ["time"] = summary.Time is { } t ? Split(t.WorkSeconds, t.QueueSeconds, t.BlockedSeconds, t.PersonSeconds, t.UnknownSeconds) : "-",
            },
            new()
            {
                ["clusterIs"] = reading.ClusterIs,
                ["blocking"] = reading.Reason is null ? "-" : $"{reading.BlockingTask} {reading.Reason}",
                ["assessment"] = reading.Assessment,
                ["since"] = At(reading.Since),
                ["progress"] = $"{reading.Completed}/{reading.Total}",
                ["attempts"] = string.Join(", ", reading.Attempts.Select(a => $"{a.Key} {a.Value}").Order(StringComparer.Ordinal)),
                ["time"] = reading.Time is { } r
                    ? Split(r.Work.TotalSeconds, r.Queue.TotalSeconds, r.Blocked.TotalSeconds, r.Person.TotalSeconds, r.Unknown.TotalSeconds)
                    : "-",
            });
    }

    private static string Split(double work, double queue, double blocked, double person, double unknown) => string.Create(
        CultureInfo.InvariantCulture, $"work {work}, queue {queue}, blocked {blocked}, person {person}, unknown {unknown}");

    private static TrackedWorkflow Replay(Script script)
    {
        var row = WorkflowReplay.New();
        foreach (var sighting in script.Sightings)
        {
            var missed = sighting.Document is null ? (row.Failure?.Count ?? 0) + 1 : 0;
            row = sighting.Document is { } document
                ? WorkflowReplay.Observe(
                    row with { Failure = null, GoneSince = null },
                    Encoding.UTF8.GetBytes(document),
                    sighting.At,
                    SpecificationTests.Interval(row.State?.Phase.ToString()))
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
        for (var smaller = true; smaller;)
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
            Script With(Script.Step? other) => script with { Steps = [.. script.Steps.Take(at), .. other is null ? [] : new[] { other }, .. script.Steps.Skip(at + 1)] };
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
