using Autopilot.Cce.Tests.Upstream;
using Autopilot.Core.Upstream;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Cce.Tests.Responses;

public sealed class FailureTests
{
    [Theory]
    [InlineData(400, """{"errorCode":"CCE.01400001","errorMessage":"Invalid request."}""", UpstreamFailure.Denied, "CCE.01400001")]
    [InlineData(403, """{"errorCode":"CCE.01403001","errorMessage":"Forbidden."}""", UpstreamFailure.Denied, "CCE.01403001")]
    [InlineData(403, """{"error_msg":"forbidden","error_code":"APIGW.0302","request_id":"r"}""", UpstreamFailure.Denied, "APIGW.0302")]
    [InlineData(404, """{"errorCode":"CCE.01404001","errorMessage":"Resource not found."}""", UpstreamFailure.NotFound, "CCE.01404001")]
    [InlineData(
        404,
        """{"error_msg":"The API does not exist","error_code":"APIGW.0101","request_id":"r"}""",
        UpstreamFailure.Misconfigured,
        "APIGW.0101"
    )]
    [InlineData(404, """{"error":{"code":404,"message":"no","title":"Not Found"}}""", UpstreamFailure.Denied, "404")]
    [InlineData(404, "<html><body>nginx</body></html>", UpstreamFailure.Invalid, null)]
    [InlineData(404, "", UpstreamFailure.Invalid, null)]
    [InlineData(409, """{"errorCode":"CCE.01409002","errorMessage":"Stale."}""", UpstreamFailure.Locked, "CCE.01409002")]
    [InlineData(
        429,
        """{"errorCode":"CCE.01429002","errorMessage":"Resource locked by another request."}""",
        UpstreamFailure.Locked,
        "CCE.01429002"
    )]
    [InlineData(401, """{"errorCode":"CCE.01401001","errorMessage":"Authorization failed."}""", UpstreamFailure.Rejected, "CCE.01401001")]
    [InlineData(401, "", UpstreamFailure.Rejected, null)]
    [InlineData(302, "", UpstreamFailure.Invalid, null)]
    [InlineData(204, "", UpstreamFailure.Invalid, null)]
    [InlineData(200, "<!DOCTYPE html><html><body>Sign in</body></html>", UpstreamFailure.Invalid, null)]
    [InlineData(200, "", UpstreamFailure.Invalid, null)]
    [InlineData(200, """{"kind":"WorkFlowTask","spec":{"clus""", UpstreamFailure.Invalid, null)]
    [InlineData(200, "[]", UpstreamFailure.Invalid, null)]
    [InlineData(200, """{"hello":"world"}""", UpstreamFailure.Invalid, null)]
    public async Task A_status_has_its_meaning_and_is_not_retried(int status, string body, UpstreamFailure expected, string? code)
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) => Raw(context, status, body);

        var failure = await client.FailAsync();

        Assert.Equal((expected, status, code), (failure.Failure, failure.StatusCode, failure.Code));
        Assert.Single(client.Stub.Requests);
    }

    [Theory]
    [InlineData(403, """{"errorCode":"CCE.01403001","errorMessage":"Forbidden."}""", RejectionCause.Permission, "cce:cluster:getCluster")]
    [InlineData(403, """{"error_msg":"The IAM user is not authorized","error_code":"APIGW.0302"}""", RejectionCause.Permission, "Grant")]
    [InlineData(403, """{"errorCode":"CCE.01403002","errorMessage":"Account restricted."}""", RejectionCause.Account, "billing center")]
    [InlineData(
        403,
        """{"errorCode":"CCE.01403001","errorMessage":"Forbidden: frozen-lake is restricted."}""",
        RejectionCause.Permission,
        "Grant"
    )]
    [InlineData(403, """{"error_msg":"In arrear or insufficient balance.","error_code":"X.1"}""", RejectionCause.Account, "billing center")]
    [InlineData(405, """{"error_msg":"The app has been frozen.","error_code":"APIGW.0502"}""", RejectionCause.Account, "billing center")]
    [InlineData(403, """{"error_msg":"The IP address is not authorized","error_code":"APIGW.0402"}""", RejectionCause.Address, "address")]
    [InlineData(403, """{"error_msg":"Unknown client IP address.","error_code":"APIGW.0401"}""", RejectionCause.Address, "address")]
    [InlineData(403, """{"error_msg":"Source IP is in the blacklist: restricted","error_code":"X.1"}""", RejectionCause.Address, "address")]
    [InlineData(403, """{"error_msg":"API access denied.","error_code":"APIGW.0306"}""", RejectionCause.NotOpened, "open the upgrade APIs")]
    [InlineData(403, """{"error_msg":"The project is unavailable.","error_code":"APIGW.0310"}""", RejectionCause.Project, "Cce:ProjectId")]
    [InlineData(403, """{"error_msg":"Forbidden in the region.","error_code":"APIGW.0802"}""", RejectionCause.Region, "Cce:Region")]
    [InlineData(
        403,
        """{"errorCode":"CCE.01403001","errorMessage":"no","encoded_authorization_message":"Egpjbi1ub"}""",
        RejectionCause.Policy,
        "policy"
    )]
    [InlineData(
        403,
        """{"error_msg":"Policy doesn't allow cce:cluster:get to be performed.","error_code":"CCE.01403001"}""",
        RejectionCause.Policy,
        "policy"
    )]
    [InlineData(405, """{"error_msg":"Method not allowed","error_code":"APIGW.0101"}""", null, "compare the ids")]
    [InlineData(404, """{"errorCode":"CCE.01404001","errorMessage":"Account restricted."}""", null, "compare the ids")]
    public async Task A_refusal_has_its_cause_and_what_helps_against_it(int status, string body, RejectionCause? cause, string advice)
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) => Raw(context, status, body);

        var failure = await client.FailAsync();

        Assert.Equal(cause, failure.Cause);
        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
        Assert.Equal(
            cause is RejectionCause.Permission,
            failure.Message.Contains("Grant the credentials the permission", StringComparison.Ordinal)
        );
        Assert.DoesNotContain("Egpjbi1ub", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_are_asked_for_in_English_and_kept_in_any_language()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) => Raw(context, 403, """{"errorCode":"CCE.01403002","errorMessage":"账号受限。"}""");

        var failure = await client.FailAsync();

        Assert.Equal("en-us", Assert.Single(client.Stub.Requests).Header("x-language"));
        Assert.Contains("账号受限。", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_page_in_place_of_JSON_is_called_one()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) => Raw(context, 200, "<html><body>Sign in</body></html>");

        var failure = await client.FailAsync();

        Assert.Contains("web page", failure.Message, StringComparison.Ordinal);
        Assert.Contains(client.Stub.Address.Authority, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, number) =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };

        await client.FailAsync();

        Assert.DoesNotContain(client.Stub.Requests, r => r.Target == "/elsewhere");
    }

    [Theory]
    [InlineData(20, "behind")]
    [InlineData(-20, "ahead of")]
    public async Task A_clock_that_is_20_minutes_off_is_reported_with_the_difference(int upstreamIsAhead, string word)
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) =>
        {
            context.Response.Headers.Date = client.Clock.GetUtcNow().AddMinutes(upstreamIsAhead).ToString("R");
            return Raw(
                context,
                401,
                """{"error_msg":"Incorrect IAM authentication information: signature expired","error_code":"APIGW.0301","request_id":"r"}"""
            );
        };

        var failure = await client.FailAsync();

        Assert.Equal(UpstreamFailure.Rejected, failure.Failure);
        Assert.Contains($"This machine's clock is 20 min {word} upstream's", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_right_is_not_blamed()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) =>
        {
            context.Response.Headers.Date = client.Clock.GetUtcNow().AddMinutes(-4).ToString("R");
            return Raw(
                context,
                401,
                """{"error_msg":"Incorrect IAM authentication information: verify aksk signature fail","error_code":"APIGW.0301"}"""
            );
        };

        var failure = await client.FailAsync();

        Assert.DoesNotContain("clock", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Cce:SecretKey", failure.Message, StringComparison.Ordinal);
    }

    private static Task Raw(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        return body.Length == 0 ? Task.CompletedTask : context.Response.WriteAsync(body);
    }
}
