using System.Net;
using System.Text.Json;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Api.Tests.Reports;

public sealed class ReportTests(AzuriteFixture azurite)
{
    private const string Header =
        "workflowId,clusterId,projectId,fromVersion,targetVersion,outcome,createdAt,startedAt,endedAt,elapsedSeconds,activeSeconds,"
        + "waitingSeconds,attempts,"
        + "PreCheckRunSeconds,PreCheckWaitSeconds,PreCheckAttempts,SnapshotRunSeconds,SnapshotWaitSeconds,SnapshotAttempts,"
        + "ClusterRunSeconds,ClusterWaitSeconds,ClusterAttempts,"
        + "PostCheckRunSeconds,PostCheckWaitSeconds,PostCheckAttempts,RollbackRunSeconds,RollbackWaitSeconds,RollbackAttempts,"
        + "timeWorkSeconds,timePersonSeconds,timeQueueSeconds,timeBlockedSeconds,timeUnknownSeconds,clusterName,seenLive\r\n";

    [Fact]
    public async Task The_report_counts_groups_and_compares_with_the_period_before()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);

        var report = await app.GetJsonAsync("/api/reports/upgrades?from=2026-10-01&to=2026-11-20&groupBy=Month");

        Assert.Equal(
            ("2026-10-01T00:00:00Z", "2026-11-20T00:00:00Z", "month"),
            (report.Text("from"), report.Text("to"), report.Text("groupBy"))
        );
        var (october, november) = (report.GetProperty("groups")[0], report.GetProperty("groups")[1]);
        Assert.Equal(
            ("2026-10", 1, "2026-11", 2),
            (october.Text("key"), Int(october, "runs"), november.Text("key"), Int(november, "runs"))
        );
        Assert.Equal(
            """
            {"key":"2026-11","runs":2,"succeeded":1,"cancelled":0,"rolledBack":1,"gone":0,"unclear":0,"successRate":0.5,"firstTimeSuccessRate":0,"watchedRuns":2,"watchedSucceeded":1,"firstTimeSuccesses":0,"failedOnTheWay":2,"attempts":6,"rollbacks":1,"blockedSeconds":61.5,"time":{"workSeconds":100,"personSeconds":20,"queueSeconds":5,"blockedSeconds":25,"unknownSeconds":0},"timeRuns":1,
            "runSeconds":{"p50":100,"p80":300,"p95":300,"max":300},"waitSeconds":{"p50":50,"p80":50,"p95":50,"max":50},
            "tasks":[{"type":"PreCheck","runs":4,"failures":2,"runSeconds":{"p50":10.5,"p80":10.5,"p95":10.5,"max":10.5},"waitSeconds":{"p50":5,"p80":5,"p95":5,"max":5}},{"type":"Rollback","runs":1,"failures":0,"runSeconds":{"p50":20,"p80":20,"p95":20,"max":20}}],
            "topFailures":[{"type":"PreCheck","name":"etcd","count":2,"upgrades":2,"blockedSeconds":61.5,"medianBlockedSeconds":61.5,"resolvedByNextAttempt":2}],
            "slowest":[{"workflowId":"w3","clusterId":"c2","outcome":"RolledBack","endedAt":"2026-11-12T00:00:00Z","runSeconds":300},{"workflowId":"w2","clusterId":"c1","clusterName":"blue","targetVersion":"v1.28.6","outcome":"Succeeded","endedAt":"2026-11-10T00:00:00Z","runSeconds":100,"elapsedSeconds":150}]}
            """.ReplaceLineEndings(""),
            november.GetRawText()
        );
        var previous = report.GetProperty("previous");
        Assert.Equal(
            ("2026-08-12T00:00:00Z", "2026-10-01T00:00:00Z", 1),
            (previous.Text("from"), previous.Text("to"), Int(previous, "runs"))
        );
        Assert.False((await app.GetJsonAsync("/api/reports/upgrades?previous=false")).TryGetProperty("previous", out _));
    }

    [Theory]
    [InlineData("clusterId=C1", 1)]
    [InlineData("projectId=p2", 1)]
    [InlineData("targetVersion=v1.28.6", 1)]
    [InlineData("outcome=rolledBack", 1)]
    [InlineData("outcome=Gone", 0)]
    [InlineData("from=2026-08-01&to=2026-11-01T00:00:00%2B01:00", 2)]
    [InlineData("", 3)]
    public async Task Filters_and_the_default_range_of_90_days_hold(string query, int runs)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);
        Assert.Equal(runs, Int((await app.GetJsonAsync($"/api/reports/upgrades?{query}")).GetProperty("groups")[0], "runs"));
        Assert.Equal(runs, (await app.PagesAsync($"/api/reports/runs?{query}")).Sum(page => page.GetProperty("value").GetArrayLength()));
    }

    [Theory]
    [InlineData("groupBy=month", "2026-10 2026-11")]
    [InlineData("groupBy=week", "2026-W42 2026-W46")]
    [InlineData("groupBy=targetVersion", "v1.28.6 v1.30.1 unknown")]
    [InlineData("groupBy=CLUSTER", "c1 c2 c3")]
    [InlineData("groupBy=none", "all")]
    public async Task Each_grouping_has_its_keys_in_order(string query, string keys)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);
        var report = await app.GetJsonAsync($"/api/reports/upgrades?{query}");
        Assert.Equal(keys, string.Join(' ', report.GetProperty("groups").EnumerateArray().Select(group => group.Text("key"))));
    }

    [Theory]
    [InlineData("from=2026-11-02&to=2026-11-01", "'from'")]
    [InlineData("from=2026-11-01&to=2026-11-01", "'from'")]
    [InlineData("from=2027-01-01", "now")]
    [InlineData("from=2016-11-01&to=2026-11-01", "5 years")]
    [InlineData("from=2021-10-31&to=2026-11-01", "5 years")]
    [InlineData("from=0001-01-01&to=9999-12-31", "5 years")]
    [InlineData("from=yesterday", "'from'")]
    [InlineData("to=2026-13-01", "'to'")]
    [InlineData("outcome=Failed", "RolledBack")]
    [InlineData("outcome=1", "RolledBack")]
    [InlineData("clusterId=%27", "'clusterId'")]
    [InlineData("projectId=a/b", "'projectId'")]
    [InlineData("targetVersion=", "'targetVersion'")]
    public async Task What_cannot_be_asked_is_refused_with_what_can(string query, string said)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        foreach (var route in new[] { "upgrades?", "runs?", "runs?format=csv&" })
        {
            using var response = await app.GetAsync($"/api/reports/{route}{query}");
            Assert.Contains(
                said,
                await response.ProblemAsync(
                    400,
                    query.StartsWith("clusterId", StringComparison.Ordinal) ? "InvalidClusterId" : "InvalidParameter"
                ),
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData("upgrades?groupBy=year", 400, "InvalidParameter", "targetVersion")]
    [InlineData("upgrades?previous=perhaps", 400, "InvalidParameter", "true or false")]
    [InlineData("upgrades?format=ndjson", 406, "NotAcceptable", "json")]
    [InlineData("runs?format=svg", 406, "NotAcceptable", "csv")]
    [InlineData("runs?maxpagesize=1001", 400, "InvalidParameter", "1000")]
    [InlineData("runs?continuationToken=nonsense", 400, "InvalidParameter", "nextLink")]
    public async Task Each_route_refuses_what_is_its_own(string query, int status, string code, string said)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.GetAsync($"/api/reports/{query}");
        Assert.Contains(said, await response.ProblemAsync(status, code), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_years_to_the_day_are_answered_without_a_run_too()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        var report = await app.GetJsonAsync("/api/reports/upgrades?from=2021-11-01&to=2026-11-01");
        Assert.Equal(
            """{"key":"all","runs":0,"succeeded":0,"cancelled":0,"rolledBack":0,"gone":0,"unclear":0,"watchedRuns":0,"watchedSucceeded":0,"firstTimeSuccesses":0,"failedOnTheWay":0,"attempts":0,"rollbacks":0,"timeRuns":0,"tasks":[],"topFailures":[],"slowest":[]}""",
            report.GetProperty("groups")[0].GetRawText()
        );
        Assert.Equal("""{"value":[]}""", (await app.GetJsonAsync("/api/reports/runs?from=2021-11-01&to=2026-11-01")).GetRawText());
        Assert.Equal(Header, await app.Client.GetStringAsync(new Uri("/api/reports/runs?format=csv", UriKind.Relative)));
        Assert.Equal("", await app.Client.GetStringAsync(new Uri("/api/reports/runs?format=ndjson", UriKind.Relative)));
    }

    [Fact]
    public async Task Csv_has_stable_columns_quotes_as_rfc_4180_says_and_defuses_formulas()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await WriteAsync(
            app,
            Run("w1", "c1", "p", "2026-11-10") with
            {
                ClusterName = "Shop 1",
                FromVersion = "=cmd|' /C calc'!A0",
                TargetVersion = "a,\"b\"\r\nc",
                CreatedAt = new(2026, 11, 9, 23, 0, 0, 500, TimeSpan.Zero),
                ElapsedSeconds = 0.0000001,
                ActiveSeconds = 606.149778,
                Time = new(10.5, 20, 0, 30.25, 0),
                Attempts = 2,
                Tasks =
                [
                    new FinishedTask(UpgradeTaskType.Cluster, UpgradeTaskStatus.Success, 545.2, 600, 1.5, 2, 1),
                    new FinishedTask(new UpgradeTaskType("Novel"), UpgradeTaskStatus.Success, 1, 1, 1, 1, 0),
                ],
            }
        );
        var day = 9;
        foreach (var evil in new[] { "+1", "-1", "@SUM(1)", "\tx", "\rx", "=\"a\",\r\nb", "\"=1\"" })
        {
            await WriteAsync(app, Run($"e{day}", "c1", "p", $"2026-11-{day--:D2}") with { FromVersion = evil });
        }

        using var response = await app.GetAsync("/api/reports/runs?format=csv");
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(
            ("text/csv; charset=utf-8", "attachment; filename=\"upgrade-runs.csv\""),
            (response.Content.Headers.ContentType?.ToString(), response.Header("Content-Disposition"))
        );
        Assert.StartsWith(
            Header
                + "w1,c1,p,'=cmd|' /C calc'!A0,\"a,\"\"b\"\" "
                + "c\",Succeeded,2026-11-09T23:00:00.5Z,,2026-11-10T00:00:00Z,0.0000001,606.149778,,2,,,0,,,0,545.2,1.5,2,,,0,,,0,10.5,"
                + "20,0,30.25,0,Shop 1,true\r\n"
                + "e9,c1,p,'+1,,",
            text,
            StringComparison.Ordinal
        );
        foreach (var defused in new[] { "p,'-1,", "p,'@SUM(1),", "p,x,", "p,\"'=\"\"a\"\", b\",", "p,\"\"\"=1\"\"\"," })
        {
            Assert.Contains(defused, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Accept_chooses_ndjson_with_a_run_on_each_line()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/reports/runs")
        {
            Headers = { { "Accept", "application/x-ndjson" } },
        };
        using var response = await app.Client.SendAsync(request);

        Assert.Equal("application/x-ndjson; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');
        Assert.Equal("", lines[^1]);
        Assert.Equal(["w3", "w2", "w1"], lines[..^1].Select(line => JsonDocument.Parse(line).RootElement.Text("workflowId")));
        Assert.Equal(
            """
            {"workflowId":"w2","clusterId":"c1","projectId":"p","clusterName":"blue","targetVersion":"v1.28.6","outcome":"Succeeded","endedAt":"2026-11-10T00:00:00Z","elapsedSeconds":150,"activeSeconds":100,"waitingSeconds":50,"blockedSeconds":61.5,"time":{"workSeconds":100,"personSeconds":20,"queueSeconds":5,"blockedSeconds":25,"unknownSeconds":0},"attempts":3,"failures":1,"rollbacks":0,"seenLive":true,
            "tasks":[{"type":"PreCheck","status":"Success","runSeconds":10.5,"allRunSeconds":20,"waitSeconds":5,"attempts":2,"failures":1,"failed":[{"name":"etcd","group":"NodeCheck","errorCodes":["E1"],"count":1}]}]}
            """.ReplaceLineEndings(""),
            lines[1]
        );
        Assert.Equal(lines[1], (await app.GetJsonAsync("/api/reports/runs")).GetProperty("value")[1].GetRawText());
    }

    [Fact]
    public async Task Pages_of_runs_visit_each_once_keep_their_range_and_streams_have_them_all()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        var start = new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 1100),
            async (i, _) => await WriteAsync(app, Run($"w{i:D4}", "c1", "p", "2026-11-10") with { EndedAt = start.AddHours(i) })
        );

        var pages = await app.PagesAsync("/api/reports/runs?maxpagesize=300&code=s3cret&clusterId=C1");

        var ids = pages.SelectMany(page => page.GetProperty("value").EnumerateArray()).Select(run => run.Text("workflowId")).ToList();
        Assert.Equal(Enumerable.Range(0, 1100).Reverse().Select(i => $"w{i:D4}"), ids);
        Assert.All(
            pages.SkipLast(1),
            page =>
                Assert.Matches(
                    @"^/api/reports/runs\?from=2026-08-25T08%3A01%3A00Z&to=2026-11-23T08%3A01%3A00Z&clusterId=c1&maxpagesize=300&"
                        + @"continuationToken=",
                    page.Text("nextLink")
                )
        );
        Assert.Equal(
            1101,
            (await app.Client.GetStringAsync(new Uri("/api/reports/runs?format=csv", UriKind.Relative)))
                .Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
                .Length
        );
        Assert.Equal(
            1100,
            (await app.Client.GetStringAsync(new Uri("/api/reports/runs?format=ndjson", UriKind.Relative)))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Length
        );
    }

    [Fact]
    public async Task Reports_have_an_ETag_and_answer_HEAD()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);
        foreach (var route in new[] { "/api/reports/upgrades", "/api/reports/runs" })
        {
            using var first = await app.GetAsync(route);
            // Within the minute nothing has moved.
            app.Clock.Advance(TimeSpan.FromSeconds(10));
            using var again = new HttpRequestMessage(HttpMethod.Get, route) { Headers = { { "If-None-Match", first.Header("ETag") } } };
            using var unchanged = await app.Client.SendAsync(again);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        }

        using var host = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/reports/runs?format=csv"));
        Assert.Equal(
            (HttpStatusCode.OK, "text/csv; charset=utf-8", ""),
            (host.StatusCode, host.Content.Headers.ContentType?.ToString(), await host.Content.ReadAsStringAsync())
        );
    }

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static async Task FillAsync(ApiApp app)
    {
        var check = new FinishedTask(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, 10.5, 20, 5, 2, 1)
        {
            Failed = [new FailedItem("etcd", "NodeCheck", ["E1"], 1)],
        };
        await WriteAsync(app, Run("w0", "c1", "p", "2026-08-15"));
        await WriteAsync(app, Run("w1", "c3", "p2", "2026-10-15") with { TargetVersion = "v1.30.1" });
        await WriteAsync(
            app,
            Run("w2", "c1", "p", "2026-11-10") with
            {
                ClusterName = "blue",
                TargetVersion = "v1.28.6",
                ElapsedSeconds = 150,
                ActiveSeconds = 100,
                WaitingSeconds = 50,
                BlockedSeconds = 61.5,
                Time = new(100, 20, 5, 25, 0),
                Attempts = 3,
                Tasks = [check],
            }
        );
        await WriteAsync(
            app,
            Run("w3", "c2", "p", "2026-11-12") with
            {
                Outcome = WorkflowOutcome.RolledBack,
                ActiveSeconds = 300,
                Attempts = 3,
                Tasks = [check, new FinishedTask(UpgradeTaskType.Rollback, UpgradeTaskStatus.Success, 20, 20, null, 1, 0)],
            }
        );
    }

    private static Task WriteAsync(ApiApp app, FinishedUpgrade run) =>
        app.Services.GetRequiredService<IRunStore>().WriteAsync(run, TestContext.Current.CancellationToken);

    private static FinishedUpgrade Run(string id, string cluster, string project, string end) =>
        new()
        {
            Target = new WorkflowTarget(project, cluster, id),
            Outcome = WorkflowOutcome.Succeeded,
            EndedAt = DateTimeOffset.Parse(
                end,
                System.Globalization.CultureInfo.InvariantCulture,
                System.Globalization.DateTimeStyles.AssumeUniversal
            ),
        };
}
