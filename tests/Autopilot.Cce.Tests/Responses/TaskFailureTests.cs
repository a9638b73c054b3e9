using Autopilot.Cce.Tests.Upstream;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;

namespace Autopilot.Cce.Tests.Responses;

/// <summary>Why a task failed: worth one attempt of 3 seconds, and never what everything else depends on.</summary>
public sealed class TaskFailureTests
{
    private const string TaskId = "f61e008c-1600-41c0-9bde-121de5a30660";

    [Fact]
    public async Task A_precheck_is_asked_for_by_its_own_id_with_a_signature()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) => UpstreamStub.Json(context, 200, PreCheck("The add-on coredns is not running."));

        var report = await AskAsync(client, UpgradeTaskType.PreCheck);

        var request = Assert.Single(client.Stub.Requests);
        Assert.Equal(
            $"/autopilot/v3/projects/{ClientUnderTest.Project}/clusters/{ClientUnderTest.Cluster}/operation/precheck/tasks/{TaskId}",
            request.Target
        );
        Assert.True(request.IsSignedBy(UpstreamStub.AccessKey, UpstreamStub.SecretKey));
        Assert.Equal("The add-on coredns is not running.", Assert.Single(report!.Details).Message);
    }

    [Fact]
    public async Task An_upgrade_is_asked_for_on_its_own_route()
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:PathPrefix", "/api/v3"));
        client.Stub.Answer = (context, _) =>
            UpstreamStub.Json(context, 200, """{"kind":"UpgradeTask","status":{"phase":"Failed","progress":"62.00"}}""");

        var report = await AskAsync(client, UpgradeTaskType.Cluster);

        Assert.EndsWith($"/operation/upgrade/tasks/{TaskId}", Assert.Single(client.Stub.Requests).Target, StringComparison.Ordinal);
        Assert.Equal("phase Failed at progress 62.00", Assert.Single(report!.Details).Message);
    }

    [Fact]
    public async Task Progress_is_read_from_the_same_document_without_a_secret()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) =>
            UpstreamStub.Json(context, 200, $$"""{"status":{"phase":"Running","progress":"at {{UpstreamStub.SecretKey}}"} }""");

        var target = new WorkflowTarget(ClientUnderTest.Project, ClientUnderTest.Cluster, TaskId);
        var report = await client.Source.ReadProgressAsync(target, UpgradeTaskType.Cluster, TaskId, CancellationToken.None);

        Assert.EndsWith($"/operation/upgrade/tasks/{TaskId}", Assert.Single(client.Stub.Requests).Target, StringComparison.Ordinal);
        Assert.Equal("at [redacted]", report.Progress);
    }

    [Theory]
    [InlineData("/autopilot/v3", "/autopilot/v3.1")]
    [InlineData("/api/v3/", "/api/v3.1")]
    public async Task Backups_are_listed_under_a_version_of_their_own_with_a_signature(string prefix, string expected)
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:PathPrefix", prefix));
        client.Stub.Answer = (context, _) =>
            UpstreamStub.Json(
                context,
                200,
                $$"""
                {"items":[{"metadata":{"uid":"{{TaskId}}"},"spec":{"items":[{"status":"Failed","message":"key {{UpstreamStub.SecretKey}}"}]},"status":{"phase":"Failed"} }]}
                """
            );

        var list = await client.Source.ReadSnapshotsAsync(ClientUnderTest.Project, ClientUnderTest.Cluster, CancellationToken.None);

        var request = Assert.Single(client.Stub.Requests);
        Assert.Equal(
            $"{expected}/projects/{ClientUnderTest.Project}/clusters/{ClientUnderTest.Cluster}/operation/snapshot/tasks",
            request.Target
        );
        Assert.True(request.IsSignedBy(UpstreamStub.AccessKey, UpstreamStub.SecretKey));
        Assert.Equal("key [redacted]", Assert.Single(Assert.Single(list.Tasks).Items).Message);
    }

    [Theory]
    [InlineData(404, "APIGW.0101", UpstreamFailure.NotFound)]
    [InlineData(403, "CCE.01403001", UpstreamFailure.Denied)]
    [InlineData(500, "CCE.01500001", UpstreamFailure.Unavailable)]
    [InlineData(200, "", UpstreamFailure.Invalid)]
    public async Task A_list_of_backups_that_is_not_offered_concerns_nothing_else(int status, string code, UpstreamFailure expected)
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) =>
            context.Request.Path.Value!.Contains("/snapshot/", StringComparison.Ordinal)
                ? UpstreamStub.Json(context, status, status == 200 ? "[]" : $$"""{"error_msg":"no","error_code":"{{code}}"}""")
                : UpstreamStub.Workflow(context);
        await client.ReadAsync();

        var failure = await Assert.ThrowsAsync<UpstreamException>(() =>
            client.Source.ReadSnapshotsAsync(ClientUnderTest.Project, ClientUnderTest.Cluster, CancellationToken.None)
        );

        Assert.Equal(expected, failure.Failure);
        Assert.Equal(2, client.Stub.Requests.Count);
        Assert.Null(client.Source.Status.RefusedSince);
        await client.ReadAsync();
    }

    [Fact]
    public async Task A_document_over_the_limit_names_the_limit()
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:MaxAnswerBytes", "1024"));
        client.Stub.Answer = (context, _) => UpstreamStub.Json(context, 200, PreCheck(new string('x', 2000)));

        var failure = await FailAsync(client);

        Assert.Equal((UpstreamFailure.Invalid, 1024), (failure.Failure, failure.AnswerLimit));
        Assert.Equal(1024, client.Source.AnswerLimit);
    }

    [Theory]
    [InlineData("Snapshot", TaskId)]
    [InlineData("PreCheck", "../../upgradeworkflows")]
    [InlineData("PreCheck", "..")]
    public async Task What_cannot_be_asked_for_is_unknown_without_a_request(string type, string taskId)
    {
        await using var client = await ClientUnderTest.StartAsync();

        var failure = await Assert.ThrowsAsync<UpstreamException>(() =>
            client.Source.ReadFailureAsync(ClientUnderTest.Target, UpgradeTaskType.From(type), taskId, CancellationToken.None)
        );

        Assert.Equal(UpstreamFailure.NotFound, failure.Failure);
        Assert.Empty(client.Stub.Requests);
    }

    [Fact]
    public async Task Upstreams_words_are_redacted_and_a_deprecated_api_stays_readable()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) =>
            UpstreamStub.Json(
                context,
                200,
                PreCheck(
                    $"key {UpstreamStub.SecretKey} X-Security-Token: abcdef0123 sig {new string('0', 40)} of pod "
                        + "coredns-autoscaler-6d8f5c9b7d-kube-system-xyz12 calls /apis/policy/v1beta1/podsecuritypolicies"
                )
            );

        var message = Assert.Single((await AskAsync(client, UpgradeTaskType.PreCheck))!.Details).Message;

        Assert.Equal(
            "key [redacted] X-Security-Token=[redacted] sig [redacted] of pod coredns-autoscaler-6d8f5c9b7d-kube-system-xyz12 calls "
                + "/apis/policy/v1beta1/podsecuritypolicies",
            message
        );
    }

    [Fact]
    public async Task A_long_message_is_kept_to_its_kilobyte_and_not_to_the_length_of_an_error()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) => UpstreamStub.Json(context, 200, PreCheck(string.Concat(Enumerable.Repeat("word ", 500))));

        Assert.InRange(Assert.Single((await AskAsync(client, UpgradeTaskType.PreCheck))!.Details).Message!.Length, 900, 1024);
    }

    [Theory]
    [InlineData(500, "CCE.01500001", UpstreamFailure.Unavailable)]
    [InlineData(429, "APIGW.0308", UpstreamFailure.Throttled)]
    [InlineData(403, "CCE.01403001", UpstreamFailure.Denied)]
    [InlineData(404, "CCE.01404001", UpstreamFailure.NotFound)]
    public async Task A_failed_question_is_not_tried_again(int status, string code, UpstreamFailure expected)
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) => UpstreamStub.Json(context, status, $$"""{"errorCode":"{{code}}","errorMessage":"no"}""");

        var failure = await FailAsync(client);

        Assert.Equal(expected, failure.Failure);
        Assert.Single(client.Stub.Requests);
    }

    [Fact]
    public async Task A_slow_answer_is_given_up_once_although_other_reads_are_patient()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);

        var failure = await FailAsync(client);

        Assert.Equal((UpstreamFailure.Unavailable, true), (failure.Failure, failure.TimedOut));
        Assert.Contains("within 3 s", failure.Message, StringComparison.Ordinal);
        Assert.Single(client.Stub.Requests);
    }

    [Fact]
    public async Task A_cancelled_caller_gets_no_failure()
    {
        await using var client = await ClientUnderTest.StartAsync();
        using var cancel = new CancellationTokenSource();
        client.Stub.Answer = async (context, _) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            client.Source.ReadFailureAsync(ClientUnderTest.Target, UpgradeTaskType.PreCheck, TaskId, cancel.Token)
        );
    }

    [Fact]
    public async Task A_route_that_the_gateway_does_not_know_opens_no_circuit_breaker()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) =>
            context.Request.Path.Value!.Contains("/precheck/", StringComparison.Ordinal)
                ? UpstreamStub.Json(context, 404, """{"error_msg":"The API does not exist","error_code":"APIGW.0101"}""")
                : UpstreamStub.Workflow(context);
        await client.ReadAsync();

        Assert.Equal(
            (UpstreamFailure.NotFound, "APIGW.0101"),
            await FailAsync(client) is var failure ? (failure.Failure, failure.Code) : default
        );

        Assert.Null(client.Source.Status.RefusedSince);
        await client.ReadAsync();
    }

    [Fact]
    public async Task Rejected_credentials_open_the_circuit_breaker_for_any_operation()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) =>
            UpstreamStub.Json(context, 401, """{"error_msg":"verify aksk signature fail","error_code":"APIGW.0301"}""");

        Assert.Equal(UpstreamFailure.Rejected, (await FailAsync(client)).Failure);

        Assert.NotNull(client.Source.Status.RefusedSince);
    }

    [Fact]
    public async Task A_permit_that_would_come_too_late_is_left_to_others()
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:RequestsPerMinute", "1"), ("Cce:MaxThrottleWait", "00:02:00"));
        await client.ReadAsync();
        var began = client.Clock.GetUtcNow();

        Assert.Equal(UpstreamFailure.Throttled, (await FailAsync(client)).Failure);

        Assert.Single(client.Stub.Requests);
        await client.WhileTimePassesAsync(client.ReadAsync(), TimeSpan.FromSeconds(1));
        // The next permit after the first, and not the one after it.
        Assert.InRange(client.Clock.GetUtcNow() - began, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(100));
    }

    [Fact]
    public async Task An_answer_that_is_no_task_is_invalid()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) => UpstreamStub.Json(context, 200, "<html>");

        Assert.Equal(UpstreamFailure.Invalid, (await FailAsync(client)).Failure);
    }

    private static Task<FailureReport?> AskAsync(ClientUnderTest client, UpgradeTaskType type) =>
        client.Source.ReadFailureAsync(ClientUnderTest.Target, type, TaskId, CancellationToken.None);

    private static Task<UpstreamException> FailAsync(ClientUnderTest client) =>
        Assert.ThrowsAsync<UpstreamException>(() => AskAsync(client, UpgradeTaskType.PreCheck));

    private static string PreCheck(string message) =>
        $$"""
            {"kind":"PreCheckTask","status":{"phase":"Failed","addonCheckStatus":{"itemsStatus":[{"name":"n","group":"AddonCheck","level":"Fatal","phase":"Failed","message":"{{message}}"}] } } }
            """;
}
