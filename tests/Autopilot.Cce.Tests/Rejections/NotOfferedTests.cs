using Autopilot.Cce.Rejections;
using Autopilot.Cce.Tests.Upstream;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Cce.Tests.Rejections;

/// <summary>An operation that the gateway does not offer concerns itself alone.</summary>
public sealed class NotOfferedTests
{
    private const string NoSuchApi =
        """{"error_msg":"The API does not exist or has not been published in the environment","error_code":"APIGW.0101","request_id":"r"}""";

    public static TheoryData<string> Operations => ["ShowCluster", "ListClusters", "ListWorkflows", "ShowTask"];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_missing_operation_stops_no_reading_of_workflows(string operation)
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = Without(operation);

        var first = await Assert.ThrowsAsync<UpstreamException>(() => AskAsync(client, operation));
        var reads = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => client.ReadAsync())));

        Assert.Equal((false, true), (first.StopsCycle, first.NotOffered));
        Assert.Equal(20, reads.Length);
        Assert.Null(client.Source.Status.RefusedSince);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_missing_operation_is_asked_again_once_a_day(string operation)
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = Without(operation);

        for (var hour = 0; hour < 72; hour++)
        {
            await Task.WhenAll(
                Enumerable.Range(0, 5).Select(_ => Task.Run(() => Assert.ThrowsAsync<UpstreamException>(() => AskAsync(client, operation))))
            );
            client.Clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(3, client.Stub.Requests.Count);
        Assert.Equal(3, client.Log.GetSnapshot().Count(record => record.Id.Name == "OperationNotOffered"));
    }

    [Fact]
    public async Task An_operation_that_worked_before_is_asked_again_after_ten_minutes()
    {
        await using var client = await ClientUnderTest.StartAsync();
        var offered = true;
        client.Stub.Answer = (context, number) =>
            offered ? UpstreamStub.Json(context, 200, """{"items":[]}""") : UpstreamStub.Json(context, 404, NoSuchApi);
        await AskAsync(client, "ListWorkflows");
        offered = false;
        await Assert.ThrowsAsync<UpstreamException>(() => AskAsync(client, "ListWorkflows"));
        offered = true;

        var early = await Assert.ThrowsAsync<UpstreamException>(() => AskAsync(client, "ListWorkflows"));
        client.Clock.Advance(CredentialCircuitBreaker.ProbeEvery);
        await AskAsync(client, "ListWorkflows");

        Assert.Equal(CredentialCircuitBreaker.ProbeEvery, early.RetryAfter);
    }

    [Fact]
    public async Task One_missing_operation_leaves_the_others_open()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = Without("ShowCluster");
        await Assert.ThrowsAsync<UpstreamException>(() => AskAsync(client, "ShowCluster"));

        await AskAsync(client, "ListWorkflows");
        await AskAsync(client, "ListClusters");

        Assert.Equal(3, client.Stub.Requests.Count);
    }

    [Fact]
    public async Task Where_nothing_was_ever_accepted_a_missing_operation_is_a_wrong_address()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) => UpstreamStub.Json(context, 404, NoSuchApi);

        await Assert.ThrowsAsync<UpstreamException>(() => AskAsync(client, "ListWorkflows"));

        Assert.NotNull(client.Source.Status.RefusedSince);
        Assert.Contains("Cce:Endpoint", client.Source.Status.RefusalMessage, StringComparison.Ordinal);
    }

    private static Func<HttpContext, int, Task> Without(string operation) =>
        (context, _) =>
        {
            var path = context.Request.Path.Value!;
            var asked =
                path.Contains("/tasks/", StringComparison.Ordinal) ? "ShowTask"
                : path.EndsWith("/upgradeworkflows", StringComparison.Ordinal) ? "ListWorkflows"
                : path.EndsWith("/clusters", StringComparison.Ordinal) ? "ListClusters"
                : path.EndsWith($"/{ClientUnderTest.Cluster}", StringComparison.Ordinal) ? "ShowCluster"
                : "ShowWorkflow";
            return asked == operation ? UpstreamStub.Json(context, 404, NoSuchApi)
                : asked == "ShowWorkflow" ? UpstreamStub.Workflow(context)
                : UpstreamStub.Json(context, 200, """{"metadata":{},"items":[]}""");
        };

    private static Task AskAsync(ClientUnderTest client, string operation) =>
        operation switch
        {
            "ShowCluster" => client
                .Get<IClusterSource>()
                .ShowClusterAsync(ClientUnderTest.Project, ClientUnderTest.Cluster, CancellationToken.None),
            "ListClusters" => client.Get<IClusterSource>().ListClustersAsync(ClientUnderTest.Project, CancellationToken.None),
            "ListWorkflows" => client.Source.ListAsync(ClientUnderTest.Project, ClientUnderTest.Cluster, CancellationToken.None),
            _ => client.Source.ReadFailureAsync(
                ClientUnderTest.Target,
                UpgradeTaskType.PreCheck,
                "f61e008c-1600-41c0-9bde-121de5a30660",
                CancellationToken.None
            ),
        };
}
