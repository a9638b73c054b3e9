using System.Text;
using System.Text.RegularExpressions;
using Autopilot.Api.Tests.Problems;
using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Autopilot.OpenApi;
using Autopilot.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Autopilot.Api.Tests.OpenApi;

/// <summary>
/// Asks the whole app about everything it can answer: each route's good answers in each of its forms, and each of its own problems. The
/// document's examples are these answers, and its schemas are tried on them. A new route, form or problem needs a line here, and a test
/// says so.
/// </summary>
internal sealed partial class SampleSession
{
    public const string Blocked = "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1";
    private const string Other = "0d8e7c21-54d9-4f6e-9a37-6c1f0b2d9e55";
    private const string Finished = "7b0f5a9c-3d52-4f0b-8f53-0e6f1c9a2b11";
    private const string Earlier = "4f1d2b6e-90c3-4a7d-b1f5-2e8a6c70d913";
    private const string Cluster = $"/api/clusters/{ApiApp.Cluster}";
    private const string Project = $"/api/projects/{ApiApp.Project}";
    private const string Workflow = $"/api/workflows/{Blocked}";
    private const string Wait = $"{Workflow}/wait?until=moved&after=1&timeout=60";

    private readonly List<Exchange> _exchanges = [];

    private SampleSession(IReadOnlyList<MappedRoute> routes) => Routes = routes;

    public IReadOnlyList<MappedRoute> Routes { get; }
    public IReadOnlyList<Exchange> Exchanges => _exchanges;

    public static async Task<SampleSession> MakeAsync(AzuriteFixture azurite)
    {
        await using var app = await StartAsync(azurite);
        var tour = new SampleSession(MappedRoute.Of(app.Services.GetRequiredService<EndpointDataSource>()));
        await tour.LifeAsync(app);
        await tour.DiscoveryAsync(app);
        await tour.RestAsync(app);
        await tour.MistakesAsync(app);
        await tour.AmbiguousAsync(app);
        await tour.UpstreamFailsAsync(app);
        await tour.EveryRouteAsync(app);
        await tour.UnreadableAsync(app);
        await tour.EndAsync(app);
        await tour.WithoutStorageAsync(azurite);
        await tour.WithKeysAsync(azurite);
        return tour;
    }

    /// <summary>An app that has webhooks.</summary>
    public static Task<ApiApp> StartAsync(AzuriteFixture azurite) =>
        ApiApp.StartAsync(
            azurite,
            new Dictionary<string, string?>
            {
                ["Notifications:Webhooks:0:Name"] = "on-call",
                ["Notifications:Webhooks:0:Url"] = "https://hooks.example.org/autopilot",
                ["Notifications:Webhooks:0:Format"] = "Teams",
                ["Notifications:Webhooks:0:Secret"] = "0123456789abcdef",
            },
            new Sender()
        );

    /// <summary>The states of one upgrade that gets stuck, among three that ended.</summary>
    public static async Task LiveAsync(ApiApp app, Func<string, string, string?, Task> ask)
    {
        const string Body = $$"""{"clusterId":"{{ApiApp.Cluster}}","clusterName":"checkout-jakarta-1"}""";
        foreach (var id in new[] { Finished, Other, Earlier })
        {
            await ask("PUT", $"/api/workflows/{id}", Body);
            // Seen before its end: of others little is known.
            app.Upstream.Says(target =>
                Document(
                    target,
                    "Running",
                    ("PreCheck", "Success", 5, 8),
                    ("Cluster", "Success", 10, 31),
                    ("PostCheck", "Running", 40, null)
                )
            );
            await app.PollAsync(id);
            app.Upstream.Says(target =>
                Document(target, "Success", ("PreCheck", "Success", 5, 8), ("Cluster", "Success", 10, 31), ("PostCheck", "Success", 40, 41))
            );
            await ask("POST", $"/api/workflows/{id}/poll", null);
        }

        await ask("PUT", Workflow, Body);
        app.Upstream.Says(target =>
            Document(target, "Running", ("PreCheck", "Success", 5, 7), ("Cluster", "Running", 47, null), ("PostCheck", null, null, null))
        );
        await ask("POST", $"{Workflow}/poll", null);
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        app.Upstream.Why = new FailureReport([
            new FailureDetail
            {
                // All that an upgrade task says of its failure.
                Name = "Cluster",
                Message = "phase Failed at progress 62.00",
            },
        ]);
        app.Upstream.Says(target =>
            Document(target, "Pending", ("PreCheck", "Success", 5, 7), ("Cluster", "Failed", 47, 56), ("PostCheck", null, null, null))
        );
        await ask("POST", $"{Workflow}/poll", null);
    }

    private async Task LifeAsync(ApiApp app)
    {
        await LiveAsync(app, (method, path, body) => AskAsync(app, method, path, body));
        await AskAsync(app, "PUT", Workflow, $$"""{"clusterId":"{{ApiApp.Cluster}}"}""");
        await AskAsync(app, "PUT", Workflow, """{"clusterId":"another-cluster"}""");
        await AskAsync(app, "GET", "/api/workflows?assessment=Blocked&active=true&maxpagesize=50");
        await AskAsync(app, "GET", Workflow);
        await AskAsync(app, "GET", $"{Workflow}/history?from=2026-11-23&maxpagesize=1");
        await AskAsync(app, "GET", $"{Workflow}/history/2");
        await AskAsync(app, "GET", "/api/changes?since=2026-11-23T07:30:00Z&maxpagesize=2");
        await AskAsync(app, "GET", $"{Workflow}/timeline");
        await AskAsync(app, "GET", Wait);
        await AskAsync(app, "GET", "/api/reports/upgrades?from=2026-11-01&to=2026-12-01&groupBy=month");
        await AskAsync(app, "GET", "/api/reports/upgrades?from=2026-11-01&to=2026-12-01&active=true");
        await AskAsync(app, "GET", $"/api/reports/runs?from=2026-11-01&to=2026-12-01&clusterId={ApiApp.Cluster}&outcome=Succeeded");
        await AskAsync(app, "GET", "/api/reports/runs?from=2026-11-01&to=2026-12-01&active=true");
        await AskAsync(app, "GET", "/api/reports/outlook?fromVersion=v1.27.8-r0&targetVersion=v1.28.6-r0");
    }

    private async Task DiscoveryAsync(ApiApp app)
    {
        app.Upstream.Lists = cluster =>
            cluster == ApiApp.Cluster
                ? [Document(new WorkflowTarget(ApiApp.Project, cluster, Blocked), "Pending", ("Cluster", "Failed", 47, 56))]
                : [];
        app.Upstream.Clusters = [new ListedCluster(ApiApp.Cluster, "checkout-jakarta-1")];
        foreach (var (path, body) in new[] { (Cluster, """{"clusterName":"checkout-jakarta-1"}"""), (Project, null) })
        {
            await AskAsync(app, "PUT", path, body);
            await AskAsync(app, "PUT", path, body);
        }

        await AskAsync(app, "POST", "/api/poll?due=true");
        foreach (var path in new[] { "/api/clusters?maxpagesize=1000", Cluster, "/api/projects", Project })
        {
            await AskAsync(app, "GET", path);
        }
    }

    private async Task RestAsync(ApiApp app)
    {
        await AskAsync(app, "GET", "/api/health/live");
        await AskAsync(app, "GET", "/api/health/ready");
        await AskAsync(app, "GET", "/api/notifications");
        await AskAsync(app, "POST", "/api/notifications/test?webhook=on-call");
        await AskAsync(app, "POST", "/api/notifications/test?webhook=night-shift");
        await AskAsync(app, "GET", "/api/retention/expired");
        await AskAsync(app, "DELETE", "/api/retention/expired");
        await AskAsync(app, "GET", "/api/openapi.json");
        await AskAsync(
            app,
            "POST",
            "/api/mcp",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"explain_blocker","arguments":{"workflowId":"c271e39e-1a6e-4d3d-8fa8-2a36329c68d1"}}}"""
        );
        await AskAsync(app, "POST", "/api/mcp", """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", "application/json");
        await AskAsync(app, "POST", "/api/mcp", "not json");
        await AskAsync(app, "POST", "/api/mcp", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}""");
        await AskAsync(app, "POST", "/api/mcp", """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", contentType: "text/plain");
        app.Upstream.Status = new UpstreamStatus(ApiApp.Now, "Refused.", null);
        app.Clock.Advance(TimeSpan.FromSeconds(11));
        await AskAsync(app, "GET", "/api/health/ready");
        app.Upstream.Status = new UpstreamStatus(null, null, null);
    }

    private async Task MistakesAsync(ApiApp app)
    {
        await AskAsync(app, "GET", "/api/workflows?assessment=Fine");
        foreach (var path in new[] { "workflows", "changes", "reports/upgrades", "reports/runs", "reports/outlook" })
        {
            await AskAsync(app, "GET", $"/api/{path}?clusterId=a%20b");
        }

        foreach (var end in new[] { "", "/history", "/history/1", "/timeline" })
        {
            await AskAsync(app, "GET", $"/api/workflows/a%20b{end}");
            await AskAsync(app, "GET", $"/api/workflows/unheard-of{end}");
        }

        await AskAsync(app, "GET", "/api/workflows/a%20b/wait?until=completed");
        await AskAsync(app, "GET", "/api/workflows/unheard-of/wait?until=completed");

        await AskAsync(app, "GET", $"{Workflow}/history/99");
        foreach (var (method, end) in new[] { ("DELETE", ""), ("POST", "/poll") })
        {
            await AskAsync(app, method, $"/api/workflows/a%20b{end}");
            await AskAsync(app, method, $"/api/workflows/unheard-of{end}");
        }

        await AskAsync(app, "PUT", "/api/workflows/a_b", "{}");
        await AskAsync(app, "PUT", Workflow, """{"clusterId":"a_b"}""");
        foreach (var path in new[] { Workflow, Cluster, Project })
        {
            await AskAsync(app, "PUT", path, """{"projectID":"p1"}""");
            await AskAsync(app, "PUT", path, "{}", contentType: "text/plain");
        }

        foreach (var kind in new[] { "clusters", "projects" })
        {
            foreach (var method in new[] { "GET", "PUT", "DELETE" })
            {
                await AskAsync(app, method, $"/api/{kind}/a%20b");
            }

            foreach (var method in new[] { "GET", "DELETE" })
            {
                await AskAsync(app, method, $"/api/{kind}/unheard-of");
            }
        }
    }

    /// <summary>Two clusters of one name.</summary>
    private async Task AmbiguousAsync(ApiApp app)
    {
        foreach (var cluster in new[] { "5d2c9a41-8aa2-11ee-af09-0255ac10004f", "e81f3b07-8aa2-11ee-af09-0255ac10004f" })
        {
            await AskAsync(app, "PUT", $"/api/workflows/{cluster[..8]}", $$"""{"clusterId":"{{cluster}}","clusterName":"twin"}""");
        }

        foreach (
            var path in new[]
            {
                "workflows/twin",
                "workflows/twin/history",
                "workflows/twin/history/1",
                "workflows/twin/timeline",
                "workflows/twin/wait?until=completed",
                "clusters/twin",
                "workflows?cluster=twin",
                "changes?cluster=twin",
                "reports/upgrades?cluster=twin",
                "reports/runs?cluster=twin",
                "reports/outlook?cluster=twin",
            }
        )
        {
            await AskAsync(app, "GET", $"/api/{path}");
        }

        await AskAsync(app, "POST", "/api/workflows/twin/poll");
        await AskAsync(app, "POST", "/api/poll?cluster=twin");
        await AskAsync(app, "POST", "/api/poll?cluster=no.such.cluster");
        await AskAsync(app, "POST", "/api/poll?cluster=b4b9e60f-8aa2-11ee-af09-0255ac100040");
    }

    private async Task UpstreamFailsAsync(ApiApp app)
    {
        foreach (
            var failure in new UpstreamException[]
            {
                new(UpstreamFailure.Throttled, "Upstream allows 200 requests in 5 min and has no turn for this one.")
                {
                    StatusCode = 429,
                    Code = "APIGW.0308",
                    RetryAfter = TimeSpan.FromSeconds(42),
                },
                new(UpstreamFailure.Rejected, "Upstream refuses our credentials: see the settings of section Cce.")
                {
                    StatusCode = 401,
                    Code = "APIGW.0301",
                    RequestId = "8f9c1d7b",
                },
                new(UpstreamFailure.Invalid, "Upstream's answer is not JSON."),
                new(UpstreamFailure.Unavailable, "Upstream failed with status 503."),
                new(UpstreamFailure.Unavailable, "Upstream gave no answer in time.") { TimedOut = true },
            }
        )
        {
            app.Upstream.Fails(failure);
            await AskAsync(app, "POST", $"{Workflow}/poll");
        }
    }

    /// <summary>What can happen everywhere, and each form of each good answer.</summary>
    private async Task EveryRouteAsync(ApiApp app)
    {
        foreach (var route in Routes)
        {
            var asked = _exchanges.First(exchange => exchange.Operation == route.Name);
            var path = asked.Path.Split('?')[0];
            await AskAsync(app, route.Method, $"{path}?{new string('x', 5000)}", asked.Sent);
            await AskAsync(app, route.Method, $"{path}?x={new string('x', 300)}", asked.Sent);
            if (route.Method != "GET")
            {
                await AskAsync(app, route.Method, path, new string(' ', 70_000));
            }

            if (route.Formats.Count == 0)
            {
                continue;
            }

            await AskAsync(app, route.Method, path, asked.Sent, "application/xml");
            if (route.Method != "GET")
            {
                // A new one returns 201 first, and then 200.
                foreach (var format in route.Formats.Skip(1))
                {
                    var fresh = route.Method == "PUT" ? $"/api/workflows/as-{format.Name}" : path;
                    await AskAsync(app, route.Method, $"{fresh}?format={format.Name}", asked.Sent);
                    await AskAsync(app, route.Method, $"{fresh}?format={format.Name}", asked.Sent);
                }

                continue;
            }

            var good = _exchanges.First(exchange => exchange.Operation == route.Name && exchange.Status == 200).Path;
            foreach (var format in route.Formats.Skip(1))
            {
                await AskAsync(app, "GET", $"{good}{(good.Contains('?') ? '&' : '?')}format={format.Name}");
            }

            await AskAsync(app, "GET", good);
            await AskAsync(app, "GET", good, tag: _exchanges[^1].Headers["ETag"]);
        }
    }

    /// <summary>Rows that are damaged, and then rows that a newer version wrote.</summary>
    private async Task UnreadableAsync(ApiApp app)
    {
        (string Key, string Column)[] rows =
        [
            ($"a|{Blocked}", "State"),
            ($"c|{ApiApp.Cluster}", "Origin"),
            ($"cp|{ApiApp.Project}", "Origin"),
        ];
        foreach (var (key, column) in rows)
        {
            await UnreadableRowTests.DamageAsync(app, key, column, "{");
        }

        // What a wait has read is good for that long.
        app.Clock.Advance(SharedWorkflowReader.KeptFor);
        foreach (
            var path in new[] { Workflow, $"{Workflow}/history", $"{Workflow}/history/1", $"{Workflow}/timeline", Wait, Cluster, Project }
        )
        {
            await AskAsync(app, "GET", path);
        }

        await AskAsync(app, "POST", $"{Workflow}/poll");
        foreach (var (key, _) in rows)
        {
            await UnreadableRowTests.DamageAsync(app, key, "V", 2);
        }

        await AskAsync(app, "POST", $"{Workflow}/poll");
        await AskAsync(app, "PUT", Workflow, $$"""{"clusterId":"{{ApiApp.Cluster}}"}""");
        foreach (var path in new[] { Cluster, Project })
        {
            await AskAsync(app, "PUT", path);
        }
    }

    private async Task EndAsync(ApiApp app)
    {
        await AskAsync(app, "DELETE", $"{Workflow}?purge=true");
        await AskAsync(app, "DELETE", Cluster);
        await AskAsync(app, "DELETE", Project);
    }

    private async Task WithoutStorageAsync(AzuriteFixture azurite)
    {
        foreach (
            var failure in new Exception[]
            {
                new StorageUnavailableException("Down."),
                new InvalidOperationException("A defect."),
                new OperationCanceledException(),
            }
        )
        {
            await using var app = await ApiApp.StartAsync(new StoreDouble(failure));
            await AskAsync(app, "GET", Workflow);
            if (failure is StorageUnavailableException)
            {
                await AskAsync(app, "GET", "/api/health/ready");
            }
        }

        await using var quiet = await ApiApp.StartAsync(azurite, new Dictionary<string, string?>(), new Sender());
        await AskAsync(quiet, "POST", "/api/notifications/test");
        await using var old = await ApiApp.StartAsync(
            new StoreDouble { Boards = [.. Shard.All.Select(_ => new ShardStatus { CompletedAt = ApiApp.Now.AddHours(-1) })] }
        );
        old.Clock.Advance(TimeSpan.FromMinutes(5));
        await AskAsync(old, "GET", "/api/health/ready");
        await using var idle = await ApiApp.StartAsync(new StoreDouble());
        idle.Clock.Advance(TimeSpan.FromMinutes(5));
        await AskAsync(idle, "GET", "/api/health/ready");
    }

    /// <summary>The server with keys; one of them may make two requests a minute.</summary>
    private async Task WithKeysAsync(AzuriteFixture azurite)
    {
        await using var server = await StartServerAsync(azurite, 2);
        using var client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
        await AskAsync(client, "GET", "/api/workflows");
        client.DefaultRequestHeaders.Add("x-functions-key", ApiKey);
        await AskAsync(client, "DELETE", Workflow);
        await AskAsync(client, "GET", "/api/workflows");
        await AskAsync(client, "GET", "/api/workflows");
    }

    public const string ApiKey = "an-api-key-of-the-tests-0123456789abcdef";

    /// <summary>The server, with a key and without an upstream.</summary>
    public static async Task<WebApplication> StartServerAsync(AzuriteFixture azurite, int requestsPerMinute)
    {
        var server = ServerApp.Create(
            ["--urls", "http://127.0.0.1:0"],
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        ["AutopilotStorage"] = azurite.ConnectionString,
                        ["Storage:TablePrefix"] = $"K{Guid.NewGuid():N}",
                        ["PollSchedule"] = "disabled",
                        ["RetentionSchedule"] = "disabled",
                        ["Cce:Endpoint"] = "http://127.0.0.1:9",
                        ["Cce:ProjectId"] = ApiApp.Project,
                        ["Cce:Token"] = "unused",
                        ["Server:ApiKeys:0"] = ApiKey,
                        ["Server:RequestsPerMinute"] = $"{requestsPerMinute}",
                    }
                );
                builder.Logging.ClearProviders();
            }
        );
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    private Task AskAsync(
        ApiApp app,
        string method,
        string path,
        string? body = null,
        string? accept = null,
        string contentType = "application/json",
        string? tag = null
    ) => AskAsync(app.Client, method, path, body, accept, contentType, tag);

    private async Task AskAsync(
        HttpClient client,
        string method,
        string path,
        string? body = null,
        string? accept = null,
        string contentType = "application/json",
        string? tag = null
    )
    {
        var plain = path.Split('?')[0];
        var route = Routes.Single(candidate =>
            candidate.Fits(method, plain)
            && !Routes.Any(other =>
                other != candidate && other.Fits(method, plain) && other.Parameters.InPath.Count < candidate.Parameters.InPath.Count
            )
        );
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new(contentType);
        }

        request.Headers.Accept.ParseAdd(accept ?? (route.Name == "CallMcp" ? "application/json, text/event-stream" : "*/*"));
        if (tag is not null)
        {
            request.Headers.Add("If-None-Match", tag);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        // Each run has tables of its own; the document names those of the default prefix.
        var text = OwnPrefix().Replace(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), "Autopilot");
        var headers = response
            .Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _exchanges.Add(
            new Exchange(
                route.Name,
                method,
                path,
                body,
                (int)response.StatusCode,
                text.Length == 0 ? null : response.Content.Headers.ContentType?.MediaType,
                text,
                headers
            )
        );
    }

    [GeneratedRegex(@"\bT[0-9a-f]{32}(?=Workflows|Runs)")]
    private static partial Regex OwnPrefix();

    /// <summary>An upgrade's document as upstream writes it.</summary>
    /// <param name="tasks">Each with its status and the minutes after 07:00 at which it started and ended.</param>
    private static WorkflowObservation Document(
        WorkflowTarget target,
        string phase,
        params (string Type, string? Status, int? Start, int? End)[] tasks
    )
    {
        var points = tasks.Select(task =>
            task.Status is null
                ? $$"""{ "taskType": "{{task.Type}}" }"""
                : $$"""{ "taskType": "{{task.Type}}", "taskID": "{{target.WorkflowId[..8]}}-{{task.Start:D4}}", "status": "{{task.Status}}", "startTimeStamp": "2026-11-23 07:{{task.Start:D2}}:00 +0000 UTC"{{(task.End is null ? "" : $$""", "endTimeStamp": "2026-11-23 07:{{task.End:D2}}:30.5 +0000 UTC" """)}} }"""
        );
        return WorkflowDocument.Read(
            Encoding.UTF8.GetBytes(
                $$"""
                {
                  "kind": "WorkFlowTask", "apiVersion": "v3",
                  "metadata": { "uid": "{{target.WorkflowId}}", "creationTimestamp": "2026-11-23 07:00:00 +0000 UTC" },
                  "spec": { "clusterID": "{{target.ClusterId}}", "clusterVersion": "v1.27.8-r0", "targetVersion": "v1.28.6-r0" },
                  "status": {
                    "phase": "{{phase}}", "pointStatuses": [ {{string.Join(", ", points)}} ],
                    "lineStatuses": [ {{string.Join(
                    ", ",
                    tasks.Zip(
                        tasks.Skip(1),
                        (from, to) => $$"""{ "startPoint": { "taskType": "{{from.Type}}" }, "endPoint": { "taskType": "{{to.Type}}" } }"""
                    )
                )}} ]
                  }
                }
                """
            )
        );
    }

    private sealed class Sender : INotificationSender
    {
        public Task<SendResult> SendAsync(Webhook webhook, Notification notification, CancellationToken cancellationToken) =>
            Task.FromResult(new SendResult(true, 200, null, TimeSpan.FromMilliseconds(250)));
    }
}
