using System.Diagnostics;
using System.Net;
using Autopilot.Hosting;
using Autopilot.Server.Tests.Running;
using Autopilot.Simulator.Fleet;

namespace Autopilot.Server.Tests.Telemetry;

/// <summary>A key in an address reaches no trace, whatever the instrumentations are switched to.</summary>
public sealed class KeyInTraceTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task No_switch_lets_a_key_into_a_trace()
    {
        await using var collector = await StubCollector.StartAsync();
        var fleet = SimulatedFleet.Create(3, seed: 7);
        await using var upstream = await Upstream.StartAsync(fleet);
        var settings = upstream.Settings(azurite.ConnectionString, fleet);
        settings["Server:ManageKeys:0"] = TestKeys.Manage;
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address;
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        settings["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true";
        settings["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true";
        settings["DOTNET_SYSTEM_NET_HTTP_DISABLEURIREDACTION"] = "true";
        string[] wrong = ["a-wrong-key-0123456789-a", "a-wrong-key-0123456789-b", "a-wrong-key-0123456789-c", "a-wrong-key-0123456789-d"];
        await using (var server = await ServerProcess.ServeAsync(settings))
        {
            using var poll = await server.Client.PostAsync($"/api/poll?code={TestKeys.Manage}", null);
            Assert.Equal(HttpStatusCode.OK, poll.StatusCode);
            foreach (
                var query in (string[])
                    [
                        $"code={TestKeys.Manage}&maxpagesize=10",
                        $"maxpagesize=10&code={TestKeys.Manage}",
                        $"CODE={TestKeys.Manage}",
                        $"c%6Fde={TestKeys.Manage}",
                        $"code={TestKeys.Manage}%26",
                    ]
            )
            {
                using var list = await server.Client.GetAsync($"/api/workflows?{query}");
                Assert.True(list.StatusCode is HttpStatusCode.OK or HttpStatusCode.Unauthorized, query);
            }

            foreach (
                var path in (string[])
                    [
                        $"/api/workflows?code={wrong[0]}",
                        $"/no/such/route?code={wrong[1]}",
                        $"/api/workflows?code={wrong[2]}?code={wrong[3]}",
                    ]
            )
            {
                using var refused = await server.Client.GetAsync(path);
                Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            }

            await server.TerminateAsync();
            Assert.Equal(0, await server.ExitAsync());
        }

        Assert.Contains("maxpagesize=Redacted", collector.Received("/v1/traces"), StringComparison.Ordinal);
        foreach (var secret in (string[])[TestKeys.Manage, .. wrong])
        {
            Assert.DoesNotContain(secret, collector.All, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("url.query", "code=secret", "code=Redacted")]
    [InlineData("url.query", "?code=secret&x=secret", "?code=Redacted&x=Redacted")]
    [InlineData("url.query", "?c%6Fde=secret", "?c%6Fde=Redacted")]
    [InlineData("url.query", "?code=secret=secret&flag", "?code=Redacted&flag")]
    [InlineData("url.query", "?code=secret?code=secret", "?code=Redacted")]
    [InlineData("url.query", "", "")]
    [InlineData("url.full", "http://127.0.0.1:9/a?code=secret#part", "http://127.0.0.1:9/a?code=Redacted#part")]
    [InlineData("url.full", "http://127.0.0.1:9/a=b", "http://127.0.0.1:9/a=b")]
    [InlineData("http.url", "http://127.0.0.1/a?code=secret", "http://127.0.0.1/a?code=Redacted")]
    [InlineData("http.target", "/a?code=secret", "/a?code=Redacted")]
    [InlineData("url.path", "/a=b", "/a=b")]
    [InlineData("db.query", "?a=b", "?a=b")]
    public void Values_of_a_query_are_redacted_and_nothing_else(string name, string value, string expected)
    {
        using var span = new Activity("request").SetTag(name, value).SetTag("http.response.status_code", 200);
        SpanRedaction.Apply(span);
        Assert.Equal(expected, span.GetTagItem(name));
        Assert.Equal(200, span.GetTagItem("http.response.status_code"));
    }
}
