using System.Net;
using System.Text.Json;
using Autopilot.Core.Rows;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Autopilot.Api.Tests.Problems;

/// <summary>Damaged rows, and rows that a newer version wrote, through the routes.</summary>
public sealed class UnreadableRowTests(AzuriteFixture azurite)
{
    private const string Id = "w1",
        Cluster = ApiApp.Cluster;
    private const string Body = $$"""{"clusterId":"{{ApiApp.Cluster}}"}""";

    [Theory]
    [InlineData("a|", "State", "{")]
    [InlineData("f|", "Outcome", "Novel")]
    [InlineData("a|", "V", 2)]
    public async Task GET_of_an_unreadable_workflow_names_the_row_and_the_way_out(string prefix, string column, object value)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await DamagedAsync(app, prefix, column, value);
        foreach (var path in (string[])["", "?format=markdown", "/history", "/history/1", "/timeline", "/wait?until=completed"])
        {
            using var response = await app.GetAsync($"/api/workflows/{Id}{path}");
            var detail = await response.ProblemAsync(500, "RowUnreadable");
            Assert.Contains($"{prefix}{Id}", detail, StringComparison.Ordinal);
            Assert.Contains(column is "V" ? "newer version wrote it" : $"PUT /api/workflows/{Id}", detail, StringComparison.Ordinal);
            Assert.DoesNotContain("Novel", detail, StringComparison.Ordinal);
            var row = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("row");
            Assert.Equal(
                ($"{prefix}{Id}", Shard.Of(Id).Key, column is "V"),
                (row.Text("rowKey"), row.Text("partitionKey"), row.GetProperty("newer").GetBoolean())
            );
        }
    }

    [Fact]
    public async Task Each_answer_of_500_is_a_warning_with_its_trace_and_a_conflict_is_none()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await DamagedAsync(app, "a|", "V", 2);
        var traces = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var response = await app.GetAsync($"/api/workflows/{Id}");
            traces.Add(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Text("traceId"));
        }
        using var conflict = await app.PostAsync($"/api/workflows/{Id}/poll");
        await conflict.ProblemAsync(409, "RowUnreadable");

        var log = app.Log.GetSnapshot();
        Assert.Equal(
            traces.Select(trace =>
                (LogLevel.Warning, $"GET /api/workflows/{{workflowId}} could not be answered: RowUnreadable, trace {trace}")
            ),
            log.Where(entry => entry.Id.Name is "RequestMetOutage").Select(entry => (entry.Level, entry.Message))
        );
        Assert.Equal(LogLevel.Information, Assert.Single(log, entry => entry.Id.Name is "RequestRefused").Level);
    }

    [Fact]
    public async Task PUT_replaces_a_damaged_workflow_and_the_history_continues()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await DamagedAsync(app, "a|", "State", "{");
        using var poll = await app.PostAsync($"/api/workflows/{Id}/poll");
        await poll.ProblemAsync(500, "RowUnreadable");

        using var put = await app.PutAsync(Id, Body);
        Assert.Equal((HttpStatusCode.OK, 1), (put.StatusCode, (await put.JsonAsync()).GetProperty("sequence").GetInt32()));
        app.Upstream.Says(Upstream.Failed);
        Assert.Equal(
            ("Blocked", 2),
            (await app.PollAsync(Id)) is var summary ? (summary.Text("assessment"), summary.GetProperty("sequence").GetInt32()) : default
        );

        var history = (await app.GetJsonAsync($"/api/workflows/{Id}/history")).GetProperty("value");
        Assert.Equal([2, 1], history.EnumerateArray().Select(entry => entry.GetProperty("sequence").GetInt32()));
        using var first = await app.GetAsync($"/api/workflows/{Id}/history/1");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
    }

    [Fact]
    public async Task PUT_and_poll_of_a_workflow_of_a_newer_version_are_a_conflict_and_leave_the_row()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        var version = await DamagedAsync(app, "a|", "V", 2);
        using var put = await app.PutAsync(Id, Body);
        Assert.Contains("newer version", await put.ProblemAsync(409, "RowUnreadable"), StringComparison.Ordinal);
        using var poll = await app.PostAsync($"/api/workflows/{Id}/poll");
        Assert.Contains("newer version", await poll.ProblemAsync(409, "RowUnreadable"), StringComparison.Ordinal);
        Assert.Equal(version, (await RowAsync(app, "a|" + Id)).ETag);
    }

    [Theory]
    [InlineData("State", "{", "")]
    [InlineData("V", 2, "")]
    [InlineData("State", "{", "?purge=true")]
    [InlineData("V", 2, "?purge=true")]
    public async Task DELETE_removes_an_unreadable_workflow_and_with_purge_its_history(string column, object value, string purge)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await DamagedAsync(app, "a|", column, value);
        using var deleted = await app.Client.DeleteAsync($"/api/workflows/{Id}{purge}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await app.GetAsync($"/api/workflows/{Id}");
        await gone.ProblemAsync(404, "WorkflowNotFound");
        await app.TrackAsync(Id);
        Assert.Equal(
            purge.Length == 0 ? 1 : 0,
            (await app.GetJsonAsync($"/api/workflows/{Id}/history")).GetProperty("value").GetArrayLength()
        );
    }

    [Theory]
    [InlineData("State", "{")]
    [InlineData("V", 2)]
    public async Task A_cycle_counts_it_and_is_not_complete_and_readiness_shows_it(string column, object value)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w2");
        await DamagedAsync(app, "a|", column, value);

        using var response = await app.PostAsync("/api/poll");
        var cycle = await response.JsonAsync();

        Assert.Equal(
            (1, 1, false),
            (cycle.GetProperty("unreadable").GetInt32(), cycle.GetProperty("polled").GetInt32(), cycle.GetProperty("complete").GetBoolean())
        );
        Assert.Contains("cannot be read", cycle.GetProperty("errors")[0].GetString(), StringComparison.Ordinal);
        var ready = await app.GetJsonAsync("/api/health/ready");
        var finding = Assert.Single(ready.GetProperty("findings").EnumerateArray());
        Assert.Equal(
            ("Ready", "RowUnreadable", 1, Shard.Of(Id).Key),
            (
                ready.Text("status"),
                finding.Text("code"),
                finding.GetProperty("unreadable").GetInt32(),
                finding.GetProperty("shards")[0].GetString()
            )
        );
        Assert.DoesNotContain(Id, finding.Text("detail"), StringComparison.Ordinal);
        Assert.Single(app.Log.GetSnapshot(), entry => entry.Id.Name == "RowUnreadable");
    }

    [Theory]
    [InlineData("clusters", "c|", "Origin", "Novel")]
    [InlineData("clusters", "c|", "V", 2)]
    [InlineData("projects", "cp|", "Origin", "Novel")]
    [InlineData("projects", "cp|", "V", 2)]
    public async Task Clusters_and_projects_have_the_same_ways_out(string route, string prefix, string column, object value)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var tracked = await app.PutToAsync($"/api/{route}/one", null);
        Assert.Equal(HttpStatusCode.Created, tracked.StatusCode);
        await DamageAsync(app, prefix + "one", column, value);

        using var get = await app.GetAsync($"/api/{route}/one");
        Assert.Contains(
            column is "V" ? "newer version" : $"DELETE /api/{route}/one",
            await get.ProblemAsync(500, "RowUnreadable"),
            StringComparison.Ordinal
        );
        using var put = await app.PutToAsync($"/api/{route}/one", null);
        if (column is "V")
        {
            await put.ProblemAsync(409, "RowUnreadable");
        }
        else
        {
            Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        }

        await DamageAsync(app, prefix + "one", column, value);
        using var deleted = await app.Client.DeleteAsync($"/api/{route}/one");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await app.GetAsync($"/api/{route}/one");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_cluster_is_shown_though_its_upgrade_cannot_be_read()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        using var tracked = await app.PutToAsync($"/api/clusters/{Cluster}", null);
        await DamagedAsync(app, "a|", "State", "{");
        await DamageAsync(app, "c|" + Cluster, "CurrentWorkflowId", Id);
        var cluster = await app.GetJsonAsync($"/api/clusters/{Cluster}");
        Assert.Equal((false, 1), (cluster.TryGetProperty("currentUpgrade", out _), cluster.GetProperty("unreadable").GetInt32()));
    }

    [Fact]
    public async Task A_state_that_cannot_be_read_is_a_problem_of_its_own()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync(Id);
        await app.PollAsync(Id);
        await DamageAsync(app, $"h|{Id}|9999999998", "Changes", "[{");
        using var state = await app.GetAsync($"/api/workflows/{Id}/history/1");
        Assert.Contains("purge=true", await state.ProblemAsync(500, "RowUnreadable"), StringComparison.Ordinal);
        using var summary = await app.GetAsync($"/api/workflows/{Id}");
        Assert.Equal(HttpStatusCode.OK, summary.StatusCode);
    }

    [Fact]
    public async Task Reports_say_how_many_runs_cannot_be_read()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Says(Upstream.Done);
        foreach (var id in (string[])[Id, "w2"])
        {
            await app.TrackAsync(id);
            await app.PollAsync(id);
        }
        var runs = Table(app, "Runs");
        var run = await runs.QueryAsync<TableEntity>(row => row.PartitionKey == "2026-11").FirstAsync();
        run["Tasks"] = "[{";
        await runs.UpdateEntityAsync(run, run.ETag, TableUpdateMode.Replace);

        var report = await app.GetJsonAsync("/api/reports/upgrades");
        Assert.Equal((1, 1), (report.GetProperty("unreadable").GetInt32(), report.GetProperty("total").GetProperty("runs").GetInt32()));
        Assert.Equal(1, (await app.GetJsonAsync("/api/reports/outlook?targetVersion=v1")).GetProperty("unreadable").GetInt32());
        Assert.Contains("1 stored row", await app.Client.GetStringAsync("/api/reports/upgrades?format=markdown"), StringComparison.Ordinal);
        Assert.Contains(
            "1 stored row",
            await app.Client.GetStringAsync("/api/reports/outlook?targetVersion=v1&format=text"),
            StringComparison.Ordinal
        );
        using var stream = await app.GetAsync("/api/reports/runs?format=ndjson");
        Assert.Single((await stream.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_shard_with_a_status_of_a_newer_version_is_skipped()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync(Id);
        using var first = await app.PostAsync("/api/poll");
        await DamageAsync(app, "b|", "V", 2);

        using var response = await app.PostAsync("/api/poll");
        var cycle = await response.JsonAsync();

        Assert.Equal(
            (0, 1, false),
            (cycle.GetProperty("polled").GetInt32(), cycle.GetProperty("unreadable").GetInt32(), cycle.GetProperty("complete").GetBoolean())
        );
        Assert.Contains("format version 2", cycle.GetProperty("errors")[0].GetString(), StringComparison.Ordinal);
    }

    /// <summary>A workflow with one state, active or finished, with something else in a column; answers the row's version.</summary>
    private static async Task<ETag> DamagedAsync(ApiApp app, string prefix, string column, object value)
    {
        if (prefix is "f|")
        {
            app.Upstream.Says(Upstream.Done);
        }

        await app.TrackAsync(Id);
        await app.PollAsync(Id);
        return await DamageAsync(app, prefix + Id, column, value);
    }

    /// <summary>Puts something into a column of a stored row; answers the row's version.</summary>
    internal static async Task<ETag> DamageAsync(ApiApp app, string key, string column, object value)
    {
        var row = await RowAsync(app, key);
        row[column] = value;
        return (await Table(app, "Workflows").UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace)).Headers.ETag!.Value;
    }

    private static async Task<TableEntity> RowAsync(ApiApp app, string key)
    {
        var shard = Shard.Of(key is "b|" ? Id : key[(key.IndexOf('|', StringComparison.Ordinal) + 1)..].Split('|')[0]).Key;
        return (await Table(app, "Workflows").GetEntityAsync<TableEntity>(shard, key)).Value;
    }

    private static TableClient Table(ApiApp app, string name)
    {
        var configuration = app.Services.GetRequiredService<IConfiguration>();
        return new TableClient(configuration["AutopilotStorage"], configuration["Storage:TablePrefix"] + name);
    }
}
