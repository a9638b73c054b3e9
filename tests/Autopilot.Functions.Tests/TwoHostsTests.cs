using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Autopilot.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Autopilot.Functions.Tests;

/// <summary>A route exists once, and both hosts serve it alike: to the byte, through a function as through the server.</summary>
public sealed partial class TwoHostsTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task The_pipeline_answers_through_a_function_as_it_does_through_the_server()
    {
        await using var functions = await FunctionsOnLoopback.StartAsync(Host());
        await using var server = ServerHost();
        await server.StartAsync(TestContext.Current.CancellationToken);
        using var throughFunctions = new HttpClient { BaseAddress = functions.Address };
        using var throughServer = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };

        foreach (var (method, path, body, status) in HttpConversation.Cases)
        {
            var expected = await AskAsync(throughServer, method, path, body);
            Assert.StartsWith($"{method} {path} → {status}\n", expected, StringComparison.Ordinal);
            Assert.Equal(expected, await AskAsync(throughFunctions, method, path, body));
        }
    }

    [Fact]
    public async Task What_no_route_answers_is_a_problem_of_ours_with_its_code()
    {
        await using var functions = await FunctionsOnLoopback.StartAsync(Host());
        using var http = new HttpClient { BaseAddress = functions.Address };

        using var answer = await http.PostAsync("/api/nowhere", new StringContent("{}", Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("\"code\":\"NotFound\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Server:PublicUrl", "https://ops.example.com/upgrades/", "https://ops.example.com/upgrades")]
    [InlineData("WEBSITE_HOSTNAME", "app-1.azurewebsites.net", "https://app-1.azurewebsites.net")]
    public async Task Messages_of_both_hosts_link_to_the_upgrades_by_the_public_address(string setting, string value, string written)
    {
        await using var receiver = await Receiver.StartAsync();
        Dictionary<string, string?> settings = new()
        {
            [setting] = value,
            ["Notifications:Webhooks:0:Url"] = receiver.Url("/hook").AbsoluteUri,
            ["Notifications:Webhooks:0:Format"] = "Teams",
        };
        await using var functions = await FunctionsOnLoopback.StartAsync(Host(settings));
        await using var server = ServerHost(settings);
        await server.StartAsync(TestContext.Current.CancellationToken);

        foreach (var host in (Uri[])[functions.Address, new Uri(server.Urls.Single())])
        {
            using var http = new HttpClient { BaseAddress = host };
            using var answer = await http.PostAsync("/api/notifications/test", null, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(receiver.Got.TryDequeue(out var message));
            Assert.Contains($"\"{written}/api/workflows?format=text\"", Encoding.UTF8.GetString(message.Body), StringComparison.Ordinal);
        }
    }

    private static async Task<string> AskAsync(HttpClient http, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (path == "/api/mcp")
        {
            request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        }

        using var answer = await http.SendAsync(request);

        // When it was answered, by which server, and the trace are each host's own.
        var headers = answer
            .Headers.Concat(answer.Content.Headers)
            .Where(header => header.Key is not ("Date" or "Server"))
            .OrderBy(header => header.Key, StringComparer.Ordinal)
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
        var bytes = Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync());
        return $"{method} {path} → "
            + $"{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n\n{TraceId().Replace(bytes, "\"traceId\":\"\"")}";
    }

    private IHost Host(IDictionary<string, string?>? more = null)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection(Settings("Functions")).AddInMemoryCollection(more ?? new Dictionary<string, string?>());
        builder.AddAutopilot();
        builder
            .Services.AddLogging(logging => logging.ClearProviders())
            .AddSingleton<IUpgradeWorkflowSource, Upstream>()
            .AddSingleton<TimeProvider, StoppedClock>();
        return builder.Build();
    }

    private WebApplication ServerHost(IDictionary<string, string?>? more = null) =>
        ServerApp.Create(
            ["--urls", "http://127.0.0.1:0"],
            builder =>
            {
                builder
                    .Configuration.AddInMemoryCollection(Settings("Server"))
                    .AddInMemoryCollection(more ?? new Dictionary<string, string?>());
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton<IUpgradeWorkflowSource, Upstream>().AddSingleton<TimeProvider, StoppedClock>();
            }
        );

    /// <summary>Tables of its own for each host, so that the same conversation means the same to both.</summary>
    private Dictionary<string, string?> Settings(string host) =>
        new(HostSettings.Enough)
        {
            ["AutopilotStorage"] = azurite.ConnectionString,
            ["Storage:TablePrefix"] = $"{host}{Guid.NewGuid():N}",
            ["PollSchedule"] = "disabled",
        };

    [GeneratedRegex("\"traceId\":\"[^\"]+\"")]
    private static partial Regex TraceId();

    private sealed class Upstream : IUpgradeWorkflowSource
    {
        private static readonly WorkflowObservation Running = WorkflowDocument.Read(
            """
            { "metadata": { "uid": "c271e39e", "creationTimestamp": "2026-11-23 10:00:00 +0000 UTC" },
              "spec": { "clusterID": "b4b9e60f", "clusterVersion": "v1.28.6-r0", "targetVersion": "v1.30.1-r0" },
              "status": { "phase": "Running", "pointStatuses": [ { "taskType": "Cluster", "taskID": "t1", "status": "Running", "startTimeStamp": "2026-11-23 11:00:00 +0000 UTC" } ], "lineStatuses": [] } }
            """u8.ToArray()
        );

        public UpstreamStatus Status { get; } = new(null, null, null);

        public Task<WorkflowObservation> ReadAsync(WorkflowTarget target, CancellationToken cancellationToken) => Task.FromResult(Running);

        public Task<FailureReport?> ReadFailureAsync(
            WorkflowTarget target,
            UpgradeTaskType type,
            string taskId,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public Task<IReadOnlyList<WorkflowObservation>> ListAsync(
            string projectId,
            string clusterId,
            CancellationToken cancellationToken
        ) => Task.FromResult<IReadOnlyList<WorkflowObservation>>([]);
    }

    /// <summary>Both hosts run at the same time, so that no figure differs.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.Parse("2026-11-23T12:00:00Z", CultureInfo.InvariantCulture);

        public override long GetTimestamp() => 0;
    }
}
