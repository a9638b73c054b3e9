using System.Globalization;
using System.Text.Json;
using Autopilot.Cce.Tests.Upstream;
using Autopilot.Core.Upstream;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Cce.Tests.Tokens;

public sealed class IamTokenTests
{
    private const string Password = "p@ss-word-9";

    private static readonly (string, string)[] User =
    [
        ("Cce:Iam:Username", "watcher"),
        ("Cce:Iam:Password", Password),
        ("Cce:Iam:DomainName", "account"),
    ];

    private static Task<ClientUnderTest> StartAsync(params (string, string)[] more) => ClientUnderTest.StartAsync([.. User, .. more]);

    /// <summary>IAM gives tokens token-1, token-2, …, each for a day.</summary>
    private static void GiveTokens(ClientUnderTest client) =>
        client.Stub.AnswerToken = context =>
        {
            context.Response.Headers["X-Subject-Token"] = $"token-{client.Stub.TokenRequests.Count}";
            var expires = (client.Clock.GetUtcNow() + TimeSpan.FromHours(24)).ToString(
                "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
                CultureInfo.InvariantCulture
            );
            return UpstreamStub.Json(context, 201, $$$"""{"token":{"expires_at":"{{{expires}}}","issued_at":"x"}}""");
        };

    [Fact]
    public async Task A_token_is_asked_for_as_IAM_wants_it_and_sent_along()
    {
        await using var client = await StartAsync();
        GiveTokens(client);

        await client.ReadAsync();

        var requested = Assert.Single(client.Stub.TokenRequests);
        Assert.Equal("/v3/auth/tokens?nocatalog=true", requested.Target);
        using var expected = JsonDocument.Parse(
            """{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"watcher","password":"p@ss-word-9","domain":{"name":"account"}}}},"scope":{"project":{"name":"ap-southeast-3"}}}}"""
        );
        using var sent = JsonDocument.Parse(requested.Body);
        Assert.True(JsonElement.DeepEquals(expected.RootElement, sent.RootElement), requested.Body);
        var request = Assert.Single(client.Stub.Requests);
        Assert.Equal("token-1", request.Header("x-auth-token"));
        Assert.Equal("", request.Header("authorization"));
    }

    [Fact]
    public async Task Many_reads_at_once_share_one_token()
    {
        await using var client = await StartAsync();
        GiveTokens(client);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => client.ReadAsync())));

        Assert.Single(client.Stub.TokenRequests);
        Assert.All(client.Stub.Requests, r => Assert.Equal("token-1", r.Header("x-auth-token")));
    }

    [Fact]
    public async Task A_token_is_renewed_half_an_hour_before_it_expires()
    {
        await using var client = await StartAsync();
        GiveTokens(client);

        await client.ReadAsync();
        client.Clock.Advance(TimeSpan.FromHours(23));
        await client.ReadAsync();
        client.Clock.Advance(TimeSpan.FromMinutes(30));
        await client.ReadAsync();

        Assert.Equal(["token-1", "token-1", "token-2"], client.Stub.Requests.Select(r => r.Header("x-auth-token")));
    }

    [Fact]
    public async Task A_token_that_still_holds_is_used_on_while_IAM_is_away()
    {
        await using var client = await StartAsync(("Cce:MaxAttempts", "1"));
        GiveTokens(client);
        await client.ReadAsync();
        client.Stub.AnswerToken = context => UpstreamStub.Json(context, 503, "");

        client.Clock.Advance(TimeSpan.FromHours(23.6));
        await client.ReadAsync();
        await client.ReadAsync();
        Assert.Equal(2, client.Stub.TokenRequests.Count);

        client.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(UpstreamFailure.Unavailable, (await client.FailAsync()).Failure);
    }

    [Fact]
    public async Task A_refused_token_is_renewed_once_and_the_request_repeated_once()
    {
        await using var client = await StartAsync();
        GiveTokens(client);
        client.Stub.Answer = (context, _) =>
            context.Request.Headers["X-Auth-Token"] == "token-2" ? UpstreamStub.Workflow(context) : Expired(context);

        await client.ReadAsync();

        Assert.Equal(["token-1", "token-2"], client.Stub.Requests.Select(r => r.Header("x-auth-token")));
        Assert.Null(client.Source.Status.RefusedSince);
    }

    [Fact]
    public async Task Many_requests_whose_token_is_refused_renew_it_once()
    {
        await using var client = await StartAsync();
        GiveTokens(client);
        await client.ReadAsync();
        client.Stub.Answer = (context, _) =>
            context.Request.Headers["X-Auth-Token"] == "token-2" ? UpstreamStub.Workflow(context) : Expired(context);

        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => client.ReadAsync())));

        Assert.Equal(2, client.Stub.TokenRequests.Count);
    }

    [Fact]
    public async Task A_fresh_token_that_is_rejected_too_is_a_rejection()
    {
        await using var client = await StartAsync();
        GiveTokens(client);
        client.Stub.Answer = (context, _) => Expired(context);

        var failure = await client.FailAsync();
        await client.FailAsync();

        Assert.Equal((UpstreamFailure.Rejected, "APIGW.0307"), (failure.Failure, failure.Code));
        Assert.Equal((2, 2), (client.Stub.Requests.Count, client.Stub.TokenRequests.Count));
    }

    [Fact]
    public async Task A_password_that_IAM_rejects_is_tried_once_and_is_a_rejection()
    {
        await using var client = await StartAsync();
        client.Stub.AnswerToken = context =>
            UpstreamStub.Json(
                context,
                401,
                $$$"""{"error":{"code":401,"message":"The username or password is wrong: {{{Password}}}","title":"Unauthorized"}}"""
            );

        var failures = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(client.FailAsync)));

        Assert.All(failures, f => Assert.Equal((UpstreamFailure.Rejected, 401), (f.Failure, f.StatusCode)));
        Assert.Contains("Cce:Iam:Password", failures[0].Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Password,
            string.Concat(failures.Select(f => f.ToString())) + string.Concat(client.Log.GetSnapshot().Select(r => r.Message)),
            StringComparison.Ordinal
        );
        Assert.Single(client.Stub.TokenRequests);
        Assert.Empty(client.Stub.Requests);
    }

    [Fact]
    public async Task IAM_being_away_for_a_moment_is_got_over()
    {
        await using var client = await StartAsync();
        GiveTokens(client);
        var give = client.Stub.AnswerToken;
        client.Stub.AnswerToken = context => client.Stub.TokenRequests.Count < 3 ? UpstreamStub.Json(context, 503, "") : give(context);

        await client.ReadAsync();

        Assert.Equal(3, client.Stub.TokenRequests.Count);
    }

    [Fact]
    public async Task A_token_given_by_hand_is_sent_as_it_is_and_never_renewed()
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:Token", "by-hand"));
        client.Stub.Answer = (context, number) => number == 1 ? UpstreamStub.Workflow(context) : Expired(context);

        await client.ReadAsync();
        var failure = await client.FailAsync();

        Assert.All(client.Stub.Requests, r => Assert.Equal("by-hand", r.Header("x-auth-token")));
        Assert.Equal(UpstreamFailure.Rejected, failure.Failure);
        Assert.Contains("Cce:Token", failure.Message, StringComparison.Ordinal);
        Assert.Equal((2, 0), (client.Stub.Requests.Count, client.Stub.TokenRequests.Count));
    }

    private static Task Expired(HttpContext context) =>
        UpstreamStub.Json(context, 401, """{"error_msg":"The token must be updated.","error_code":"APIGW.0307","request_id":"r"}""");
}
