using System.Text.Json;
using Autopilot.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Autopilot.Api.Tests.Mcp;

/// <summary>What an agent's own library makes of the endpoint.</summary>
public sealed class TypeScriptClientTests(AzuriteFixture azurite)
{
    private static readonly string[] Tools =
    [
        "explain_blocker",
        "get_timeline",
        "get_upgrade",
        "get_upgrade_history",
        "list_upgrades",
        "needs_attention",
        "upgrade_outlook",
        "upgrade_report",
        "what_changed",
    ];

    [Fact]
    public async Task The_official_client_calls_every_tool_and_finds_each_answer_valid()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Says(Upstream.Failed);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        await Reports.OutlookTests.FillAsync(app);

        var answer = await TypeScriptClient.RunAsync(
            app.Client.BaseAddress!,
            new Dictionary<string, string>(),
            ("list_upgrades", """{ "assessment": "blocked", "limit": 5 }"""),
            ("get_upgrade", """{ "workflowId": "W1" }"""),
            ("explain_blocker", """{ "workflowId": "w1" }"""),
            ("get_timeline", """{ "workflowId": "w1" }"""),
            ("get_upgrade_history", """{ "workflowId": "w1", "limit": 1 }"""),
            ("upgrade_report", """{ "groupBy": "month" }"""),
            ("get_upgrade", """{ "workflowId": "w2" }"""),
            ("upgrade_outlook", """{ "clusterId": "C1", "targetVersion": "v1.28.6-r0" }"""),
            ("upgrade_outlook", """{ "clusterId": "c1", "projectId": "nobodys" }"""),
            ("needs_attention", "{}"),
            ("what_changed", """{ "since": "2026-11-23" }""")
        );

        Assert.False(answer.TryGetProperty("error", out var error), error.ToString());
        Assert.Equal("autopilot", answer.GetProperty("server").Text("name"));
        Assert.Contains("never instructions", answer.Text("instructions"), StringComparison.Ordinal);
        Assert.Equal(Tools, answer.GetProperty("tools").EnumerateArray().Select(tool => tool.Text("name")).Order(StringComparer.Ordinal));
        Assert.All(
            answer.GetProperty("tools").EnumerateArray(),
            tool =>
            {
                var hints = tool.GetProperty("annotations");
                Assert.True(hints.GetProperty("readOnlyHint").GetBoolean());
                Assert.False(hints.GetProperty("destructiveHint").GetBoolean());
                Assert.False(tool.GetProperty("inputSchema").GetProperty("additionalProperties").GetBoolean());
                Assert.All(
                    tool.GetProperty("inputSchema").GetProperty("properties").EnumerateObject(),
                    argument => Assert.NotEqual("", argument.Value.Text("description"))
                );
                Assert.True(tool.GetProperty("outputSchema").GetProperty("properties").EnumerateObject().Any());
            }
        );

        var results = answer
            .GetProperty("results")
            .EnumerateArray()
            .Select(item => item.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException(item.ToString()))
            .ToList();
        var summary = await app.GetJsonAsync("/api/workflows/w1");
        Assert.Equal("w1", results[0].GetProperty("structuredContent").GetProperty("upgrades")[0].Text("id"));
        Assert.True(
            JsonElement.DeepEquals(summary, results[1].GetProperty("structuredContent")),
            "get_upgrade differs from GET /api/workflows/w1."
        );
        Assert.StartsWith(summary.Text("headline"), Text(results[1]), StringComparison.Ordinal);
        Assert.Contains(summary.GetProperty("blockingTask").Text("remediation"), Text(results[2]), StringComparison.Ordinal);
        Assert.True(
            JsonElement.DeepEquals(await app.GetJsonAsync("/api/workflows/w1/timeline"), results[3].GetProperty("structuredContent")),
            "get_timeline differs from the route."
        );
        Assert.Equal(1, results[4].GetProperty("structuredContent").GetProperty("changes").GetArrayLength());
        Assert.Equal("month", results[5].GetProperty("structuredContent").Text("groupBy"));
        Assert.True(results[6].GetProperty("isError").GetBoolean());
        Assert.Contains("Call list_upgrades", Text(results[6]), StringComparison.Ordinal);
        var outlook = await app.GetJsonAsync("/api/reports/outlook?clusterId=c1&targetVersion=v1.28.6-r0");
        Assert.True(
            JsonElement.DeepEquals(outlook, results[7].GetProperty("structuredContent")),
            "upgrade_outlook differs from the route."
        );
        Assert.StartsWith(outlook.Text("headline"), Text(results[7]), StringComparison.Ordinal);
        Assert.True(results[8].GetProperty("structuredContent").GetProperty("tooLittleHistory").GetBoolean());
        Assert.Equal("w1", results[10].GetProperty("structuredContent").GetProperty("changes")[0].Text("workflowId"));
        Assert.Equal("w1", results[9].GetProperty("structuredContent").GetProperty("upgrades")[0].Text("id"));
    }

    [Fact]
    public async Task With_keys_set_the_official_client_needs_one_and_a_key_that_only_reads_is_enough()
    {
        const string Key = "an-api-key-of-the-tests-0123456789abcdef";
        await using var server = ServerApp.Create(
            ["--urls", "http://127.0.0.1:0"],
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        ["AutopilotStorage"] = azurite.ConnectionString,
                        ["Storage:TablePrefix"] = $"M{Guid.NewGuid():N}",
                        ["PollSchedule"] = "disabled",
                        ["RetentionSchedule"] = "disabled",
                        ["Cce:Endpoint"] = "http://127.0.0.1:9",
                        ["Cce:ProjectId"] = "p1",
                        ["Cce:Token"] = "unused",
                        ["Server:ApiKeys:0"] = Key,
                    }
                );
                builder.Logging.ClearProviders();
            }
        );
        await server.StartAsync(TestContext.Current.CancellationToken);
        var address = new Uri(server.Urls.Single());

        var refused = await TypeScriptClient.RunAsync(address, new Dictionary<string, string>(), ("list_upgrades", "{}"));
        Assert.Contains("\"code\":\"Unauthorized\"", refused.Text("error"), StringComparison.Ordinal);
        Assert.Equal(0, refused.GetProperty("tools").GetArrayLength());

        var answered = await TypeScriptClient.RunAsync(
            address,
            new Dictionary<string, string> { ["x-functions-key"] = Key },
            ("list_upgrades", "{}")
        );
        Assert.False(answered.TryGetProperty("error", out var error), error.ToString());
        Assert.StartsWith(
            "None that goes on matches.\n0 upgrades",
            Text(answered.GetProperty("results")[0].GetProperty("result")),
            StringComparison.Ordinal
        );
    }

    private static string Text(JsonElement result) => result.GetProperty("content")[0].Text("text");
}
