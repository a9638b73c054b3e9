using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Autopilot.Api.Tests.Mcp;
using Autopilot.Core.Listing;
using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;
using Autopilot.OpenApi;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Api.Tests.Problems;

/// <summary>
/// Rows of every kind, damaged in every way or written by a newer version, beside good ones, through every route that reads and through a
/// cycle. Nothing is a bare 500, and no row is hidden: it is a problem that names it, or it is counted. What is only unknown, and harmless,
/// is read everywhere.
/// </summary>
public sealed class UnreadableRouteTests(AzuriteFixture azurite)
{
    private const string Version = "v1.28.6-r0";

    private static readonly byte[] NoGzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3];

    /// <summary>Every workflow except those whose row is made unreadable.</summary>
    private static readonly string[] Good = ["good-active", "good-done", "odd-run", "odd-state", "odd-untold"];

    public enum Damage
    {
        NewerVersion,
        MissingColumn,
        BrokenGzip,
        BrokenJson,
        UnknownWord,
        WrongType,
    }

    public static TheoryData<Damage> Damages => [.. Enum.GetValues<Damage>()];

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task An_unreadable_row_is_a_problem_or_counted_on_every_route_and_hides_no_other(Damage damage)
    {
        await using var app = await SeededAsync();
        await DamageAllAsync(app, damage);
        var newer = damage is Damage.NewerVersion;
        var visited = new HashSet<string>();

        // Lists: two of the workflows are unreadable, whatever the order and the form.
        foreach (var order in WorkflowOrder.Names)
        {
            var list = await JsonAsync($"/api/workflows?orderBy={Uri.EscapeDataString(order)}");
            Assert.Equal(2, list.GetProperty("unreadable").GetInt32());
            Assert.Equal(Good, list.GetProperty("value").EnumerateArray().Select(one => one.Text("id")).Order());
            foreach (var format in (string[])["markdown", "text", "card"])
            {
                var text = await TextAsync($"/api/workflows?orderBy={Uri.EscapeDataString(order)}&format={format}");
                Assert.Contains("2 stored upgrades cannot be read", text, StringComparison.Ordinal);
                // A card names clusters and no ids.
                Assert.All(format is "card" ? [] : Good, id => Assert.Contains(id, text, StringComparison.Ordinal));
            }
        }
        Assert.Equal(1, (await JsonAsync("/api/workflows?active=true")).GetProperty("unreadable").GetInt32());
        Assert.All(
            await app.PagesAsync("/api/workflows?maxpagesize=1"),
            page => Assert.True(page.GetProperty("unreadable").GetInt32() >= 1)
        );

        // One workflow.
        foreach (var id in (string[])["odd-active", "odd-done"])
        {
            foreach (
                var path in (string[])
                    [
                        "",
                        "?format=markdown",
                        "?format=text",
                        "?format=card",
                        "/history",
                        "/history/1",
                        "/timeline",
                        "/timeline?format=svg",
                        "/timeline?format=markdown",
                        "/wait?until=completed",
                    ]
            )
            {
                await ProblemAsync($"/api/workflows/{id}{path}", $"/api/workflows/{id}", id);
            }
        }
        foreach (var id in Good)
        {
            foreach (var path in (string[])["", "?format=markdown", "/timeline", "/timeline?format=svg", "/wait?until=moved&after=0"])
            {
                await TextAsync($"/api/workflows/{id}{path}");
            }
        }
        var history = await JsonAsync("/api/workflows/odd-state/history");
        Assert.Equal(
            (1, 2),
            (
                history.GetProperty("unreadable").GetInt32(),
                Assert.Single(history.GetProperty("value").EnumerateArray()).GetProperty("sequence").GetInt32()
            )
        );
        await ProblemAsync("/api/workflows/odd-state/history/1", "purge=true", "odd-state");
        await TextAsync("/api/workflows/odd-state/history/2");

        // Changes: rows that were met are counted, and the others are there.
        var changes = await JsonAsync("/api/changes");
        Assert.InRange(changes.GetProperty("unreadable").GetInt32(), 1, 3);
        Assert.Contains(changes.GetProperty("value").EnumerateArray(), change => change.Text("workflowId") == "good-active");
        foreach (var format in (string[])["markdown", "text"])
        {
            Assert.Contains("cannot be read", await TextAsync($"/api/changes?format={format}"), StringComparison.Ordinal);
        }

        // Reports: the run of one workflow is unreadable, and one active workflow.
        foreach (var (active, rows) in ((string, int)[])[("", 1), ("&active=true", 2)])
        {
            var runs = await JsonAsync($"/api/reports/runs?format=json{active}");
            Assert.Equal(rows, runs.GetProperty("unreadable").GetInt32());
            Assert.Contains(runs.GetProperty("value").EnumerateArray(), run => run.Text("workflowId") == "good-done");
            foreach (var format in (string[])["csv", "ndjson"])
            {
                // A stream has no place for the number, which JSON of the same query has; it ends properly.
                Assert.Contains("good-done", await TextAsync($"/api/reports/runs?format={format}{active}"), StringComparison.Ordinal);
            }
            var report = await JsonAsync($"/api/reports/upgrades?groupBy=none{active}");
            // What ended: odd-done has a good run, odd-run a bad one.
            Assert.Equal(
                (rows, 2),
                (report.GetProperty("unreadable").GetInt32(), report.GetProperty("total").GetProperty("runs").GetInt32())
            );
            foreach (var format in (string[])["markdown", "card", "svg"])
            {
                Assert.Contains(
                    "cannot be read",
                    await TextAsync($"/api/reports/upgrades?format={format}{active}"),
                    StringComparison.Ordinal
                );
            }
            using var csv = await GetAsync($"/api/reports/upgrades?format=csv{active}");
            Assert.Equal(rows.ToString(CultureInfo.InvariantCulture), csv.Header("Autopilot-Unreadable"));
        }
        Assert.Equal(
            (1, 2),
            (await JsonAsync($"/api/reports/outlook?targetVersion={Version}")) is var outlook
                ? (outlook.GetProperty("unreadable").GetInt32(), outlook.GetProperty("runs").GetInt32())
                : default
        );
        foreach (var format in (string[])["markdown", "text", "card"])
        {
            Assert.Contains(
                "cannot be read",
                await TextAsync($"/api/reports/outlook?targetVersion={Version}&format={format}"),
                StringComparison.Ordinal
            );
        }

        // Clusters, projects, notifications, retention.
        foreach (var kind in (string[])["clusters", "projects"])
        {
            var list = await JsonAsync($"/api/{kind}");
            Assert.Equal(
                (1, "good"),
                (list.GetProperty("unreadable").GetInt32(), Assert.Single(list.GetProperty("value").EnumerateArray()).Text("id"))
            );
            await ProblemAsync($"/api/{kind}/odd", $"/api/{kind}/odd", "odd");
        }
        Assert.Equal(1, (await JsonAsync("/api/clusters/good")).GetProperty("unreadable").GetInt32());
        await TextAsync("/api/projects/good");
        var notifications = await JsonAsync("/api/notifications");
        Assert.Equal(
            (1, "good-active"),
            (
                notifications.GetProperty("unreadable").GetInt32(),
                Assert.Single(notifications.GetProperty("undelivered").EnumerateArray()).Text("workflowId")
            )
        );
        var expired = await JsonAsync("/api/retention/expired");
        // Retention looks at few columns of a row: it counts what it cannot read of them.
        Assert.Equal(
            damage is Damage.NewerVersion or Damage.MissingColumn or Damage.WrongType ? 1 : 0,
            expired.TryGetProperty("unreadable", out var kept) ? kept.GetInt32() : 0
        );

        // Assistants.
        foreach (var tool in (string[])["get_upgrade", "explain_blocker", "get_timeline", "get_upgrade_history"])
        {
            var refused = await McpTests.CallAsync(app, tool, """{"workflowId":"odd-active"}""");
            Assert.True(refused.GetProperty("isError").GetBoolean());
            Assert.Contains("RowUnreadable: ", Said(refused), StringComparison.Ordinal);
            Assert.Contains(newer ? "newer version wrote it" : "PUT /api/workflows/odd-active", Said(refused), StringComparison.Ordinal);
            Assert.False(
                (await McpTests.CallAsync(app, tool, """{"workflowId":"good-active"}""")).TryGetProperty("isError", out var isError)
                    && isError.GetBoolean()
            );
        }
        foreach (
            var (tool, arguments, what, rows) in ((string, string, string, int)[])
                [
                    ("list_upgrades", "{}", "stored upgrade(s)", 2),
                    ("get_upgrade_history", """{"workflowId":"odd-state"}""", "stored state(s)", 1),
                    ("upgrade_report", "{}", "stored run(s)", 1),
                    ("upgrade_outlook", $$"""{"targetVersion":"{{Version}}"}""", "stored run(s)", 1),
                ]
        )
        {
            var answer = await McpTests.CallAsync(app, tool, arguments);
            Assert.Contains($"{rows} {what} cannot be read and are left out", Said(answer), StringComparison.Ordinal);
            Assert.Equal(rows, answer.GetProperty("structuredContent").GetProperty("unreadable").GetInt32());
        }

        await CycleAsync(app, rows: 3);
        await TextAsync("/api/health/live");
        await TextAsync("/api/health/ready");
        await TextAsync("/api/openapi.json");
        Assert.Empty(
            MappedRoute
                .Of(app.Services.GetRequiredService<EndpointDataSource>())
                .Where(route => route.Method == "GET" && !visited.Any(path => route.Fits("GET", path)))
                .Select(route => route.Path)
        );

        // One line for each row in each process, for any number of requests.
        var lines = app
            .Log.GetSnapshot()
            .Where(entry => entry.Id.Name?.EndsWith("Unreadable", StringComparison.Ordinal) is true)
            .Select(entry => entry.Message.Split(" cannot")[0])
            .ToList();
        Assert.Equal(lines.Distinct(), lines);
        Assert.Equal(
            7,
            lines.Count(line =>
                !line.Contains("baseline/", StringComparison.Ordinal) && !line.Contains("retention/", StringComparison.Ordinal)
            )
        );
        Assert.DoesNotContain(app.Log.GetSnapshot(), entry => entry.Message.Contains("Novel", StringComparison.Ordinal));

        async Task<HttpResponseMessage> GetAsync(string path)
        {
            visited.Add(path.Split('?')[0]);
            var response = await app.GetAsync(path);
            Assert.True(
                response.StatusCode is HttpStatusCode.OK,
                $"{path}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}"
            );
            return response;
        }

        async Task<string> TextAsync(string path)
        {
            using var response = await GetAsync(path);
            return await response.Content.ReadAsStringAsync();
        }

        async Task<JsonElement> JsonAsync(string path) => JsonDocument.Parse(await TextAsync(path)).RootElement;

        async Task ProblemAsync(string path, string wayOut, string id)
        {
            visited.Add(path.Split('?')[0]);
            using var response = await app.GetAsync(path);
            var detail = await response.ProblemAsync(500, "RowUnreadable");
            Assert.Contains(newer ? "newer version wrote it" : wayOut, detail, StringComparison.Ordinal);
            var row = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("row");
            Assert.Equal((newer, true), (row.GetProperty("newer").GetBoolean(), row.Text("rowKey").Contains(id, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task What_is_unknown_and_harmless_is_read_on_every_route()
    {
        await using var app = await SeededAsync();
        await ChangeEachAsync(
            app,
            row =>
            {
                row["FromTheFuture"] = "x";
                foreach (var (column, value) in row.ToList())
                {
                    row[column] = value switch
                    {
                        int number => (long)number,
                        long number => (double)number,
                        // Words that upstream owns, and a member that came later.
                        string { Length: > 0 } text when column is "State" or "Runs" => text.Replace(
                                "\"Cluster\"",
                                "\"Novel\"",
                                StringComparison.Ordinal
                            )
                            .Replace("\"Running\"", "\"Novelty\"", StringComparison.Ordinal),
                        _ => value,
                    };
                }
                if (row.TryGetValue("State", out var state) && state is string { Length: > 2 } json)
                {
                    row["State"] = json.Insert(1, "\"fromTheFuture\":{\"a\":[1]},");
                }
            }
        );

        foreach (
            var path in (string[])
                [
                    "/api/workflows",
                    "/api/clusters",
                    "/api/projects",
                    "/api/reports/runs?active=true",
                    "/api/reports/upgrades?active=true",
                    "/api/notifications",
                    "/api/retention/expired",
                    $"/api/reports/outlook?targetVersion={Version}",
                ]
        )
        {
            Assert.False((await app.GetJsonAsync(path)).TryGetProperty("unreadable", out _), path);
        }
        Assert.Equal(
            ["good-active", "good-done", "odd-active", "odd-done", "odd-run", "odd-state", "odd-untold"],
            (await app.GetJsonAsync("/api/workflows")).GetProperty("value").EnumerateArray().Select(one => one.Text("id")).Order()
        );
        foreach (var id in (string[])["odd-active", "odd-done", "odd-state"])
        {
            foreach (
                var path in (string[])
                    [
                        "",
                        "?format=markdown",
                        "?format=text",
                        "?format=card",
                        "/history",
                        "/history/1",
                        "/timeline",
                        "/timeline?format=svg",
                        "/wait?until=moved&after=0",
                    ]
            )
            {
                using var response = await app.GetAsync($"/api/workflows/{id}{path}");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        }
        foreach (var path in (string[])["/api/clusters/odd", "/api/projects/odd"])
        {
            using var response = await app.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
        await CycleAsync(app, rows: 0);
        Assert.DoesNotContain(app.Log.GetSnapshot(), entry => entry.Id.Name?.EndsWith("Unreadable", StringComparison.Ordinal) is true);
    }

    /// <summary>
    /// The way out that the answer names works: PUT of a damaged workflow brings it back, a finished one with its state, and its run is
    /// counted once.
    /// </summary>
    [Fact]
    public async Task PUT_brings_a_damaged_finished_workflow_back_as_it_ended()
    {
        await using var app = await SeededAsync();
        var before = await app.GetJsonAsync("/api/workflows/odd-done");
        var reported = await app.GetJsonAsync("/api/reports/upgrades?groupBy=none");
        await UnreadableRowTests.DamageAsync(app, "f|odd-done", "Runs", "[{");
        using var unreadable = await app.GetAsync("/api/workflows/odd-done");
        await unreadable.ProblemAsync(500, "RowUnreadable");

        using var put = await app.PutAsync("odd-done", $$"""{"clusterId":"{{ApiApp.Cluster}}"}""");

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        var after = await app.GetJsonAsync("/api/workflows/odd-done");
        foreach (var member in (string[])["assessment", "endedAt", "sequence", "headline", "tasks", "fromVersion", "targetVersion"])
        {
            Assert.Equal(before.GetProperty(member).GetRawText(), after.GetProperty(member).GetRawText());
        }
        using var poll = await app.PostAsync("/api/poll");
        Assert.Equal(
            reported.GetProperty("total").GetRawText(),
            (await app.GetJsonAsync("/api/reports/upgrades?groupBy=none")).GetProperty("total").GetRawText()
        );
        Assert.Contains(
            "odd-done",
            (await app.GetJsonAsync("/api/workflows?orderBy=endedAt%20desc"))
                .GetProperty("value")
                .EnumerateArray()
                .Select(one => one.Text("id"))
        );
    }

    /// <summary>A cycle counts the unreadable rows among what it reads; so do readiness and the metric.</summary>
    private static async Task CycleAsync(ApiApp app, int rows)
    {
        using var response = await app.PostAsync("/api/poll");
        var cycle = await response.JsonAsync();
        Assert.Equal(
            (rows, rows == 0),
            (cycle.TryGetProperty("unreadable", out var unreadable) ? unreadable.GetInt32() : 0, cycle.GetProperty("complete").GetBoolean())
        );
        Assert.True(cycle.GetProperty("polled").GetInt32() >= 3, cycle.GetRawText());
        app.Clock.Advance(TimeSpan.FromSeconds(11));
        var ready = await app.GetJsonAsync("/api/health/ready");
        Assert.Equal(
            rows == 0 ? [] : [("RowUnreadable", rows)],
            ready.TryGetProperty("findings", out var findings)
                ? findings.EnumerateArray().Select(finding => (finding.Text("code"), finding.GetProperty("unreadable").GetInt32()))
                : []
        );

        var seen = new List<int>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "autopilot.rows.unreadable")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, measurement, _, _) => seen.Add(measurement));
        listener.Start();
        listener.RecordObservableInstruments();
        // Tests that run beside this one have meters of their own.
        Assert.Contains(rows, seen);
    }

    /// <summary>Good rows of every kind, and one of each that is to be changed: those of <c>odd</c>.</summary>
    private async Task<ApiApp> SeededAsync()
    {
        var app = await ApiApp.StartAsync(azurite, new Dictionary<string, string?> { ["Retention:MaxStates"] = "1" }, new NoSender());
        app.Upstream.Says(Upstream.Done);
        foreach (var id in (string[])["good-done", "odd-done", "odd-run"])
        {
            await app.TrackAsync(id);
            await app.PollAsync(id);
        }
        app.Upstream.Says(Upstream.Running);
        foreach (var id in (string[])["good-active", "odd-active", "odd-state", "odd-untold"])
        {
            await app.TrackAsync(id);
            await app.PollAsync(id);
        }
        app.Upstream.Says(Upstream.Failed);
        await app.PollAsync("odd-state");
        foreach (var kind in (string[])["clusters", "projects"])
        {
            foreach (var id in (string[])["good", "odd"])
            {
                using var tracked = await app.PutToAsync($"/api/{kind}/{id}", null);
                Assert.Equal(HttpStatusCode.Created, tracked.StatusCode);
            }
        }
        await UnreadableRowTests.DamageAsync(app, "c|good", "CurrentWorkflowId", "odd-active");
        var workflows = Table(app, "Workflows");
        foreach (var id in (string[])["good-active", "odd-untold"])
        {
            var record = new UndeliveredNotification
            {
                Webhook = "ops",
                Id = id,
                WorkflowId = id,
                Sequence = 1,
                At = ApiApp.Now,
                GivenUpAt = ApiApp.Now,
                Attempts = 3,
                Error = "It answered 500.",
                Headline = "It is blocked.",
            };
            await workflows.AddEntityAsync(
                new TableEntity(Shard.Of(id).Key, $"n||{DateTimeOffset.MaxValue.UtcTicks - ApiApp.Now.UtcTicks:D19}|{id}|0000000001|ops")
                {
                    ["Undelivered"] = JsonSerializer.Serialize(record, JsonSerializerOptions.Web),
                }
            );
        }
        return app;
    }

    private static async Task DamageAllAsync(ApiApp app, Damage damage)
    {
        await ChangeEachAsync(
            app,
            row =>
            {
                var kind = row.RowKey.Split('|')[0];
                var (required, json, word, number) = row switch
                {
                    { PartitionKey.Length: > 1 } => ("Outcome", "Tasks", "Outcome", "EndedAt"),
                    { RowKey: ['n', '|', '|', ..] } => ("Undelivered", "Undelivered", "Undelivered", "Undelivered"),
                    _ => kind switch
                    {
                        "a" => ("Sequence", "State", "Outcome", "Sequence"),
                        "f" => ("Sequence", "State", "Outcome", "Sequence"),
                        "h" => ("Hash", "Changes", "Assessment", "ObservedAt"),
                        "c" => ("ProjectId", "Failure", "Origin", "TrackedAt"),
                        _ => ("Origin", "Failure", "Origin", "TrackedAt"),
                    },
                };
                switch (damage)
                {
                    case Damage.NewerVersion:
                        row["V"] = 2;
                        break;
                    case Damage.MissingColumn:
                        row.Remove(required);
                        break;
                    case Damage.BrokenGzip when kind is "c" or "cp":
                        // Their one text that may be packed.
                        row[kind is "c" ? "Settled0" : "Clusters0"] = NoGzip;
                        row.Remove(kind is "c" ? "Settled" : "Clusters");
                        break;
                    case Damage.BrokenGzip:
                        row.Remove(json);
                        row[json + "0"] = NoGzip;
                        break;
                    case Damage.BrokenJson:
                        row[json] = "[{";
                        break;
                    case Damage.UnknownWord:
                        row[word] = word is "Undelivered" ? "{\"webhook\":7}" : "Novel";
                        break;
                    default:
                        row[number] = number is "Sequence" ? "many" : true;
                        break;
                }
            }
        );
    }

    /// <summary>
    /// Changes one row of each kind: those whose workflow, cluster or project is called <c>odd</c>, but of it only the kind that its name
    /// says.
    /// </summary>
    private static async Task ChangeEachAsync(ApiApp app, Action<TableEntity> change)
    {
        foreach (var name in (string[])["Workflows", "Runs"])
        {
            var table = Table(app, name);
            await foreach (var row in table.QueryAsync<TableEntity>())
            {
                var key = row.RowKey;
                if (
                    key is "a|odd-active" or "f|odd-done" or "c|odd" or "cp|odd" or "h|odd-state|9999999998"
                    || (key.StartsWith("n||", StringComparison.Ordinal) && key.Contains("|odd-untold|", StringComparison.Ordinal))
                    || (name == "Runs" && (key.EndsWith("|odd-run", StringComparison.Ordinal) || key is "current" or "last"))
                )
                {
                    change(row);
                    await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
                }
            }
        }
    }

    private static TableClient Table(ApiApp app, string name)
    {
        var configuration = app.Services.GetRequiredService<IConfiguration>();
        return new TableClient(configuration["AutopilotStorage"], configuration["Storage:TablePrefix"] + name);
    }

    private static string Said(JsonElement result) => result.GetProperty("content")[0].Text("text");

    private sealed class NoSender : INotificationSender
    {
        public Task<SendResult> SendAsync(Webhook webhook, Notification notification, CancellationToken cancellationToken) =>
            Task.FromResult(new SendResult(true, 200, null, TimeSpan.Zero));
    }
}
