using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Autopilot.Simulator;
using Autopilot.Simulator.Fleet;

namespace Autopilot.EndToEnd.Tests.Simulator;

public sealed class AuthenticationTests
{
    private const string OfficialHost = "cce.ap-southeast-3.myhuaweicloud.com";
    private const string OfficialProject = "77b6a44cba5143ab91d13ab9a8ff44fd";
    private const string OfficialCluster = "b4b9e60f-8aa2-11ee-af09-0255ac10004f";
    private const string OfficialWorkflow = "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1";
    private const string OfficialPath = $"/autopilot/v3/projects/{OfficialProject}/clusters/{OfficialCluster}/operation/upgradeworkflows";

    // Signatures that the official SDK makes, with AccessKey/SecretKey at 20231125T080000Z.
    [Theory]
    [InlineData(
        OfficialPath + "/" + OfficialWorkflow,
        "host;x-project-id;x-sdk-date",
        "71b4abb4f96f9b2528e6c9ae11549d362c6462d5efe24e87751b812e71ddc2d0"
    )]
    [InlineData(OfficialPath, "host;x-project-id;x-sdk-date", "6a542bc4bc00029103364424b72e5c0b869ad26f10cfdfe535bee92067009383")]
    [InlineData(
        $"/autopilot/v3/projects/{OfficialProject}/clusters?version=v1.28%20%28a%2Bb%29%2F~%E4%B8%AD&status=Upgrading&detail=true",
        "host;x-project-id;x-sdk-date",
        "fbb2ced9275194b0534f4cb41b44e347b378bd2acf84b819a1cc31cbbb933d13"
    )]
    public async Task The_official_SDKs_signatures_are_accepted(string target, string signedHeaders, string signature)
    {
        await using var simulator = await OfficialAsync();

        var answer = await SendOfficialAsync(simulator, target, signedHeaders, signature);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task A_signature_with_one_digit_changed_is_refused_and_the_canonical_request_echoed()
    {
        await using var simulator = await OfficialAsync();

        var answer = await SendOfficialAsync(
            simulator,
            OfficialPath + "/" + OfficialWorkflow,
            "host;x-project-id;x-sdk-date",
            "81b4abb4f96f9b2528e6c9ae11549d362c6462d5efe24e87751b812e71ddc2d0"
        );

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("APIGW.0301", (string?)answer.Json["error_code"]);
        Assert.Equal(answer.Headers["X-Request-Id"], (string?)answer.Json["request_id"]);
        Assert.Contains(
            $"verify aksk signature fail, GET|{OfficialPath}/{OfficialWorkflow}/||host:{OfficialHost}|x-project-id:{OfficialProject}|",
            (string?)answer.Json["error_msg"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_temporary_key_must_bring_and_sign_its_security_token()
    {
        const string Target = OfficialPath + "/" + OfficialWorkflow;
        await using var simulator = await OfficialAsync("STOKEN/with+chars==");

        var with = await SendOfficialAsync(
            simulator,
            Target,
            "host;x-project-id;x-sdk-date;x-security-token",
            "5d806d7b500a9f47d949b31bae37a2dccf3ed54d19cc2ed0faa9e62928f1ab0b",
            "STOKEN/with+chars=="
        );
        var unsigned = await SendOfficialAsync(
            simulator,
            Target,
            "host;x-project-id;x-sdk-date",
            "71b4abb4f96f9b2528e6c9ae11549d362c6462d5efe24e87751b812e71ddc2d0",
            "STOKEN/with+chars=="
        );

        Assert.Equal(HttpStatusCode.OK, with.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, unsigned.Status);
    }

    [Fact]
    public async Task Five_bad_signatures_in_a_row_lock_the_key_for_five_minutes()
    {
        await using var simulator = await SimulatorClient.StartAsync();
        var path = SimulatorClient.PathOf(simulator.App.World.Workflows.First());

        for (var i = 0; i < 5; i++)
        {
            Assert.Contains(
                "verify aksk signature fail",
                (await simulator.GetSignedAsync(path, secretKey: "wrong")).Body,
                StringComparison.Ordinal
            );
        }

        var locked = await simulator.GetSignedAsync(path);
        simulator.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        var still = await simulator.GetSignedAsync(path);
        simulator.Clock.Advance(TimeSpan.FromSeconds(1));
        var open = await simulator.GetSignedAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, locked.Status);
        Assert.Contains("AK access failed to reach the limit, forbidden", locked.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, still.Status);
        Assert.Equal(HttpStatusCode.OK, open.Status);
    }

    [Fact]
    public async Task A_good_signature_forgives_the_bad_ones_before_it()
    {
        await using var simulator = await SimulatorClient.StartAsync();
        var path = SimulatorClient.PathOf(simulator.App.World.Workflows.First());

        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 4; i++)
            {
                await simulator.GetSignedAsync(path, secretKey: "wrong");
            }

            Assert.Equal(HttpStatusCode.OK, (await simulator.GetSignedAsync(path)).Status);
        }
    }

    [Theory]
    [InlineData(-20, HttpStatusCode.Unauthorized)]
    [InlineData(-14, HttpStatusCode.OK)]
    [InlineData(14, HttpStatusCode.OK)]
    [InlineData(20, HttpStatusCode.Unauthorized)]
    public async Task A_clock_may_be_fifteen_minutes_off(int minutes, HttpStatusCode expected)
    {
        await using var simulator = await SimulatorClient.StartAsync();

        var answer = await simulator.GetSignedAsync(
            SimulatorClient.PathOf(simulator.App.World.Workflows.First()),
            skew: TimeSpan.FromMinutes(minutes)
        );

        Assert.Equal(expected, answer.Status);
        Assert.Equal(expected == HttpStatusCode.Unauthorized, answer.Body.Contains("signature expired", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_key_is_named_as_such()
    {
        await using var simulator = await SimulatorClient.StartAsync();

        var answer = await simulator.GetSignedAsync(SimulatorClient.PathOf(simulator.App.World.Workflows.First()), accessKey: "NOBODY");

        Assert.Equal(
            "Incorrect IAM authentication information: Get secretKey failed,ak:NOBODY,err:ak not exist",
            (string?)answer.Json["error_msg"]
        );
    }

    [Fact]
    public async Task A_token_is_handed_out_for_a_password_and_works_until_it_expires()
    {
        await using var simulator = await SimulatorClient.StartAsync();
        var path = SimulatorClient.PathOf(simulator.App.World.Workflows.First());

        var issued = await AskForTokenAsync(simulator, "simulator-password");
        var token = issued.Headers["X-Subject-Token"];
        var fresh = await simulator.GetAsync(path, token);
        simulator.Clock.Advance(TimeSpan.FromHours(24));
        var expired = await simulator.GetAsync(path, token);

        Assert.Equal(HttpStatusCode.Created, issued.Status);
        Assert.Equal("2026-11-24T08:00:00.000000Z", (string?)issued.Json["token"]!["expires_at"]);
        Assert.Equal(HttpStatusCode.OK, fresh.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, expired.Status);
        Assert.Equal("APIGW.0307", (string?)expired.Json["error_code"]);
    }

    [Fact]
    public async Task A_wrong_password_gets_IAMs_own_error()
    {
        await using var simulator = await SimulatorClient.StartAsync();

        var answer = await AskForTokenAsync(simulator, "wrong");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal(401, (int?)answer.Json["error"]!["code"]);
        Assert.Equal("Unauthorized", (string?)answer.Json["error"]!["title"]);
    }

    [Fact]
    public async Task Revoked_tokens_are_refused_and_new_ones_can_be_had()
    {
        await using var simulator = await SimulatorClient.StartAsync();
        var path = SimulatorClient.PathOf(simulator.App.World.Workflows.First());
        var old = (await AskForTokenAsync(simulator, "simulator-password")).Headers["X-Subject-Token"];

        simulator.App.Tokens.RevokeAll();

        Assert.Equal(HttpStatusCode.Unauthorized, (await simulator.GetAsync(path, old)).Status);
        Assert.Equal(
            HttpStatusCode.OK,
            (await simulator.GetAsync(path, (await AskForTokenAsync(simulator, "simulator-password")).Headers["X-Subject-Token"])).Status
        );
        Assert.Equal(2, simulator.App.Tokens.Issued);
    }

    [Fact]
    public async Task Who_brings_nothing_is_refused_but_an_unknown_API_is_unknown_to_everybody()
    {
        await using var simulator = await SimulatorClient.StartAsync();
        var path = SimulatorClient.PathOf(simulator.App.World.Workflows.First());

        using var nobody = new HttpRequestMessage(HttpMethod.Get, path);
        using var elsewhere = new HttpRequestMessage(
            HttpMethod.Get,
            path.Replace("/autopilot/v3", "/autopilot/v9", StringComparison.Ordinal)
        );
        using var otherMethod = new HttpRequestMessage(HttpMethod.Delete, path);

        Assert.Equal("APIGW.0301", (string?)(await simulator.SendAsync(nobody)).Json["error_code"]);
        Assert.Equal("APIGW.0101", (string?)(await simulator.SendAsync(elsewhere)).Json["error_code"]);
        Assert.Equal("APIGW.0101", (string?)(await simulator.SendAsync(otherMethod)).Json["error_code"]);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "'http://0.0.0.0:0' can be reached from other machines")]
    [InlineData("http://*:0", "--urls must be an address like")]
    [InlineData("http://192.168.1.5:80", "'http://192.168.1.5:80' can be reached from other machines")]
    public void An_address_that_others_can_reach_is_refused(string url, string expected)
    {
        var rejection = Assert.Throws<ArgumentException>(() =>
            SimulatorApp.Create(new SimulatorOptions { Url = url }, TimeProvider.System)
        );

        Assert.StartsWith(expected, rejection.Message, StringComparison.Ordinal);
    }

    private static Task<SimulatorClient> OfficialAsync(string? securityToken = null)
    {
        var options = new SimulatorOptions
        {
            AccessKey = "AccessKey",
            SecretKey = "SecretKey",
            SecurityToken = securityToken,
            Fleet = SimulatedFleet.Of(
                SimulatedFleet.Create(1, 1).Workflows[0] with
                {
                    ProjectId = OfficialProject,
                    ClusterId = OfficialCluster,
                    Id = OfficialWorkflow,
                }
            ),
        };
        return SimulatorClient.StartAsync(options, new DateTimeOffset(2023, 11, 25, 8, 0, 0, TimeSpan.Zero));
    }

    private static async Task<SimulatorResponse> SendOfficialAsync(
        SimulatorClient simulator,
        string target,
        string signedHeaders,
        string signature,
        string? securityToken = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.Host = OfficialHost;
        request.Headers.Add("X-Sdk-Date", "20231125T080000Z");
        request.Headers.Add("X-Project-Id", OfficialProject);
        if (securityToken is not null)
        {
            request.Headers.Add("X-Security-Token", securityToken);
        }

        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders={signedHeaders}, Signature={signature}"
        );
        return await simulator.SendAsync(request);
    }

    private static async Task<SimulatorResponse> AskForTokenAsync(SimulatorClient simulator, string password)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v3/auth/tokens?nocatalog=true");
        request.Content = new StringContent(
            new JsonObject
            {
                ["auth"] = new JsonObject
                {
                    ["identity"] = new JsonObject
                    {
                        ["methods"] = new JsonArray("password"),
                        ["password"] = new JsonObject
                        {
                            ["user"] = new JsonObject
                            {
                                ["name"] = "simulator-user",
                                ["password"] = password,
                                ["domain"] = new JsonObject { ["name"] = "simulator-domain" },
                            },
                        },
                    },
                    ["scope"] = new JsonObject { ["project"] = new JsonObject { ["name"] = "ap-southeast-3" } },
                },
            }.ToJsonString(),
            Encoding.UTF8,
            "application/json"
        );
        return await simulator.SendAsync(request);
    }
}
