using System.Net;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Api.Tests.Reports;

public sealed class OutlookTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task The_outlook_gives_each_figure_with_its_count_and_basis()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);

        var outlook = await app.GetJsonAsync("/api/reports/outlook?clusterId=C1&targetVersion=v1.28.6-r0&fromVersion=v1.27.8-r0");

        Assert.Equal(
            """
            {"from":"2025-11-23T08:01:00Z","to":"2026-11-23T08:01:00Z","clusterId":"c1","fromVersion":"v1.27.8-r0","targetVersion":"v1.28.6-r0",
            "headline":"Of 4 upgrades to v1.28.6-r0 in the last 12 months, 3 succeeded, 1 needed a rollback and 2 needed a second attempt; those that succeeded took up to 4 min of work (median), four of five up to 5 min (P80); the pre-check failed most on 'etcd', in 2 of them: look at that before you start.",
            "tooLittleHistory":false,"runs":6,
            "outcomes":{"basis":"TargetVersion","runs":4,"succeeded":3,"cancelled":0,"rolledBack":1,"gone":0,"unclear":0,"successRate":0.75,"rollbacks":1,"rollbackRate":0.25},
            "attempts":{"basis":"TargetVersion","runs":4,"secondAttempts":2,"secondAttemptRate":0.5,"tasks":[{"type":"PreCheck","runs":4,"secondAttempts":2,"secondAttemptRate":0.5}]},
            "duration":{"basis":"TargetVersion","runs":3,"runSeconds":{"runs":3,"p50":200,"p80":300},"waitSeconds":{"runs":3,"p50":50,"p80":50},"tasks":[{"type":"PreCheck","runSeconds":{"runs":3,"p50":10.5,"p80":10.5}}]},
            "preCheck":{"basis":"TargetVersion","runs":4,"failed":2,"items":[{"name":"etcd","runs":2,"rate":0.5,"failures":2},{"name":"CoreDNS","runs":1,"rate":0.25,"failures":1}]}}
            """.ReplaceLineEndings(""),
            outlook.GetRawText()
        );
    }

    [Theory]
    [InlineData("targetVersion=v1.28.6-r0", "TargetVersion", 4)]
    [InlineData("targetVersion=v1.28.99", "TargetMinor", 5)]
    [InlineData("targetVersion=v1.99.1", "All", 6)]
    [InlineData("clusterId=c2", "Cluster", 3)]
    [InlineData("clusterId=c2&targetVersion=v1.99.1", "Cluster", 3)]
    [InlineData("clusterId=unheard-of", "All", 6)]
    [InlineData("clusterId=c3&projectId=P", "All", 5)]
    public async Task The_most_similar_upgrades_are_used(string query, string basis, int runs)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);
        var ends = (await app.GetJsonAsync($"/api/reports/outlook?{query}")).GetProperty("outcomes");
        Assert.Equal((basis, runs), (ends.Text("basis"), ends.GetProperty("runs").GetInt32()));
    }

    [Fact]
    public async Task Too_little_history_is_reported_with_its_count_and_without_figures()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await WriteAsync(app, Run("w1", "c1", "2026-11-01"));
        // Too long ago to say anything.
        await WriteAsync(app, Run("w2", "c1", "2025-11-20"));
        await WriteAsync(app, Run("w3", "c1", "2025-11-21"));

        Assert.Equal(
            """
            {"from":"2025-11-23T08:01:00Z","to":"2026-11-23T08:01:00Z","clusterId":"c1",
            "headline":"Only 1 upgrade has ended in the last 12 months: too little history to estimate how this one may go; at least 3 are needed.",
            "tooLittleHistory":true,"runs":1,"outcomes":{"runs":1},"attempts":{"runs":1},"duration":{"runs":0},"preCheck":{"runs":1}}
            """.ReplaceLineEndings(""),
            (await app.GetJsonAsync("/api/reports/outlook?clusterId=c1")).GetRawText()
        );
    }

    [Theory]
    [InlineData("", "InvalidParameter", "'targetVersion' must be given, or 'cluster'")]
    [InlineData("projectId=p", "InvalidParameter", "'targetVersion' must be given, or 'cluster'")]
    [InlineData("fromVersion=v1.27.8-r0&clusterId=c1", "InvalidParameter", "'targetVersion' must be given with 'fromVersion'")]
    [InlineData("clusterId=a%20b", "InvalidClusterId", "'clusterId' in the query")]
    [InlineData("clusterId=&targetVersion=v1", "InvalidClusterId", "'clusterId' in the query")]
    [InlineData("clusterId=c1&projectId=a/b", "InvalidParameter", "'projectId'")]
    [InlineData("targetVersion=", "InvalidParameter", "'targetVersion' must be a version")]
    [InlineData("targetVersion=v1&fromVersion=", "InvalidParameter", "'fromVersion' must be a version")]
    public async Task What_cannot_be_asked_is_refused_with_what_can(string query, string code, string said)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.GetAsync($"/api/reports/outlook?{query}");
        Assert.StartsWith(said, await response.ProblemAsync(400, code), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("targetVersion")]
    [InlineData("fromVersion")]
    public async Task A_version_that_is_too_long_is_refused(string name)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.GetAsync($"/api/reports/outlook?clusterId=c1&{name}=v{new string('1', 256)}");
        Assert.Contains($"'{name}' must be", await response.ProblemAsync(400, "InvalidParameter"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json", "application/json", "{\"from\":")]
    [InlineData("markdown", "text/markdown", "**Of 4 upgrades to v1.28.6-r0 in the last 12 months, 3 succeeded")]
    [InlineData("text", "text/plain", "Of 4 upgrades to v1.28.6-r0 in the last 12 months, 3 succeeded")]
    [InlineData("card", "application/vnd.microsoft.card.adaptive+json", "{\"$schema\":")]
    public async Task Accept_and_format_choose_the_same_form(string format, string mediaType, string start)
    {
        const string Route = "/api/reports/outlook?clusterId=c1&targetVersion=v1.28.6-r0";
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);
        using var asked = new HttpRequestMessage(HttpMethod.Get, Route)
        {
            Headers = { { "Accept", $"{mediaType}, application/json;q=0.5" } },
        };
        using var accepted = await app.Client.SendAsync(asked);
        using var named = await app.GetAsync($"{Route}&format={format}");

        var body = await named.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.OK, $"{mediaType}; charset=utf-8"), (named.StatusCode, named.Content.Headers.ContentType?.ToString()));
        Assert.StartsWith(start, body, StringComparison.Ordinal);
        Assert.Contains("look at that before you start.", body, StringComparison.Ordinal);
        Assert.Equal((body, named.Header("ETag")), (await accepted.Content.ReadAsStringAsync(), accepted.Header("ETag")));
    }

    [Fact]
    public async Task There_is_no_picture_of_it()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.GetAsync("/api/reports/outlook?clusterId=c1&format=svg");
        Assert.Contains("text (text/plain)", await response.ProblemAsync(406, "NotAcceptable"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("markdown")]
    [InlineData("text")]
    [InlineData("card")]
    public async Task A_mistake_is_a_problem_in_every_form(string format)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.GetAsync($"/api/reports/outlook?format={format}");
        await response.ProblemAsync(400, "InvalidParameter");
    }

    [Fact]
    public async Task It_has_a_tag_that_holds_for_the_minute()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);
        using var first = await app.GetAsync("/api/reports/outlook?clusterId=c1");
        Assert.Equal("private, no-cache", first.Header("Cache-Control"));
        app.Clock.Advance(TimeSpan.FromSeconds(10));
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/reports/outlook?clusterId=c1")
        {
            Headers = { { "If-None-Match", first.Header("ETag") } },
        };
        using var unchanged = await app.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Theory]
    [InlineData("clusterId=c1", "shop")]
    [InlineData("cluster=C1", "shop")]
    [InlineData("clusterId=c2", "billing")]
    [InlineData("clusterId=c3", null)]
    [InlineData("cluster=SHOP", "shop")]
    public async Task The_cluster_is_named_where_its_name_is_known(string query, string? name)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);
        // The name as it is tracked wins over that of runs, and of runs the newest says it.
        using (var put = await app.PutToAsync("/api/clusters/c1", """{"clusterName":"shop"}"""))
        {
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        }

        await WriteAsync(app, Run("w7", "c1", "2026-11-21") with { ClusterName = "former-shop" });
        await WriteAsync(app, Run("w8", "c2", "2026-02-01") with { ClusterName = "former-billing" });
        await WriteAsync(app, Run("w9", "c2", "2026-03-01") with { ClusterName = "billing" });

        var outlook = await app.GetJsonAsync($"/api/reports/outlook?{query}&targetVersion=v1.28.6-r0");
        Assert.Equal(name, outlook.TryGetProperty("clusterName", out var known) ? known.GetString() : null);
        foreach (var format in (string[])["text", "markdown", "card"])
        {
            using var page = await app.GetAsync($"/api/reports/outlook?{query}&targetVersion=v1.28.6-r0&format={format}");
            Assert.Contains(
                $"an upgrade of cluster {name ?? "c3"} to v1.28.6-r0",
                await page.Content.ReadAsStringAsync(),
                StringComparison.Ordinal
            );
        }
    }

    internal static async Task FillAsync(ApiApp app)
    {
        await WriteAsync(app, Run("w1", "c1", "2026-11-01") with { ActiveSeconds = 100 });
        await WriteAsync(app, Run("w2", "c1", "2026-10-01", "etcd") with { ActiveSeconds = 300 });
        await WriteAsync(app, Run("w3", "c2", "2026-01-01") with { ActiveSeconds = 200 });
        await WriteAsync(
            app,
            Run("w4", "c2", "2025-12-01", "etcd", "CoreDNS") with
            {
                ActiveSeconds = 900,
                Outcome = WorkflowOutcome.RolledBack,
            }
        );
        await WriteAsync(app, Run("w5", "c2", "2025-11-24") with { TargetVersion = "v1.28.9-r2", ActiveSeconds = 1 });
        await WriteAsync(
            app,
            Run("w6", "c3", "2026-11-20") with
            {
                Target = new WorkflowTarget("p2", "c3", "w6"),
                TargetVersion = "v1.30.1-r0",
                SeenLive = false,
            }
        );
    }

    private static Task WriteAsync(ApiApp app, FinishedUpgrade run) =>
        app.Services.GetRequiredService<IRunStore>().WriteAsync(run, TestContext.Current.CancellationToken);

    private static FinishedUpgrade Run(string id, string cluster, string end, params string[] failed) =>
        new()
        {
            Target = new WorkflowTarget("p", cluster, id),
            FromVersion = cluster == "c1" ? "v1.27.8-r0" : "v1.26.1-r0",
            TargetVersion = "v1.28.6-r0",
            Outcome = WorkflowOutcome.Succeeded,
            EndedAt = DateTimeOffset.Parse(
                end,
                System.Globalization.CultureInfo.InvariantCulture,
                System.Globalization.DateTimeStyles.AssumeUniversal
            ),
            WaitingSeconds = 50,
            Tasks =
                cluster == "c3"
                    ? []
                    :
                    [
                        new FinishedTask(
                            UpgradeTaskType.PreCheck,
                            UpgradeTaskStatus.Success,
                            10.5,
                            20,
                            5,
                            failed.Length == 0 ? 1 : 2,
                            failed.Length == 0 ? 0 : 1
                        )
                        {
                            Failed = failed.Length == 0 ? null : [.. failed.Select(name => new FailedItem(name, "NodeCheck", ["E1"], 1))],
                        },
                    ],
        };
}
