using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;
using CsvHelper;

namespace Autopilot.Api.Tests.Reports;

/// <summary>A report in every form that it is asked for, with the same figures in each.</summary>
public sealed class ReportFormatTests
{
    private const string Route = "/api/reports/upgrades?from=2026-01-01&to=2026-11-01&groupBy=targetVersion";

    [Theory]
    [InlineData("json", "application/json", "{\"from\"")]
    [InlineData("markdown", "text/markdown", "**")]
    [InlineData("card", "application/vnd.microsoft.card.adaptive+json", "{\"$schema\"")]
    [InlineData("svg", "image/svg+xml", "<svg ")]
    [InlineData("csv", "text/csv", "key,runs,")]
    public async Task Accept_and_format_choose_the_same(string format, string mediaType, string start)
    {
        await using var app = await ApiApp.StartAsync(new FixedRuns());
        using var asked = new HttpRequestMessage(HttpMethod.Get, Route)
        {
            Headers = { { "Accept", $"{mediaType}, application/json;q=0.5" } },
        };
        using var accepted = await app.Client.SendAsync(asked);
        using var named = await app.GetAsync($"{Route}&format={format}");

        var body = await accepted.Content.ReadAsStringAsync();
        Assert.Equal(
            (HttpStatusCode.OK, $"{mediaType}; charset=utf-8", "Accept, Accept-Encoding"),
            (accepted.StatusCode, accepted.Content.Headers.ContentType?.ToString(), accepted.Header("Vary"))
        );
        Assert.StartsWith(start, body, StringComparison.Ordinal);
        Assert.Equal(body, await named.Content.ReadAsStringAsync());
        Assert.Equal(format == "csv" ? "attachment; filename=\"upgrade-report.csv\"" : null, named.Header("Content-Disposition"));

        using var again = new HttpRequestMessage(HttpMethod.Get, $"{Route}&format={format}")
        {
            Headers = { { "If-None-Match", named.Header("ETag") } },
        };
        using var unchanged = await app.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var host = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{Route}&format={format}"));
        Assert.Equal(
            (named.Header("ETag"), Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture), ""),
            (host.Header("ETag"), host.Header("Content-Length"), await host.Content.ReadAsStringAsync())
        );
    }

    [Theory]
    [InlineData("format=text", 406, "NotAcceptable", "svg (image/svg+xml)")]
    [InlineData("format=ndjson", 406, "NotAcceptable", "csv (text/csv)")]
    [InlineData("format=pdf", 400, "InvalidParameter", "markdown")]
    [InlineData("format=svg&chart=pie", 400, "InvalidParameter", "one of all, runTime, outcomes, tasks")]
    [InlineData("chart=", 400, "InvalidParameter", "'chart'")]
    public async Task What_there_is_not_is_refused_with_what_there_is(string query, int status, string code, string said)
    {
        await using var app = await ApiApp.StartAsync(new FixedRuns());
        using var response = await app.GetAsync($"{Route}&{query}");
        Assert.Contains(said, await response.ProblemAsync(status, code), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Run time|Outcomes|Tasks")]
    [InlineData("&chart=all", "Run time|Outcomes|Tasks")]
    [InlineData("&chart=RUNTIME", "Run time")]
    [InlineData("&chart=outcomes", "Outcomes")]
    [InlineData("&chart=tasks", "Tasks")]
    public async Task The_chart_can_be_chosen_and_brings_the_only_style_that_a_browser_applies(string query, string hosts)
    {
        await using var app = await ApiApp.StartAsync(new FixedRuns());
        using var response = await app.GetAsync($"{Route}&format=svg{query}");

        var svg = XDocument.Parse(await response.Content.ReadAsStringAsync()).Root!;
        var drawn = svg.Descendants()
            .Where(element => element.Attribute("class")?.Value == "head")
            .Select(element => element.Value.Split(',')[0]);
        Assert.Equal(hosts, string.Join('|', drawn.Where(host => host is not ("Ran" or "Waited"))));
        var style = SHA256.HashData(Encoding.UTF8.GetBytes(svg.Elements().Single(element => element.Name.LocalName == "style").Value));
        Assert.Equal(
            $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(style)}'; frame-ancestors 'none'",
            response.Header("Content-Security-Policy")
        );
    }

    [Theory]
    [InlineData("none")]
    [InlineData("month")]
    [InlineData("week")]
    [InlineData("targetVersion")]
    [InlineData("cluster")]
    public async Task Every_figure_of_a_group_is_in_the_csv_as_it_is_in_the_json(string groupBy)
    {
        await using var app = await ApiApp.StartAsync(new FixedRuns());
        var route = $"/api/reports/upgrades?from=2026-01-01&to=2026-11-01&groupBy={groupBy}";
        var groups = (await app.GetJsonAsync(route)).GetProperty("groups").EnumerateArray().ToList();
        using var text = new StringReader(await app.Client.GetStringAsync(new Uri($"{route}&format=csv", UriKind.Relative)));
        using var csv = new CsvReader(text, CultureInfo.InvariantCulture);

        Assert.True(csv.Read() && csv.ReadHeader());
        Assert.NotEmpty(groups);
        foreach (var group in groups)
        {
            Assert.True(csv.Read());
            // A spreadsheet must not take it for a formula.
            Assert.Equal(group.Text("key") is ['=', ..] evil ? $"'{evil}" : group.Text("key"), csv.GetField("key"));
            foreach (
                var name in new[]
                {
                    "runs",
                    "succeeded",
                    "cancelled",
                    "rolledBack",
                    "gone",
                    "successRate",
                    "firstTimeSuccessRate",
                    "failedOnTheWay",
                    "attempts",
                    "rollbacks",
                    "blockedSeconds",
                }
            )
            {
                Same(group, name, name);
            }

            Same(group, "watchedRuns", "watchedRuns");
            Same(group, "watchedSucceeded", "watchedSucceeded");
            Same(group, "firstTimeSuccesses", "firstTimeSuccesses");
            Same(group, "unclear", "unclear");
            Same(group, "timeRuns", "timeRuns");
            foreach (var part in new[] { "work", "person", "queue", "blocked", "unknown" })
            {
                if (group.TryGetProperty("time", out var time))
                {
                    Same(time, $"{part}Seconds", $"time{char.ToUpperInvariant(part[0])}{part[1..]}Seconds");
                }
                else
                {
                    Assert.Equal("", csv.GetField($"time{char.ToUpperInvariant(part[0])}{part[1..]}Seconds"));
                }
            }

            Times(group, "run");
            Times(group, "wait");
            foreach (var type in new[] { "PreCheck", "Snapshot", "Cluster", "PostCheck", "Rollback" })
            {
                var task = group.GetProperty("tasks").EnumerateArray().FirstOrDefault(task => task.Text("type") == type);
                if (task.ValueKind is JsonValueKind.Undefined)
                {
                    Assert.Equal(
                        ("0", "0", ""),
                        (csv.GetField($"{type}Runs"), csv.GetField($"{type}Failures"), csv.GetField($"{type}RunP50Seconds"))
                    );
                    continue;
                }

                Same(task, "runs", $"{type}Runs");
                Same(task, "failures", $"{type}Failures");
                Times(task, "run", type);
                Times(task, "wait", type);
            }
        }

        Assert.False(csv.Read());

        void Times(JsonElement statistics, string what, string type = "")
        {
            foreach (var percent in new[] { "P50", "P80", "P95", "Max" })
            {
                var column =
                    type.Length == 0 ? $"{what}{percent}Seconds" : $"{type}{char.ToUpperInvariant(what[0])}{what[1..]}{percent}Seconds";
                if (statistics.TryGetProperty($"{what}Seconds", out var times))
                {
                    Same(times, $"{char.ToLowerInvariant(percent[0])}{percent[1..]}", column);
                }
                else
                {
                    Assert.Equal("", csv.GetField(column));
                }
            }
        }

        void Same(JsonElement statistics, string name, string column)
        {
            var field = csv.GetField(column)!;
            Assert.DoesNotContain("E", field, StringComparison.OrdinalIgnoreCase);
            double? there = statistics.TryGetProperty(name, out var figure) ? figure.GetDouble() : null;
            double? here = field.Length == 0 ? null : double.Parse(field, CultureInfo.InvariantCulture);
            Assert.Equal(there, here);
        }
    }

    [Theory]
    [InlineData("format=markdown", "20 of the 60 had ended before they were first seen")]
    [InlineData("format=card", "20 of the 60 had ended before they were first seen")]
    [InlineData("format=svg", "of 40 watched at the first try")]
    [InlineData("format=csv", ",watchedRuns,watchedSucceeded,firstTimeSuccesses")]
    [InlineData("format=json", "\"watchedRuns\":40")]
    public async Task Every_form_says_of_how_many_first_tries_are_counted(string format, string said)
    {
        await using var app = await ApiApp.StartAsync(new FixedRuns());

        var report = await app.Client.GetStringAsync(
            new Uri($"/api/reports/upgrades?from=2026-01-01&to=2026-12-31&previous=false&{format}", UriKind.Relative)
        );

        Assert.Contains(said, report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tool_says_of_how_many_first_tries_are_counted()
    {
        await using var app = await ApiApp.StartAsync(new FixedRuns());

        var result = await Mcp.McpTests.CallAsync(app, "upgrade_report", """{"from":"2026-01-01","to":"2026-12-31"}""");

        Assert.Equal(40, result.GetProperty("structuredContent").GetProperty("total").GetProperty("watchedRuns").GetInt32());
        var said = result.GetProperty("content")[0].Text("text");
        Assert.Contains("of the 40 watched without a failure on the way", said, StringComparison.Ordinal);
        Assert.Contains("20 had ended before they were first seen", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_keep_their_names_and_their_order()
    {
        await using var app = await ApiApp.StartAsync(new FixedRuns());
        var header = (await app.Client.GetStringAsync(new Uri($"{Route}&format=csv", UriKind.Relative))).Split("\r\n")[0];
        string Times(string what) => string.Join(',', new[] { "P50", "P80", "P95", "Max" }.Select(percent => $"{what}{percent}Seconds"));
        Assert.Equal(
            "key,runs,succeeded,cancelled,rolledBack,gone,successRate,firstTimeSuccessRate,failedOnTheWay,attempts,rollbacks,"
                + $"blockedSeconds,{Times("run")},{Times("wait")},"
                + string.Join(
                    ',',
                    new[] { "PreCheck", "Snapshot", "Cluster", "PostCheck", "Rollback" }.Select(type =>
                        $"{type}Runs,{type}Failures,{Times($"{type}Run")},{Times($"{type}Wait")}"
                    )
                )
                + ",unclear,timeWorkSeconds,timePersonSeconds,timeQueueSeconds,timeBlockedSeconds,timeUnknownSeconds,timeRuns,clusterName,"
                + "watchedRuns,watchedSucceeded,firstTimeSuccesses",
            header
        );
    }

    [Fact]
    public async Task The_total_is_that_of_all_groups_so_that_the_period_before_compares()
    {
        await using var app = await ApiApp.StartAsync(new FixedRuns());
        var (all, months) = (
            await app.GetJsonAsync(Route.Replace("targetVersion", "none", StringComparison.Ordinal)),
            await app.GetJsonAsync(Route.Replace("targetVersion", "month", StringComparison.Ordinal))
        );
        Assert.Equal(all.GetProperty("total").GetRawText(), months.GetProperty("total").GetRawText());
        Assert.Equal(
            all.GetProperty("groups")[0].GetRawText().Replace("\"key\":\"all\"", "", StringComparison.Ordinal),
            months
                .GetProperty("total")
                .GetRawText()
                .Replace("\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-11-01T00:00:00Z\"", "", StringComparison.Ordinal)
        );
    }

    /// <summary>Runs of ten months with awkward fractions, and a version that wants to be a formula.</summary>
    private sealed class FixedRuns : IRunStore
    {
        private static readonly string?[] Versions = ["=cmd|'x'!A0", "v1.28.6", "v1.30.1", null];

        public async IAsyncEnumerable<FinishedUpgrade> ReadAsync(
            RunQuery query,
            UnreadableCount unreadable,
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            await Task.Yield();
            for (var i = 0; i < 60; i++)
            {
                var run = new FinishedUpgrade
                {
                    Target = new WorkflowTarget("p", $"c{i % 7}", $"w{i}"),
                    TargetVersion = Versions[i % 4],
                    SeenLive = i % 3 > 0,
                    Outcome = (WorkflowOutcome)(i % 11 % 4),
                    EndedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddDays(5 * i),
                    ActiveSeconds = i % 5 == 4 ? null : TimeSpan.FromTicks(1 + i * 123_456_789L).TotalSeconds,
                    WaitingSeconds = i % 3 == 2 ? null : i * 1e4 / 3,
                    BlockedSeconds = i % 4 == 1 ? null : i * 0.0000001,
                    Time = i % 4 == 2 ? null : new(i, i / 7d, 0.0000001, 1e9, i * 0.5),
                    Attempts = i % 6,
                    Tasks =
                        i % 2 == 0
                            ? []
                            :
                            [
                                new(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, i / 7d, i, i == 1 ? null : i / 3d, 2, i % 3),
                                new(new UpgradeTaskType("Novel"), UpgradeTaskStatus.Success, 1, 1, 1, 1, 0),
                            ],
                };
                if (run.EndedAt >= query.From && run.EndedAt < query.To)
                {
                    yield return run;
                }
            }
        }

        public Task<Page<FinishedUpgrade>> ReadPageAsync(
            RunQuery query,
            int pageSize,
            string? continuationToken,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public Task WriteAsync(FinishedUpgrade run, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
