using System.Globalization;
using Autopilot.Cce.Settings;
using Autopilot.Cce.Signing;
using Autopilot.Cce.Tests.Upstream;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Cce.Tests.Signing;

public sealed class SignedRequestTests
{
    [Fact]
    public async Task What_arrives_bears_a_signature_over_what_arrives()
    {
        await using var client = await ClientUnderTest.StartAsync();

        var observation = await client.ReadAsync();

        Assert.Equal(ClientUnderTest.Workflow, observation.State.Id);
        var request = Assert.Single(client.Stub.Requests);
        Assert.Equal(
            $"/autopilot/v3/projects/{ClientUnderTest.Project}/clusters/{ClientUnderTest.Cluster}/operation/upgradeworkflows/"
                + $"{ClientUnderTest.Workflow}",
            request.Target
        );
        Assert.True(request.IsSignedBy(UpstreamStub.AccessKey, UpstreamStub.SecretKey));
        Assert.Equal(["host", "x-project-id", "x-sdk-date"], request.SignedHeaders);
        Assert.Equal(client.Stub.Address.Authority, request.Header("host"));
        Assert.Equal(ClientUnderTest.Project, request.Header("x-project-id"));
        Assert.Equal("20261123T120000Z", request.Header("x-sdk-date"));
        Assert.Equal("application/json", request.Header("content-type"));
        Assert.Equal("en-us", request.Header("x-language"));
    }

    [Fact]
    public async Task Each_attempt_has_a_signature_with_its_own_date()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, number) =>
        {
            client.Clock.Advance(TimeSpan.FromSeconds(7));
            return number < 4 ? UpstreamStub.Json(context, 503, "{}") : UpstreamStub.Workflow(context);
        };

        await client.ReadAsync();

        Assert.Equal(
            ["20261123T120000Z", "20261123T120007Z", "20261123T120014Z", "20261123T120021Z"],
            client.Stub.Requests.Select(r => r.Header("x-sdk-date"))
        );
        Assert.All(client.Stub.Requests, r => Assert.True(r.IsSignedBy(UpstreamStub.AccessKey, UpstreamStub.SecretKey)));
        Assert.Equal(4, client.Stub.Requests.Select(r => r.Header("authorization")).Distinct().Count());
    }

    [Fact]
    public async Task The_security_token_of_temporary_credentials_is_sent_and_signed()
    {
        await using var client = await ClientUnderTest.StartAsync(
            ("Cce:AccessKey", UpstreamStub.AccessKey),
            ("Cce:SecretKey", UpstreamStub.SecretKey),
            ("Cce:SecurityToken", "STOKEN/with+chars==")
        );

        await client.ReadAsync();

        var request = Assert.Single(client.Stub.Requests);
        Assert.Equal("STOKEN/with+chars==", request.Header("x-security-token"));
        Assert.Contains("x-security-token", request.SignedHeaders);
        Assert.True(request.IsSignedBy(UpstreamStub.AccessKey, UpstreamStub.SecretKey));
    }

    [Fact]
    public async Task Standard_clusters_are_read_under_their_own_prefix()
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:PathPrefix", "/api/v3/"));

        await client.Source.ListAsync(ClientUnderTest.Project, ClientUnderTest.Cluster, CancellationToken.None);

        var request = Assert.Single(client.Stub.Requests);
        Assert.Equal(
            $"/api/v3/projects/{ClientUnderTest.Project}/clusters/{ClientUnderTest.Cluster}/operation/upgradeworkflows",
            request.Target
        );
        Assert.True(request.IsSignedBy(UpstreamStub.AccessKey, UpstreamStub.SecretKey));
    }

    [Fact]
    public async Task A_query_is_signed_as_the_URL_carries_it()
    {
        var time = new FakeTimeProvider(
            DateTimeOffset.ParseExact(
                "20231125T080000Z",
                RequestSigner.DateFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal
            )
        );
        var wire = new Wire();
        using var invoker = new HttpMessageInvoker(
            new SigningHandler(new KeyCredential("AccessKey", "SecretKey", null), time) { InnerHandler = wire }
        );
        var query = $"detail=true&status=Upgrading&version={Uri.EscapeDataString("v1.28 (a+b)/~中")}";
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"https://cce.ap-southeast-3.myhuaweicloud.com/autopilot/v3/projects/{ClientUnderTest.Project}/clusters?{query}"
        );
        request.Headers.Add("X-Project-Id", ClientUnderTest.Project);

        using var response = await invoker.SendAsync(request, CancellationToken.None);

        Assert.Equal(query, wire.Sent?.RequestUri?.PathAndQuery.Split('?')[1]);
        Assert.EndsWith(
            "fbb2ced9275194b0534f4cb41b44e347b378bd2acf84b819a1cc31cbbb933d13",
            wire.Sent?.Headers.Authorization?.Parameter,
            StringComparison.Ordinal
        );
        Assert.Equal("cce.ap-southeast-3.myhuaweicloud.com", wire.Sent?.Headers.Host);
    }

    private sealed class Wire : HttpMessageHandler
    {
        public HttpRequestMessage? Sent { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Sent = request;
            return Task.FromResult(new HttpResponseMessage());
        }
    }
}
