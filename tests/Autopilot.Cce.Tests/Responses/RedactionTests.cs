using Autopilot.Cce.Responses;
using Autopilot.Cce.Tests.Upstream;
using Autopilot.Cce.Throttling;
using CsCheck;

namespace Autopilot.Cce.Tests.Responses;

public sealed class RedactionTests
{
    private const string SecurityToken = "ST0KEN/very+secret==";

    /// <summary>
    /// The gateway's own words for a signature that does not match: the canonical request with bars for line breaks, signed values and all.
    /// </summary>
    [Fact]
    public async Task Nothing_that_the_gateway_echoes_gets_into_a_message_or_a_log()
    {
        await using var client = await ClientUnderTest.StartAsync(
            ("Cce:AccessKey", UpstreamStub.AccessKey),
            ("Cce:SecretKey", UpstreamStub.SecretKey),
            ("Cce:SecurityToken", SecurityToken)
        );
        string? signature = null;
        client.Stub.Answer = (context, _) =>
        {
            signature = client.Stub.Requests[0].Header("authorization").Split("Signature=")[1];
            var echo =
                $"GET|{context.Request.Path}/||host:{context.Request.Host}|x-project-id:{ClientUnderTest.Project}|"
                + $"x-sdk-date:20261123T120000Z|x-security-token:{SecurityToken}||host;x-project-id;x-sdk-date;"
                + "x-security-token|e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
            return UpstreamStub.Json(
                context,
                401,
                $$"""{"error_msg":"Incorrect IAM authentication information: verify aksk signature fail, {{echo}} signature={{signature}} ak {{UpstreamStub.AccessKey}}","error_code":"APIGW.0301","request_id":"acef4a9b8e7c"}"""
            );
        };

        var failure = await client.FailAsync();
        var again = await client.FailAsync();

        var reported = string.Join(
            '\n',
            client
                .Log.GetSnapshot()
                .Select(r => $"{r.Message} {r.Exception}")
                .Append(failure.ToString())
                .Append(again.ToString())
                .Append(client.Source.Status.RefusalMessage)
        );
        Assert.Contains("verify aksk signature fail", reported, StringComparison.Ordinal);
        foreach (var secret in (string[])[UpstreamStub.AccessKey, UpstreamStub.SecretKey, SecurityToken, signature!, "x-sdk-date:"])
        {
            Assert.DoesNotContain(secret, reported, StringComparison.Ordinal);
        }

        Assert.Equal("acef4a9b8e7c", failure.RequestId);
    }

    [Theory]
    [InlineData("ak ABCDEFGHIJ0123456789 not exist", "ABCDEFGHIJ0123456789")]
    [InlineData("X-Auth-Token: MIIabc", "MIIabc")]
    [InlineData("""{"x-security-token":"short"}""", "short")]
    [InlineData("Authorization: SDK-HMAC-SHA256 Access=me, SignedHeaders=host, Signature=cafe", "cafe")]
    [InlineData("password=hunter2, sorry", "hunter2")]
    [InlineData("bad token gAAAAABk0123456789abcdefghijklmnopqrstuvwxyzABCDEFG==", "gAAAAABk0123")]
    [InlineData("GET\n/path/\n\nhost:x\nx-security-token:tiny", "tiny")]
    public void What_resembles_a_secret_is_removed(string text, string secret) =>
        Assert.DoesNotContain(secret, new Redactor([]).Redact(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("Cluster b4b9e60f-8aa2-11ee-af09-0255ac10004f of project 77b6a44cba5143ab91d13ab9a8ff44fd not found.")]
    [InlineData("The throttling threshold has been reached: policy user over ratelimit,limit:200,time:5 minute")]
    [InlineData("Incorrect IAM authentication information: decrypt token fail")]
    public void What_people_need_is_left_in(string text) => Assert.Equal(text, new Redactor(["s3cr3t-of-ours"]).Redact(text));

    [Fact]
    public void A_known_secret_is_taken_out_wherever_it_stands_and_no_text_is_long() =>
        Gen.Select(Gen.String, Gen.String)
            .Sample(
                (before, after) =>
                {
                    var shown = new Redactor(["s3cr3t-of-ours", null, ""]).Redact(before + "s3cr3t-of-ours" + after)!;
                    Assert.DoesNotContain("s3cr3t-of-ours", shown, StringComparison.Ordinal);
                    Assert.InRange(shown.Length, 1, Redactor.MaxLength);
                    Assert.DoesNotContain(shown, char.IsControl);
                }
            );

    public static TheoryData<string> Worst =>
        [
            "token\"",
            "token ",
            "token=",
            "token:\"",
            "secret",
            "secret ",
            "secret-",
            "secret\" ",
            "password\t",
            "ak ",
            "GET ",
            "GET",
            "GET|",
            "GET \u00a0",
            "a|b ",
            "|",
            "| ",
            " |",
            "\"",
            "x",
            "A1B2C3D4E5F6G7H8I9J0 ",
            "A",
            "a-b_c/",
            "a/",
            "-",
            "Bearer ",
            "authorization: Bearer ",
            "authorization: SDK-HMAC-SHA256 ",
            "limit:",
            "limit: ",
            "limit: 1 ",
            "limit:1,time:",
            "LIMIT:1,TIME:  ",
            "\u200b",
            "\ud800",
            "\n",
            " ",
        ];

    /// <summary>
    /// Linear work is done with all of them at once. Quadratic work would take many minutes, so that a minute separates the two on any
    /// machine.
    /// </summary>
    [Theory]
    [MemberData(nameof(Worst))]
    public async Task Hundreds_of_thousands_of_characters_of_the_worst_are_redacted_in_no_time(string worst)
    {
        var redactor = new Redactor(["s3cr3t-of-ours"]);
        var text = string.Concat(Enumerable.Repeat(worst, 300_000 / worst.Length));
        await Task.Run(() =>
            {
                foreach (var whole in (string[])[text, text + "|", "|" + text, "token" + text, text + "\n", "limit:" + text])
                {
                    redactor.Redact(whole);
                    redactor.RedactWords(whole);
                    ThrottleText.Window(whole);
                }
            })
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(
        "verify aksk signature fail, GET|/path/|a=b|host:x|x-security-token:tiny|end, sorry",
        "verify aksk signature fail, [request left out] sorry"
    )]
    [InlineData("fail,GET |/path|x", "fail,[request left out]")]
    [InlineData("no FORGET |/path|x", "no FORGET [request left out]")]
    [InlineData("one | bar is no request", "one | bar is no request")]
    [InlineData("said: GET\n/path\nx-auth-token:tiny", "said: [request left out]")]
    [InlineData("WIDGET\nbroken", "WIDGET broken")]
    public void Of_an_echoed_request_nothing_is_left(string text, string expected) => Assert.Equal(expected, new Redactor([]).Redact(text));
}
