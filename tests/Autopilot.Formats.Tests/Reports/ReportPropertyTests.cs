using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Reports;
using Autopilot.Formats.Writing;
using CsCheck;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Autopilot.Formats.Tests.Reports;

/// <summary>Whatever is in a report, what is made of it holds.</summary>
public sealed class ReportPropertyTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.Const("v1.28.6-r0"),
        Gen.Const("[x](https://evil.example) <b> @all ${y} {{z}} https://evil.example www.evil.example mailto:a@evil.example"),
        Gen.String[Gen.Char, 0, 300],
        Gen.String[Gen.Char['\uD800', '\uDFFF'], 0, 200],
        Gen.Int[0, 200].Select(length => string.Concat(Enumerable.Repeat("🚀", length))),
        Gen.Int[0, 300].Select(length => new string('<', length))
    );

    private static readonly Gen<Percentiles?> Times = Gen.OneOf(
        Gen.Const((Percentiles?)null),
        Gen.OneOf(Gen.Double[0, 1], Gen.Double[0, 100_000], Gen.Double[0, 1e9], Gen.Const(0d))
            .Array[4]
            .Select(values =>
            {
                Array.Sort(values);
                return (Percentiles?)new Percentiles(values[0], values[1], values[2], values[3]);
            })
    );

    private static readonly Gen<TaskStatistics> Task = Gen.Select(
        Name,
        Gen.Int[0, 10_000],
        Gen.Int[0, 100],
        Times,
        Times,
        (type, runs, failures, run, wait) => new TaskStatistics(new(type), runs, failures, run, wait)
    );

    private static readonly Gen<ReportPeriod> Figures =
        from counts in Gen.Frequency((9, Gen.Int[0, 40]), (1, Gen.Int[0, 400_000_000])).Array[4]
        from first in Gen.Double[0, 1]
        from times in Times.Array[2]
        from tasks in Task.List[0, 12]
        from failures in Gen.Select(Name, Name, Gen.Int[1, 100], (type, name, count) => new TopFailure(new(type), name, count)).List[
            0,
            ReportBuilder.MaxTopFailures
        ]
        from slowest in Gen.Select(
            Name,
            Name,
            Gen.Double[0, 1e7],
            (id, name, seconds) => new SlowUpgrade(id, id, name, name, WorkflowOutcome.Gone, Reports.From, seconds, seconds)
        ).List[0, ReportBuilder.MaxSlowest]
        let runs = counts.Sum()
        select new ReportPeriod
        {
            From = Reports.From - (Reports.To - Reports.From),
            To = Reports.From,
            Runs = runs,
            Succeeded = counts[0],
            Cancelled = counts[1],
            RolledBack = counts[2],
            Gone = counts[3],
            SuccessRate = runs == 0 ? null : (double)counts[0] / runs,
            FirstTimeSuccessRate = runs == 0 ? null : Math.Floor(first * counts[0]) / runs,
            WatchedRuns = runs,
            WatchedSucceeded = counts[0],
            FirstTimeSuccesses = (int)Math.Floor(first * counts[0]),
            FailedOnTheWay = counts[3],
            BlockedSeconds = times[0]?.Max,
            Time = times[1] is { } time ? new(time.P50, time.P80, time.P95, time.Max, 0) : null,
            TimeRuns = times[1] is null ? 0 : runs,
            RunSeconds = times[0],
            WaitSeconds = times[1],
            Tasks = tasks,
            TopFailures = failures,
            Slowest = slowest,
        };

    private static readonly Gen<UpgradeReport> Report =
        from groupBy in Gen.Int[0, 4].Select(i => ((string[])["none", "month", "week", "targetVersion", "cluster"])[i])
        from statistics in Figures.List[0, 40]
        from names in Name.Array[40]
        from step in Gen.Int[1, 4]
        from total in Figures
        from previous in Gen.OneOf(Gen.Const((ReportPeriod?)null), Figures.Select(period => (ReportPeriod?)period))
        let groups = (groupBy == "none" ? statistics.Take(1) : statistics)
            .Select((one, i) => Group(Key(groupBy, i * step, names[i]), one))
            .DistinctBy(one => one.Key)
            .ToList()
        select new UpgradeReport
        {
            From = Reports.From,
            To = Reports.From.AddYears(4),
            GroupBy = groupBy,
            Groups = groups,
            Total = groups.Count == 0 ? total with { Runs = 0, Succeeded = 0 } : total,
            Previous = previous,
        };

    [Fact]
    public void Pictures_are_whole_xml_of_finite_numbers_with_each_mark_within_its_plot() =>
        Gen.Select(Report, Gen.Enum<ReportChart>())
            .Sample(
                (report, chart) =>
                {
                    var text = Encoding.UTF8.GetString(ReportSvg.Write(report, chart).Span);
                    var svg = XDocument.Parse(text).Root!;

                    Assert.False(string.IsNullOrWhiteSpace(svg.Element(Svg + "title")?.Value));
                    Assert.Contains(" ", svg.Element(Svg + "desc")?.Value, StringComparison.Ordinal);
                    Assert.Equal(ReportSvg.Style, svg.Element(Svg + "style")!.Value);
                    Assert.All(
                        svg.Descendants(),
                        element =>
                            Assert.Contains(element.Name.LocalName, "title desc style g defs pattern path circle rect text line".Split(' '))
                    );
                    Assert.All(
                        svg.DescendantsAndSelf().Attributes(),
                        attribute => Assert.DoesNotContain(attribute.Name.LocalName, "href onload onclick style".Split(' '))
                    );
                    var height = double.Parse(svg.Attribute("height")!.Value, CultureInfo.InvariantCulture);
                    foreach (var panel in svg.Descendants(Svg + "g").Where(group => Class(group) == "panel"))
                    {
                        // Each mark belongs to the last plot that was begun before it.
                        (double X, double Y, double Right, double Bottom) plot = default;
                        foreach (var element in panel.Elements())
                        {
                            if (Class(element) == "plot")
                            {
                                plot = Box(element);
                                Assert.InRange(plot.Bottom, plot.Y, height);
                            }
                            else if (
                                Class(element).StartsWith("bar ", StringComparison.Ordinal)
                                || (element.Name == Svg + "rect" && Class(element) is "band" or "hit")
                            )
                            {
                                var (x, y, right, bottom) = Box(element);
                                Assert.True(
                                    x >= plot.X - 0.02 && y >= plot.Y - 0.02 && right <= plot.Right + 0.02 && bottom <= plot.Bottom + 0.02,
                                    $"{element} is not within {plot}"
                                );
                            }
                        }
                    }

                    foreach (
                        var attribute in svg.Descendants()
                            .Attributes()
                            .Where(attribute =>
                                attribute.Name.LocalName
                                    is "x"
                                        or "y"
                                        or "x1"
                                        or "x2"
                                        or "y1"
                                        or "y2"
                                        or "cx"
                                        or "cy"
                                        or "r"
                                        or "width"
                                        or "height"
                            )
                    )
                    {
                        Assert.InRange(
                            double.Parse(
                                attribute.Value,
                                NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
                                CultureInfo.InvariantCulture
                            ),
                            0,
                            Math.Max(height, ChartPanel.Width)
                        );
                    }

                    Assert.All(svg.Descendants(Svg + "path"), path => Assert.Matches("^[-MLHZ0-9. ]+$", path.Attribute("d")!.Value));
                },
                iter: 200
            );

    [Fact]
    public void Cards_are_small_enough_and_hold_nothing_but_text() =>
        Report.Sample(
            report =>
            {
                var card = ReportCard.Write(report);
                Assert.InRange(card.Length, 1, CardWriter.MaxBytes);
                using var document = JsonDocument.Parse(card);
                Assert.False(string.IsNullOrEmpty(document.RootElement.GetProperty("fallbackText").GetString()));
                Known(document.RootElement);
            },
            iter: 200
        );

    [Fact]
    public void Markdown_holds_no_link_no_image_and_no_html_whatever_the_names_are() =>
        Report.Sample(
            report =>
            {
                var page = Markdown.Parse(ReportMarkdown.Write(report), new MarkdownPipelineBuilder().UseAdvancedExtensions().Build());
                Assert.DoesNotContain(
                    page.Descendants(),
                    part => part is LinkInline or AutolinkInline or HtmlInline or HtmlBlock or CodeInline or ThematicBreakBlock
                );
            },
            iter: 200
        );

    [Fact]
    public void Scales_reach_as_far_as_the_longest_in_at_most_five_steps() =>
        Gen.Double[0, 1e10]
            .Sample(longest =>
            {
                var scale = new DurationScale(longest);
                Assert.InRange(scale.Count, 1, 5);
                Assert.True(scale.End >= longest * (1 - 1e-9), $"{scale.End} < {longest}");
            });

    /// <summary>
    /// Every object is of a kind that has no action and no address, with members that the schema of Adaptive Cards 1.5 knows for it.
    /// </summary>
    internal static void Known(JsonElement element)
    {
        if (element.ValueKind is JsonValueKind.Array)
        {
            Assert.All(element.EnumerateArray(), Known);
        }

        if (element.ValueKind is not JsonValueKind.Object)
        {
            return;
        }

        var members = (element.TryGetProperty("type", out var type) ? type.GetString() : null) switch
        {
            "AdaptiveCard" => "$schema type version fallbackText body",
            "RichTextBlock" => "type spacing inlines",
            "TextRun" => "type text weight size color isSubtle",
            "Table" => "type showGridLines columns rows",
            "TableRow" => "type cells",
            "TableCell" => "type items",
            null => "width horizontalCellContentAlignment",
            var other => throw new InvalidOperationException(other),
        };
        foreach (var member in element.EnumerateObject())
        {
            Assert.Contains(member.Name, members.Split(' '));
            Known(member.Value);
        }

        if (element.TryGetProperty("text", out var text))
        {
            Assert.NotEqual("", text.GetString());
            Assert.DoesNotContain("://", text.GetString(), StringComparison.Ordinal);
        }
    }

    private static string Class(XElement element) => element.Attribute("class")?.Value ?? "";

    private static (double X, double Y, double Right, double Bottom) Box(XElement rectangle)
    {
        double Of(string name) => double.Parse(rectangle.Attribute(name)!.Value, CultureInfo.InvariantCulture);
        return (Of("x"), Of("y"), Of("x") + Of("width"), Of("y") + Of("height"));
    }

    private static string Key(string groupBy, int i, string name) =>
        groupBy switch
        {
            "none" => "all",
            "month" when i < 48 => Reports.From.AddMonths(i).ToString("yyyy-MM", CultureInfo.InvariantCulture),
            "week" => string.Create(
                CultureInfo.InvariantCulture,
                $"{ISOWeek.GetYear(Reports.From.AddDays(7 * i).Date):D4}-W{ISOWeek.GetWeekOfYear(Reports.From.AddDays(7 * i).Date):D2}"
            ),
            _ => name,
        };

    private static ReportGroup Group(string key, UpgradeStatistics statistics) =>
        new()
        {
            Key = key,
            Runs = statistics.Runs,
            Succeeded = statistics.Succeeded,
            Cancelled = statistics.Cancelled,
            RolledBack = statistics.RolledBack,
            Gone = statistics.Gone,
            SuccessRate = statistics.SuccessRate,
            FirstTimeSuccessRate = statistics.FirstTimeSuccessRate,
            WatchedRuns = statistics.WatchedRuns,
            WatchedSucceeded = statistics.WatchedSucceeded,
            FirstTimeSuccesses = statistics.FirstTimeSuccesses,
            RunSeconds = statistics.RunSeconds,
            WaitSeconds = statistics.WaitSeconds,
            Tasks = statistics.Tasks,
        };
}
