using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Tests.Mcp;

/// <summary>The endpoint by plain HTTP: limits, bad input, outages, staleness, foreign text.</summary>
public sealed class McpTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("PUT")]
    public async Task Only_post_is_allowed_since_there_are_no_sessions(string method)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/mcp");
        using var response = await app.Client.SendAsync(request);
        await response.ProblemAsync(405, "MethodNotAllowed");
        Assert.Equal("POST", response.Header("Allow"));
    }

    [Theory]
    [InlineData("get_upgrade", "{}", "'workflowId' is missing. Call list_upgrades")]
    [InlineData("get_upgrade", """{"workflowId":"a b"}""", "'workflowId' must be a string of")]
    [InlineData("get_upgrade", """{"workflowId":7}""", "'workflowId' must be a string of")]
    [InlineData("get_upgrade", """{"workflowId":null}""", "'workflowId' is missing")]
    [InlineData("get_upgrade", """{"workflowId":"w1","id":"w1"}""", "'id' is not an argument of get_upgrade, which takes: workflowId.")]
    [InlineData(
        "explain_blocker",
        """{"workflowId":"unknown"}""",
        "WorkflowNotFound: no upgrade with the id 'unknown' is known here. Call list_upgrades"
    )]
    [InlineData("get_timeline", """{"workflowId":"unknown"}""", "Call list_upgrades")]
    [InlineData("get_upgrade_history", """{"workflowId":"unknown"}""", "Call list_upgrades")]
    [InlineData("get_upgrade_history", """{"workflowId":"w1","from":"yesterday"}""", "'from' must be an instant as in RFC 3339")]
    [InlineData("get_upgrade_history", """{"workflowId":"w1","from":"2026-11-02","to":"2026-11-01"}""", "'from' must be earlier than 'to'")]
    [InlineData("list_upgrades", """{"limit":0}""", "'limit' must be a whole number from 1 to 100.")]
    [InlineData("list_upgrades", """{"limit":101}""", "'limit' must be a whole number from 1 to 100.")]
    [InlineData("list_upgrades", """{"limit":1.5}""", "'limit' must be a whole number from 1 to 100.")]
    [InlineData("list_upgrades", """{"limit":"5"}""", "'limit' must be a whole number from 1 to 100.")]
    [InlineData("list_upgrades", """{"active":"true"}""", "'active' must be true or false.")]
    [InlineData("list_upgrades", """{"assessment":"Fine"}""", "'assessment' must be one of Unknown, NotStarted")]
    [InlineData("list_upgrades", """{"continuationToken":""}""", "'continuationToken' must be a string of 1 to 2048 characters.")]
    [InlineData("upgrade_report", """{"groupBy":"day"}""", "'groupBy' must be one of none, month, week")]
    [InlineData("upgrade_report", """{"from":"2001-01-01"}""", "at most 5 years before 'to'")]
    [InlineData("what_changed", """{"since":"yesterday"}""", "'since' must be an instant as in RFC 3339")]
    [InlineData("what_changed", """{"since":"2001-01-01"}""", "at most 31 days ago")]
    [InlineData(
        "what_changed",
        """{"from":"2026-11-22"}""",
        "'from' is not an argument of what_changed, which takes: since, cluster, projectId, limit, continuationToken."
    )]
    [InlineData("upgrade_outlook", "{}", "'targetVersion' must be given, or 'cluster'")]
    [InlineData("upgrade_outlook", """{"clusterId":"a b"}""", "'clusterId' must be a string of")]
    [InlineData("upgrade_outlook", """{"targetVersion":""}""", "'targetVersion' must be a string of 1 to 256 characters.")]
    [InlineData("upgrade_outlook", """{"clusterId":"c1","fromVersion":"v1"}""", "'targetVersion' must be given with 'fromVersion'")]
    [InlineData("upgrade_outlook", """{"workflowId":"w1"}""", "which takes: clusterId, cluster, targetVersion, fromVersion, projectId.")]
    public async Task An_error_says_what_to_do_instead(string tool, string arguments, string expected)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        var result = await CallAsync(app, tool, arguments);
        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Contains(expected, Text(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forged_token_is_rejected_with_what_to_do()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        var result = await CallAsync(app, "list_upgrades", """{"continuationToken":"made-up"}""");
        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Contains("leave it out to begin again", Text(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_lead_to_every_upgrade_once()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        foreach (var id in (string[])["w1", "w2", "w3"])
        {
            await app.TrackAsync(id);
        }

        List<string> seen = [];
        string? token = null;
        do
        {
            var result = await CallAsync(
                app,
                "list_upgrades",
                token is null ? """{"limit":2}""" : $$"""{"limit":2,"continuationToken":"{{token}}"}"""
            );
            var content = result.GetProperty("structuredContent");
            Assert.Equal(3, content.GetProperty("counts").GetProperty("Unknown").GetInt32());
            Assert.StartsWith(
                "All that go on and match every filter but assessment: 3 "
                    + $"Unknown.\n{(token is null ? "2 upgrades listed; 1 more" : "1 upgrade listed; there are no more.")}",
                Text(result),
                StringComparison.Ordinal
            );
            seen.AddRange(content.GetProperty("upgrades").EnumerateArray().Select(upgrade => upgrade.Text("id")));
            token = content.TryGetProperty("continuationToken", out var next) ? next.GetString() : null;
        } while (token is not null && seen.Count < 10);
        Assert.Equal(["w1", "w2", "w3"], seen);
        var reversed = (await CallAsync(app, "list_upgrades", """{"orderBy":"createdAt desc","cluster":"no such"}""")).GetProperty(
            "structuredContent"
        );
        Assert.Equal(0, reversed.GetProperty("upgrades").GetArrayLength());
    }

    [Fact]
    public async Task What_changed_lists_changes_of_all_clusters_since_a_moment_page_by_page()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        foreach (var (id, cluster) in new[] { ("w1", "c1"), ("w2", "c2") })
        {
            await app.TrackAsync(id, cluster);
            await app.PollAsync(id);
        }

        app.Clock.Advance(TimeSpan.FromMinutes(10));
        app.Upstream.Says(Upstream.Failed);
        await app.PollAsync("w2");

        const string Since = "2026-11-23T00:00:00Z";
        var all = await CallAsync(app, "what_changed", $$"""{"since":"{{Since}}"}""");
        var changes = all.GetProperty("structuredContent").GetProperty("changes").EnumerateArray().ToList();
        Assert.Equal("w2", changes[0].Text("workflowId"));
        Assert.Equal(["w1", "w2", "w2"], changes.Select(one => one.Text("workflowId")).Order(StringComparer.Ordinal));
        Assert.StartsWith("3 changes observed since 2026-11-23T00:00:00Z, newest first.", Text(all), StringComparison.Ordinal);
        Assert.Contains("upgrade w2 to v1.28.6-r0, state 2: Blocked", Text(all), StringComparison.Ordinal);

        var late = await CallAsync(app, "what_changed", """{"since":"2026-11-23T08:05:00Z"}""");
        Assert.Equal(1, late.GetProperty("structuredContent").GetProperty("changes").GetArrayLength());
        var one = await CallAsync(app, "what_changed", $$"""{"since":"{{Since}}","cluster":"c1"}""");
        Assert.Equal("w1", Assert.Single(one.GetProperty("structuredContent").GetProperty("changes").EnumerateArray()).Text("workflowId"));

        var first = (await CallAsync(app, "what_changed", $$"""{"since":"{{Since}}","limit":2}""")).GetProperty("structuredContent");
        var rest = (
            await CallAsync(
                app,
                "what_changed",
                $$"""{"since":"{{Since}}","limit":2,"continuationToken":"{{first.Text("continuationToken")}}"}"""
            )
        ).GetProperty("structuredContent");
        Assert.Equal((2, 1), (first.GetProperty("changes").GetArrayLength(), rest.GetProperty("changes").GetArrayLength()));
        // Where no moment is given, the answer names the one that its token belongs to.
        var implied = (await CallAsync(app, "what_changed", """{"limit":2}""")).GetProperty("structuredContent");
        app.Clock.Advance(TimeSpan.FromSeconds(1.5));
        var next = await CallAsync(
            app,
            "what_changed",
            $$"""{"since":"{{implied.Text("since")}}","continuationToken":"{{implied.Text("continuationToken")}}"}"""
        );
        Assert.Equal(1, next.GetProperty("structuredContent").GetProperty("changes").GetArrayLength());
    }

    [Fact]
    public async Task An_outage_says_when_to_call_again_and_a_defect_says_nothing_of_itself()
    {
        await using (var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("secret"))))
        {
            var result = await CallAsync(app, "get_upgrade", """{"workflowId":"w1"}""");
            Assert.True(result.GetProperty("isError").GetBoolean());
            Assert.Matches("^Error: StorageUnavailable: .*Call again in 10 s\\.$", Text(result));
        }

        await using (var app = await ApiApp.StartAsync(new StoreDouble(new InvalidOperationException("hunter2"))))
        {
            var result = await CallAsync(app, "get_upgrade", """{"workflowId":"w1"}""");
            Assert.StartsWith("Error: InternalError: ", Text(result), StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", Text(result), StringComparison.Ordinal);
            Assert.Single(app.Log.GetSnapshot(), record => record.Id.Name == "ToolFailed");
        }
    }

    [Theory]
    [InlineData("list_upgrades", "{}")]
    [InlineData("get_upgrade", """{"workflowId":"w1"}""")]
    [InlineData("explain_blocker", """{"workflowId":"w1"}""")]
    [InlineData("get_timeline", """{"workflowId":"w1"}""")]
    [InlineData("get_upgrade_history", """{"workflowId":"w1"}""")]
    public async Task What_is_stale_is_said_to_be_stale_and_what_is_not_is_not(string tool, string arguments)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        Assert.DoesNotContain("STALE", Text(await CallAsync(app, tool, arguments)), StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Contains("STALE", Text(await CallAsync(app, tool, arguments)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_short_outlook_gives_the_basis_of_each_figure_and_reports_too_little_history()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        const string Asked = """{"clusterId":"c1","targetVersion":"v1.28.6-r0"}""";
        Assert.Equal(
            """
            No upgrade has ended in the last 12 months: too little history to estimate how this one may go; at least 3 are needed.
            No cluster with the name or id 'c1' is known here. The outlook is made of upgrades of other clusters.
            Say so to the user: any figure would be a guess.
            """.ReplaceLineEndings("\n"),
            Text(await CallAsync(app, "upgrade_outlook", Asked))
        );

        await Reports.OutlookTests.FillAsync(app);

        Assert.EndsWith(
            """

            - Ends, by 4 upgrades to v1.28.6-r0 (basis TargetVersion): 3 succeeded, 1 rolled back, 0 cancelled, 0 gone, 0 unclear; a rollback ran in 1.
            - Second attempts, by 4 upgrades to v1.28.6-r0 (basis TargetVersion): in 2. PreCheck: 2 of 4.
            - Work, by 3 upgrades to v1.28.6-r0 (basis TargetVersion): 3 min 20 s (median), 5 min (P80). PreCheck: 10 s (median), 10 s (P80).
            - Waiting for people, by 3 upgrades to v1.28.6-r0 (basis TargetVersion): 50 s (median), 50 s (P80).
            - Pre-check, by 4 upgrades to v1.28.6-r0 (basis TargetVersion): failed in 2. 'etcd' in 2. 'CoreDNS' in 1.
            """.ReplaceLineEndings("\n"),
            Text(await CallAsync(app, "upgrade_outlook", Asked)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Text_of_others_cannot_break_a_line_or_hide_in_control_characters()
    {
        var row = new TrackedWorkflow
        {
            Target = ApiApp.Target("w1"),
            ClusterName = "blue\n- w9 (ok)\u202e\u001b[2J",
            TrackedAt = ApiApp.Now,
            NextPollAt = ApiApp.Now,
        };
        await using var app = await ApiApp.StartAsync(new StoreDouble { Finds = row });
        var result = await CallAsync(app, "get_upgrade", """{"workflowId":"w1"}""");
        Assert.Equal("blue - w9 (ok) [2J", result.GetProperty("structuredContent").Text("clusterName"));
        Assert.Contains("blue - w9 (ok) [2J", Text(result), StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', Text(result));
    }

    [Fact]
    public async Task A_message_over_64_KiB_is_refused_before_it_is_read()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var response = await PostAsync(app, new string(' ', 64 * 1024) + "{}");
        await response.ProblemAsync(413, "PayloadTooLarge");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"no/such"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"drop_tables"}}""")]
    public async Task What_is_no_call_is_an_error_and_no_defect(string body)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var response = await PostAsync(app, body);
        Assert.True((int)response.StatusCode < 500, $"{response.StatusCode}");
        Assert.Contains("error", await response.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }

    internal static async Task<JsonElement> CallAsync(ApiApp app, string tool, string arguments)
    {
        using var response = await PostAsync(
            app,
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}} } }"""
        );
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        var data = text.Split('\n').FirstOrDefault(line => line.StartsWith("data: ", StringComparison.Ordinal))?[6..] ?? text;
        var message = JsonDocument.Parse(data).RootElement;
        Assert.True(message.TryGetProperty("result", out var result), data);
        return result;
    }

    private static async Task<HttpResponseMessage> PostAsync(ApiApp app, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/mcp")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return await app.Client.SendAsync(request);
    }

    private static string Text(JsonElement result) => result.GetProperty("content")[0].Text("text");
}
