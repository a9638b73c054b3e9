using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Data.Tables;

namespace Autopilot.Functions.Tests.Worker;

/// <summary>What the tests share that stop the published app while it works.</summary>
public abstract class WorkerStops(AzuriteFixture azurite)
{
    private protected const int Workflows = 64;

    /// <summary>What a client may take to understand an answer that has arrived, on a machine that is busy.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(400);

    private protected AzuriteFixture Azurite => azurite;

    private protected async Task<string> StopAsync(
        string way,
        int moment,
        Func<WorkerHost, (string InvocationId, Task<JsonObject> Answer)> begin,
        Dictionary<string, string?>? settings = null,
        TimeSpan? grace = null,
        Action? beforeTheStop = null
    )
    {
        var prefix = Prefix();
        await using var upstream = await UpstreamStub.StartAsync(moment);
        await using var host = await StartAsync(upstream, prefix, settings ?? []);
        var (invocation, answer) = begin(host);
        await upstream.Reached.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await Task.Delay(Settled, TestContext.Current.CancellationToken);
        beforeTheStop?.Invoke();

        Stop(host, way, invocation, grace ?? TimeSpan.FromSeconds(5));
        if (way == "cancel")
        {
            await answer.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
        else
        {
            await host.EndsAsync(TimeSpan.FromSeconds(40));
        }

        var stored = await StoredAsync(prefix);
        return $"{way} after {moment} answers: {upstream.Answered.Count(id => !stored.Contains(id))} lost, "
            + $"{(way == "cancel" || host.ExitCode == 0 ? "ended" : $"ended with {host.ExitCode}")}";
    }

    private protected async Task<WorkerHost> StartAsync(UpstreamStub upstream, string prefix, Dictionary<string, string?> settings)
    {
        var host = await WorkerHost.StartAsync(await PublishedApp.FolderAsync(), Settings(upstream, prefix, settings));
        try
        {
            using var http = new HttpClient
            {
                BaseAddress = host.Address,
                DefaultRequestHeaders = { { "x-functions-key", WorkerHost.Key } },
            };
            await ManyWorkflows.TrackAsync(
                async id =>
                {
                    using var body = new StringContent(
                        """{ "clusterId": "b4b9e60f", "projectId": "p1" }""",
                        Encoding.UTF8,
                        "application/json"
                    );
                    using var tracked = await http.PutAsync($"/api/workflows/{id}", body, TestContext.Current.CancellationToken);
                    Assert.Equal(HttpStatusCode.Created, tracked.StatusCode);
                },
                new TableClient(azurite.ConnectionString, $"{prefix}Workflows"),
                [.. Enumerable.Range(1, Workflows).Select(Id)],
                TestContext.Current.CancellationToken
            );
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    private protected Dictionary<string, string?> Settings(UpstreamStub upstream, string prefix, Dictionary<string, string?> more)
    {
        var settings = new Dictionary<string, string?>(HostSettings.Enough)
        {
            ["AutopilotStorage"] = azurite.ConnectionString,
            ["Storage:TablePrefix"] = prefix,
            ["Cce:Endpoint"] = upstream.Address.ToString(),
            ["Polling:MaxConcurrency"] = "8",
            ["PollQueue"] = prefix.ToLowerInvariant(),
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }

    private protected static void Stop(WorkerHost host, string way, string invocation, TimeSpan grace)
    {
        switch (way)
        {
            case "SIGTERM":
                Signal(host.ProcessId, "TERM");
                break;
            case "terminate":
                host.Terminate(grace);
                break;
            case "cancel":
                host.Cancel(invocation);
                break;
            case "stream closed":
                host.CloseStream();
                break;
            default:
                host.CutConnection();
                break;
        }
    }

    private protected static void Signal(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString(null as IFormatProvider)]);
        kill.WaitForExit();
    }

    /// <summary>The workflows with a stored state: each has a history entry.</summary>
    private async Task<HashSet<string>> StoredAsync(string prefix)
    {
        var stored = new HashSet<string>();
        await foreach (
            var row in new TableClient(azurite.ConnectionString, $"{prefix}Workflows").QueryAsync<TableEntity>(
                "RowKey ge 'h|' and RowKey lt 'h}'",
                select: ["RowKey"]
            )
        )
        {
            stored.Add(row.RowKey.Split('|')[1]);
        }

        return stored;
    }

    private protected static string Id(int number) => $"wf-{number:000}";

    private protected static string Prefix() => $"S{Guid.NewGuid():N}";
}
