using System.Text.Json;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Api.Tests.Reports;

/// <summary>Reports that show what goes on beside what is over.</summary>
public sealed class ActiveUpgradesTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_report_shows_active_upgrades_separately_and_counts_them_nowhere()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);

        var report = await app.GetJsonAsync("/api/reports/upgrades?active=true");

        var active = report.GetProperty("active").EnumerateArray().ToList();
        Assert.Equal(["w1", "w2"], active.Select(run => run.Text("workflowId")));
        Assert.Equal(
            """
            {"workflowId":"w1","clusterId":"c1","projectId":"9f1b2c3d4e5f60718293a4b5c6d7e8f9","fromVersion":"v1.27.1-r0","targetVersion":"v1.28.6-r0","openEnded":true,"assessment":"Progressing",
            "createdAt":"2026-11-23T07:00:00.5Z","startedAt":"2026-11-23T07:30:00.25Z","observedAt":"2026-11-23T08:00:00Z","stale":false,"elapsedSeconds":3599.5,"activeSeconds":1799.75,"waitingSeconds":1799.75,"attempts":1,"time":{"workSeconds":1799.75,"personSeconds":1799.75,"queueSeconds":0,"blockedSeconds":0,"unknownSeconds":0}}
            """.ReplaceLineEndings(""),
            active[0].GetRawText()
        );
        Assert.False(report.TryGetProperty("activeCut", out _));

        // The rest is the very report that has none of them.
        var without = await app.GetJsonAsync("/api/reports/upgrades");
        Assert.False(without.TryGetProperty("active", out _));
        Assert.Equal(1, without.GetProperty("groups")[0].GetProperty("runs").GetInt32());
        Assert.All(
            without.EnumerateObject(),
            member => Assert.Equal(member.Value.GetRawText(), report.GetProperty(member.Name).GetRawText())
        );
        Assert.Equal(without.GetRawText(), (await app.GetJsonAsync("/api/reports/upgrades?active=false")).GetRawText());
    }

    [Theory]
    [InlineData("clusterId=C1", "w1")]
    [InlineData("clusterId=c9", "")]
    [InlineData("projectId=p9", "")]
    [InlineData("targetVersion=v1.28.6-r0", "w1 w2")]
    [InlineData("targetVersion=v1.28.6", "")]
    [InlineData("to=2026-11-23T07:00:01Z", "w1 w2")]
    [InlineData("to=2026-11-23T07:00:00Z", "")]
    public async Task Active_upgrades_match_the_filters_and_the_end_of_the_range(string query, string ids)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);
        var report = await app.GetJsonAsync($"/api/reports/upgrades?active=true&{query}");
        Assert.Equal(ids, string.Join(' ', report.GetProperty("active").EnumerateArray().Select(run => run.Text("workflowId"))));
        var pages = await app.PagesAsync($"/api/reports/runs?active=true&{query}");
        Assert.Equal(
            ids,
            string.Join(
                ' ',
                Runs(pages)
                    .Where(run => run.Text("outcome") == "Active")
                    .Select(run => run.Text("workflowId"))
                    .Order(StringComparer.Ordinal)
            )
        );
    }

    [Fact]
    public async Task Lists_and_streams_of_runs_have_them_first_and_marked()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);

        var runs = Runs([await app.GetJsonAsync("/api/reports/runs?active=true")]);
        Assert.Equal(["Active", "Active", "Succeeded"], runs.Select(run => run.Text("outcome")));
        var first = runs.Single(run => run.Text("workflowId") == "w1");
        Assert.Equal(
            """
            {"workflowId":"w1","clusterId":"c1","projectId":"9f1b2c3d4e5f60718293a4b5c6d7e8f9","fromVersion":"v1.27.1-r0","targetVersion":"v1.28.6-r0","outcome":"Active","createdAt":"2026-11-23T07:00:00.5Z","startedAt":"2026-11-23T07:30:00.25Z",
            "elapsedSeconds":3599.5,"activeSeconds":1799.75,"waitingSeconds":1799.75,"blockedSeconds":0,"time":{"workSeconds":1799.75,"personSeconds":1799.75,"queueSeconds":0,"blockedSeconds":0,"unknownSeconds":0},"attempts":1,"failures":0,"rollbacks":0,"seenLive":true,"openEnded":true,"assessment":"Progressing","observedAt":"2026-11-23T08:00:00Z","stale":false,
            "tasks":[{"type":"Cluster","status":"Running","runSeconds":1799.75,"allRunSeconds":1799.75,"waitSeconds":1799.75,"attempts":1,"failures":0}]}
            """.ReplaceLineEndings(""),
            first.GetRawText()
        );
        Assert.False(runs[2].TryGetProperty("openEnded", out _));

        var lines = (await app.Client.GetStringAsync(new Uri("/api/reports/runs?active=true&format=ndjson", UriKind.Relative))).Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries
        );
        Assert.Equal(runs.Select(run => run.GetRawText()), lines);

        var csv = (await app.Client.GetStringAsync(new Uri("/api/reports/runs?active=true&format=csv", UriKind.Relative))).Split(
            "\r\n",
            StringSplitOptions.RemoveEmptyEntries
        );
        var plain = (await app.Client.GetStringAsync(new Uri("/api/reports/runs?format=csv", UriKind.Relative))).Split(
            "\r\n",
            StringSplitOptions.RemoveEmptyEntries
        );
        Assert.Equal((4, plain[0], plain[1]), (csv.Length, csv[0], csv[3]));
        Assert.Contains(
            "w1,c1,9f1b2c3d4e5f60718293a4b5c6d7e8f9,v1.27.1-r0,v1.28.6-r0,Active,2026-11-23T07:00:00.5Z,2026-11-23T07:30:00.25Z,,"
                + "3599.5,1799.75,1799.75,1,,,0,,,0,1799.75,1799.75,1,,,0,,,0,1799.75,1799.75,0,0,0,,true",
            csv
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(100)]
    public async Task Pages_visit_each_once_and_hold_no_more_than_was_asked_for(int size)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);
        await app.TrackAsync("w4");
        await WriteAsync(app, "w0");

        var pages = await app.PagesAsync($"/api/reports/runs?active=true&maxpagesize={size}&code=s3cret");

        Assert.All(pages.SkipLast(1), page => Assert.Equal(size, page.GetProperty("value").GetArrayLength()));
        Assert.InRange(pages[^1].GetProperty("value").GetArrayLength(), 1, size);
        var runs = Runs(pages);
        // The oldest first; when w4 was created is not known yet.
        Assert.Equal(["w1", "w2", "w4"], runs.Take(3).Select(run => run.Text("workflowId")));
        Assert.Equal(["w3", "w0"], runs.Skip(3).Select(run => run.Text("workflowId")));
        Assert.All(
            pages.SkipLast(1),
            page =>
                Assert.Matches(@"^/api/reports/runs\?from=.*&active=true&maxpagesize=\d+&continuationToken=[^&]+$", page.Text("nextLink"))
        );
    }

    [Theory]
    [InlineData("upgrades?active=perhaps", "'active' must be true or false")]
    [InlineData("runs?active=1", "'active' must be true or false")]
    [InlineData("upgrades?active=true&outcome=Succeeded", "'outcome' must be left out with active=true")]
    [InlineData("runs?active=true&outcome=Succeeded", "'outcome' must be left out with active=true")]
    [InlineData("runs?active=true&outcome=Succeeded&format=csv", "'outcome' must be left out with active=true")]
    [InlineData("runs?outcome=Active", "'outcome' must be one of")]
    [InlineData("runs?active=true&continuationToken=active.nonsense", "nextLink")]
    [InlineData("runs?active=true&continuationToken=active.", "nextLink")]
    [InlineData("runs?continuationToken=active.nonsense", "nextLink")]
    [InlineData("runs?continuationToken=finished", "nextLink")]
    public async Task What_cannot_be_asked_is_refused(string query, string said)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var response = await app.GetAsync($"/api/reports/{query}");
        Assert.Contains(said, await response.ProblemAsync(400, "InvalidParameter"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_shows_the_longest_of_many_and_says_that_there_are_more()
    {
        await using var app = await ApiApp.StartAsync(
            new NoRuns(),
            new ListStoreInMemory { Rows = [.. Enumerable.Range(0, 1500).Select(Row)] }
        );

        var report = await app.GetJsonAsync("/api/reports/upgrades?active=true");

        Assert.Equal(
            Enumerable.Range(500, 1000).Reverse().Select(i => $"w{i}"),
            report.GetProperty("active").EnumerateArray().Select(run => run.Text("workflowId"))
        );
        Assert.True(report.GetProperty("activeCut").GetBoolean());
        // A stream has them all.
        Assert.Equal(
            1501,
            (await app.Client.GetStringAsync(new Uri("/api/reports/runs?active=true&format=csv", UriKind.Relative)))
                .Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
                .Length
        );
    }

    [Fact]
    public async Task What_was_read_too_long_ago_is_marked_stale()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await FillAsync(app);
        app.Clock.Advance(TimeSpan.FromHours(1));
        var report = await app.GetJsonAsync("/api/reports/upgrades?active=true&clusterId=c1");
        Assert.True(report.GetProperty("active")[0].GetProperty("stale").GetBoolean());
        // So far means as far as was seen.
        Assert.Equal(3599.5, report.GetProperty("active")[0].GetProperty("elapsedSeconds").GetDouble());
    }

    /// <summary>
    /// Two active upgrades, the second one begun later in a cluster of its own, one that has ended, and one that is no longer tracked.
    /// </summary>
    private static async Task FillAsync(ApiApp app)
    {
        app.Upstream.Named = _ => null;
        await app.TrackAsync("w1", "c1");
        await app.TrackAsync("w2", "c2");
        await app.TrackAsync("w5", "c5");
        await app.PollAsync("w1");
        await app.PollAsync("w2");
        Assert.True(await app.Services.GetRequiredService<ITrackingStore>().UntrackAsync("w5", TestContext.Current.CancellationToken));
        app.Upstream.Says(Upstream.Done);
        await app.TrackAsync("w3", "c3");
        await app.PollAsync("w3");
    }

    private static Task WriteAsync(ApiApp app, string id) =>
        app
            .Services.GetRequiredService<IRunStore>()
            .WriteAsync(
                new()
                {
                    Target = ApiApp.Target(id),
                    Outcome = WorkflowOutcome.Cancelled,
                    EndedAt = ApiApp.Now.AddDays(-3),
                },
                TestContext.Current.CancellationToken
            );

    /// <summary>The greater the number, the longer it has gone on.</summary>
    private static TrackedWorkflow Row(int number) =>
        new()
        {
            Target = ApiApp.Target($"w{number}"),
            State = new UpgradeWorkflow { Phase = WorkflowPhase.Running, CreatedAt = ApiApp.Now.AddMinutes(-number) },
            ObservedAt = ApiApp.Now,
        };

    /// <summary>Nothing is over.</summary>
    private sealed class NoRuns : IRunStore
    {
        public IAsyncEnumerable<FinishedUpgrade> ReadAsync(
            RunQuery query,
            UnreadableCount unreadable,
            CancellationToken cancellationToken
        ) => AsyncEnumerable.Empty<FinishedUpgrade>();

        public Task<Page<FinishedUpgrade>> ReadPageAsync(
            RunQuery query,
            int pageSize,
            string? continuationToken,
            CancellationToken cancellationToken
        ) => Task.FromResult(new Page<FinishedUpgrade>([], null));

        public Task WriteAsync(FinishedUpgrade run, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private static List<JsonElement> Runs(IEnumerable<JsonElement> pages) =>
        [.. pages.SelectMany(page => page.GetProperty("value").EnumerateArray())];
}
