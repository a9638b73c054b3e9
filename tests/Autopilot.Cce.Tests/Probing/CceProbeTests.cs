using Autopilot.Cce.Probing;
using Autopilot.Cce.Tests.Upstream;

namespace Autopilot.Cce.Tests.Probing;

public sealed class CceProbeTests
{
    private const CceProbeOutcome Passed = CceProbeOutcome.Passed;
    private const CceProbeOutcome Failed = CceProbeOutcome.Failed;
    private const CceProbeOutcome NotTried = CceProbeOutcome.NotTried;

    [Theory]
    [InlineData(200, """{"kind":"List","items":[]}""", Passed, Passed, Passed)]
    [InlineData(401, """{"error_msg":"verify aksk signature fail","error_code":"APIGW.0301"}""", Passed, Failed, NotTried)]
    [InlineData(403, """{"errorCode":"CCE.01403001","errorMessage":"Forbidden."}""", Passed, Passed, Failed)]
    [InlineData(404, """{"errorCode":"CCE.01404001","errorMessage":"Not found."}""", Passed, Passed, Failed)]
    [InlineData(404, """{"error_msg":"The API does not exist","error_code":"APIGW.0101"}""", Failed, NotTried, NotTried)]
    [InlineData(200, "<html></html>", Failed, NotTried, NotTried)]
    [InlineData(503, "", Failed, NotTried, NotTried)]
    [InlineData(407, "", Failed, NotTried, NotTried)]
    [InlineData(429, """{"error_msg":"The throttling threshold has been reached","error_code":"APIGW.0308"}""", Passed, Failed, NotTried)]
    [InlineData(
        400,
        """{"odata.error":{"code":"InvalidInput","message":{"lang":"en-US","value":"One of the request inputs is not valid."}}}""",
        Failed,
        NotTried,
        NotTried
    )]
    [InlineData(403, "<html>no entry</html>", Failed, NotTried, NotTried)]
    [InlineData(409, """{"errorCode":"CCE.01409001","errorMessage":"Locked."}""", Passed, Passed, Failed)]
    public async Task Each_step_reports_its_outcome(
        int status,
        string body,
        CceProbeOutcome endpoint,
        CceProbeOutcome credentials,
        CceProbeOutcome permission
    )
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:MaxAttempts", "1"));
        client.Stub.Answer = (context, _) => UpstreamStub.Json(context, status, body);

        var results = await client.Probe.CheckAsync(ClientUnderTest.Project, ClientUnderTest.Cluster, [], CancellationToken.None);

        Assert.Equal(
            [(CceProbeStep.Endpoint, endpoint), (CceProbeStep.Credentials, credentials), (CceProbeStep.Permission, permission)],
            results.Select(r => (r.Step, r.Outcome))
        );
        Assert.All(results, r => Assert.NotEmpty(r.Message));
        Assert.Single(client.Stub.Requests);
    }

    [Fact]
    public async Task Not_being_permitted_to_list_clusters_proves_nothing_about_tracking()
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:ProjectId", ClientUnderTest.Project));
        client.Stub.Answer = (context, _) =>
            UpstreamStub.Json(context, 403, """{"errorCode":"CCE.01403001","errorMessage":"Forbidden."}""");

        var results = await client.Probe.CheckAsync(null, null, [], CancellationToken.None);

        Assert.Equal([Passed, Passed, NotTried], results.Select(r => r.Outcome));
        Assert.Equal($"/autopilot/v3/projects/{ClientUnderTest.Project}/clusters", Assert.Single(client.Stub.Requests).Target);
    }

    [Fact]
    public async Task Not_being_permitted_to_list_the_clusters_of_a_tracked_project_is_a_failure()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) =>
            UpstreamStub.Json(context, 403, """{"errorCode":"CCE.01403001","errorMessage":"Forbidden."}""");

        var results = await client.Probe.CheckAsync(ClientUnderTest.Project, null, [], CancellationToken.None);

        Assert.Equal([Passed, Passed, Failed], results.Select(r => r.Outcome));
        Assert.Contains("cce:cluster:list", results[2].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ClientUnderTest.Project)]
    [InlineData(null)]
    public async Task A_blocked_address_is_a_failure_that_no_permission_mends(string? project)
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:ProjectId", ClientUnderTest.Project));
        client.Stub.Answer = (context, _) =>
            UpstreamStub.Json(
                context,
                403,
                """{"error_msg":"The IP address is not authorized to access the API.","error_code":"APIGW.0402"}"""
            );

        var results = await client.Probe.CheckAsync(project, null, [], CancellationToken.None);

        Assert.Equal([Passed, Passed, Failed], results.Select(r => r.Outcome));
        Assert.Contains("address", results[2].Message, StringComparison.Ordinal);
        Assert.DoesNotContain("cce:cluster", results[2].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_that_its_cluster_does_not_list_is_reported()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) =>
            UpstreamStub.Json(context, 200, """{"kind":"List","items":[{"metadata":{"uid":"w1"},"status":{"phase":"Running"}}]}""");

        var results = await client.Probe.CheckAsync(ClientUnderTest.Project, ClientUnderTest.Cluster, ["w1", "w2"], CancellationToken.None);

        Assert.Equal([Passed, Passed, CceProbeOutcome.Doubtful], results.Select(r => r.Outcome));
        Assert.Contains("1 there now; not among them: w2.", results[2].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_connection_fails_the_endpoint()
    {
        await using var client = await ClientUnderTest.StartAsync();
        await client.Stub.DisposeAsync();

        var results = await client.Probe.CheckAsync(ClientUnderTest.Project, null, [], CancellationToken.None);

        Assert.Equal([Failed, NotTried, NotTried], results.Select(r => r.Outcome));
    }

    [Fact]
    public async Task An_upstream_that_never_answers_fails_the_endpoint()
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:MaxAttempts", "1"), ("Cce:AttemptTimeout", "00:00:01"));
        client.Stub.Answer = (context, _) => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);

        var results = await client.WhileTimePassesAsync(
            client.Probe.CheckAsync(ClientUnderTest.Project, ClientUnderTest.Cluster, [], CancellationToken.None),
            TimeSpan.FromMilliseconds(100)
        );

        Assert.Equal([Failed, NotTried, NotTried], results.Select(r => r.Outcome));
        Assert.Contains("See Cce:Region or Cce:Endpoint", results[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_project_nothing_is_asked_and_nothing_is_shown_to_work()
    {
        await using var client = await ClientUnderTest.StartAsync();

        var results = await client.Probe.CheckAsync(null, null, [], CancellationToken.None);

        Assert.Equal([Failed, NotTried, NotTried], results.Select(r => r.Outcome));
        Assert.Contains("set Cce:ProjectId", results[0].Message, StringComparison.Ordinal);
        Assert.Empty(client.Stub.Requests);
    }
}
