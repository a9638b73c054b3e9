using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;

namespace Autopilot.Infra.Tests;

/// <summary>An alert on a metric that is never reported would never fire: its names are compared with what a real cycle reports.</summary>
public sealed partial class AlertTests(BicepFixture bicep, ReportedMetrics reported)
{
    private readonly Template _template = new(bicep.Template);

    /// <summary>The columns of the table that the queries name.</summary>
    private static readonly string[] Columns = ["TimeGenerated", "Name", "Sum", "ItemCount", "AppRoleInstance", "Properties"];

    private IEnumerable<JsonObject> Rules => _template.Module("alerts")["variables"]!["rules"]!.AsArray().Select(rule => rule!.AsObject());

    [Fact]
    public void Missing_failing_and_blocked_raise_an_alert() =>
        Assert.Equal(["no-completed-cycle", "failing-cycles", "blocked-workflows"], Rules.Select(rule => (string?)rule["name"]));

    [Theory]
    [InlineData("Inline")]
    [InlineData("Queue")]
    public void Every_metric_tag_and_value_in_a_query_is_reported_by_a_tick(string mode)
    {
        var queries = Rules.Select(rule => (string)rule["query"]!).ToList();

        Assert.All(queries, query => Assert.Empty(Untold(query, mode)));
        Assert.All(queries, query => Assert.NotEmpty(MetricName().Matches(query)));
    }

    [Theory]
    [InlineData("autopilot.cycles", "autopilot.cycle")]
    [InlineData("Properties.complete", "Properties.completed")]
    [InlineData("autopilot.workflows", "autopilot.polls")]
    [InlineData("\"Blocked\"", "\"Stuck\"")]
    public void A_name_that_no_cycle_reports_is_detected(string kept, string broken) =>
        Assert.Contains(Rules, rule => Untold(((string)rule["query"]!).Replace(kept, broken, StringComparison.Ordinal), "Inline").Any());

    [Fact]
    public void What_a_rule_measures_is_what_its_query_ends_with() =>
        Assert.All(Rules, rule => Assert.Matches($@"\| summarize {rule["measure"]} = [^|]+$", (string)rule["query"]!));

    [Fact]
    public void However_many_shards_of_a_tick_fail_it_is_one_failing_cycle() =>
        Assert.Contains(
            "| summarize by bin(TimeGenerated, {0}m) | summarize Cycles = count()', parameters('pollIntervalMinutes'))]",
            (string)Rules.Single(rule => (string?)rule["name"] == "failing-cycles")["query"]!,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_meter_is_one_that_the_function_app_sends() =>
        Assert.Contains(
            "AddMeter(AutopilotTelemetry.MeterNames)",
            Repository.Text("src/Autopilot.Functions/Telemetry/TelemetryServices.cs"),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_window_is_three_intervals_and_time_to_arrive_and_no_more_than_it_must()
    {
        // The windows that a rule on logs may have.
        int[] possible = [5, 10, 15, 30, 45, 60, 120, 180, 240, 300, 360, 1440, 2880];
        var windows = _template.Module("alerts")["variables"]!["windows"]!.AsObject();
        var intervals = _template.Module("alerts")["definitions"]!["pollInterval"]!["allowedValues"]!
            .AsArray()
            .Select(minutes => (int)minutes!)
            .ToList();

        Assert.Equal(intervals.Order(), windows.Select(window => int.Parse(window.Key, null)).Order());
        Assert.All(
            windows,
            window =>
                Assert.Equal(
                    possible.First(minutes => minutes >= (3 * int.Parse(window.Key, null)) + 5),
                    (int)XmlConvert.ToTimeSpan((string)window.Value!).TotalMinutes
                )
        );
    }

    [Fact]
    public void The_availability_test_asks_for_readiness_and_an_alert_follows_it()
    {
        var test = Assert.Single(_template.OfType("Microsoft.Insights/webtests"));
        var readiness = _template.Resources.Single(r => r.Name == "alerts").Resource["properties"]!["parameters"]!["readinessUrl"]![
            "value"
        ]!;
        var alert = Assert.Single(_template.OfType("Microsoft.Insights/metricAlerts"));

        Assert.Equal("[parameters('readinessUrl')]", (string)test["properties"]!["Request"]!["RequestUrl"]!);
        Assert.Contains("/api/health/ready", (string)readiness!, StringComparison.Ordinal);
        Assert.Equal(200, (int)test["properties"]!["ValidationRules"]!["ExpectedHttpStatusCode"]!);
        Assert.InRange(
            (int)alert["properties"]!["criteria"]!["failedLocationCount"]!,
            1,
            test["properties"]!["Locations"]!.AsArray().Count - 1
        );
    }

    [Fact]
    public void The_operations_page_has_a_chapter_on_every_alert() =>
        Assert.All(
            [.. Rules.Select(rule => (string)rule["name"]!), "not-ready"],
            name => Assert.Contains($"\n### {name}\n", Repository.Text("docs/operations.md"), StringComparison.Ordinal)
        );

    private IEnumerable<string> Untold(string query, string mode)
    {
        // One table at a time: a tag belongs to the metric that its part of the query names.
        foreach (var part in query.Split(';'))
        {
            var metric = MetricName().Match(part).Groups[1].Value;
            if (!reported.Modes[mode].TryGetValue(metric, out var tags))
            {
                yield return $"metric {metric}";
            }

            foreach (var tag in Tag().Matches(part).Select(match => match.Groups[1].Value).Where(tag => tags?.ContainsKey(tag) is not true))
            {
                yield return $"tag {tag} of {metric}";
            }

            foreach (
                var value in TagValue()
                    .Matches(part)
                    .Where(match => tags?.GetValueOrDefault(match.Groups[1].Value)?.Contains(match.Groups[2].Value) is not true)
            )
            {
                yield return $"value {value.Groups[2].Value} of {metric}";
            }

            foreach (var column in Column().Matches(part).Select(match => match.Value).Except(Columns))
            {
                yield return $"column {column}";
            }
        }
    }

    [GeneratedRegex("Name == \"([^\"]+)\"")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"Properties\.(\w+)")]
    private static partial Regex Tag();

    [GeneratedRegex(@"Properties\.(\w+) == ""([^""]+)""")]
    private static partial Regex TagValue();

    [GeneratedRegex(@"(?<![\w.""])(?!AppMetrics|Cycles|Blocked)[A-Z]\w+")]
    private static partial Regex Column();
}
