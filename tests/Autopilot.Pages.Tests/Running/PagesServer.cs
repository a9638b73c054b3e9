using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Autopilot.Api.Tests;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;
using Autopilot.Server.Tests.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Pages.Tests.Running;

/// <summary>The real server on Azurite, with an upstream that answers what a test says.</summary>
internal sealed class PagesServer : IAsyncDisposable
{
    private readonly Dictionary<string, string> _documents = new(StringComparer.Ordinal);

    private PagesServer(RunningServer server) => Server = server;

    public RunningServer Server { get; private set; }

    public HttpClient Client => Server.Client;

    /// <summary>Upgrades that are blocked, run, wait and have ended.</summary>
    public const string Blocked = "11111111-1111-4111-8111-111111111111",
        Running = "22222222-2222-4222-8222-222222222222",
        Done = "33333333-3333-4333-8333-333333333333";

    public static async Task<PagesServer> StartAsync(string storage, IReadOnlyDictionary<string, string?>? more = null)
    {
        var upstream = new Upstream { Named = cluster => $"name of {cluster}" };
        var settings = TestSettings.Of(storage);
        foreach (var (name, value) in more ?? new Dictionary<string, string?>())
        {
            settings[name] = value;
        }

        var server = new PagesServer(
            await RunningServer.StartAsync(
                settings,
                builder => builder.Services.AddSingleton<IUpgradeWorkflowSource>(upstream).AddSingleton<IClusterSource>(upstream)
            )
        );
        upstream.Says(target => WorkflowDocument.Read(Encoding.UTF8.GetBytes(server._documents[target.WorkflowId])));
        return server;
    }

    /// <summary>A blocked upgrade, one that runs and one that has ended.</summary>
    public async Task AddFleetAsync()
    {
        await TrackAsync(Blocked, "checkout-jakarta-1", "Pending", ("PreCheck", "Success"), ("Cluster", "Failed"));
        await TrackAsync(Running, "billing-lima-2", "Running", ("PreCheck", "Success"), ("Cluster", "Running"));
        await TrackAsync(Done, "media-dublin-3", "Success", ("PreCheck", "Success"), ("Cluster", "Success"), ("PostCheck", "Success"));
    }

    /// <summary>Tracks an upgrade under a name, and polls it once.</summary>
    public async Task TrackAsync(string id, string clusterName, string phase, params (string Type, string Status)[] tasks)
    {
        Says(id, phase, tasks);
        using var tracked = await Client.PutAsJsonAsync($"/api/workflows/{id}", new { clusterId = ClusterOf(id), clusterName });
        Assert.True(tracked.IsSuccessStatusCode, await tracked.Content.ReadAsStringAsync());
        await PollAsync(id);
    }

    /// <summary>What upstream answers from now on.</summary>
    public void Says(string id, string phase, params (string Type, string Status)[] tasks)
    {
        // Upstream's times are text; they begin ten minutes ago.
        var at = DateTimeOffset.UtcNow.AddMinutes(-10);
        var points = tasks.Select(
            (task, index) =>
                $$"""
                    { "taskType": {{Json(task.Type)}}, "taskID": "t{{index}}", "status": {{Json(task.Status)}},
                      "startTimeStamp": "{{Go(at.AddMinutes(index))}}"{{(
                        task.Status is "Success" or "Failed" ? $", \"endTimeStamp\": \"{Go(at.AddMinutes(index + 1))}\"" : ""
                    )}} }
                    """
        );
        _documents[id] = $$"""
            { "kind":"WorkFlowTask", "apiVersion": "v3",
              "metadata": { "uid": "{{id}}", "creationTimestamp": "{{Go(at)}}" },
              "spec": { "clusterID": "{{ClusterOf(id)}}", "clusterVersion": "v1.27.1-r0", "targetVersion": "v1.28.6-r0" },
              "status": { "phase": "{{phase}}", "pointStatuses": [ {{string.Join(",", points)}} ] } }
            """;
    }

    public async Task PollAsync(string id)
    {
        using var polled = await Client.PostAsync($"/api/workflows/{id}/poll", null);
        Assert.True(polled.IsSuccessStatusCode, await polled.Content.ReadAsStringAsync());
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static string ClusterOf(string id) => $"c{id}";

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static string Go(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " +0000 UTC";
}
