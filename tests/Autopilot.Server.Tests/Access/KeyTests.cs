using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Autopilot.Server.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Server.Tests.Access;

public sealed class KeyTests(AzuriteFixture azurite)
{
    private const string Id = "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1";

    [Theory]
    [InlineData("GET", "/api/workflows")]
    [InlineData("GET", $"/api/workflows/{Id}")]
    [InlineData("PUT", $"/api/workflows/{Id}")]
    [InlineData("DELETE", $"/api/workflows/{Id}")]
    [InlineData("POST", "/api/poll")]
    [InlineData("GET", "/api/no/such/route")]
    [InlineData("GET", "/no/such/page")]
    [InlineData("POST", "/")]
    [InlineData("GET", "/api/healthy")]
    public async Task Without_a_key_nothing_but_health_is_answered(string method, string path)
    {
        await using var server = await StartAsync();
        using var answer = await server.SendAsync(new HttpMethod(method), path);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Unauthorized", await CodeAsync(answer));
        Assert.StartsWith("ApiKey ", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("wrong-key-0123456789012")]
    [InlineData(TestKeys.Api + "0")]
    [InlineData(TestKeys.Api + "," + TestKeys.Api)]
    [InlineData("TEST-API-KEY-0123456789")]
    public async Task A_key_that_is_not_exactly_one_of_the_list_opens_nothing(string key)
    {
        await using var server = await StartAsync();
        using var byHeader = await server.SendAsync(HttpMethod.Get, "/api/workflows", ("x-functions-key", key));
        using var byQuery = await server.SendAsync(HttpMethod.Get, $"/api/workflows?code={Uri.EscapeDataString(key)}");

        Assert.Equal(HttpStatusCode.Unauthorized, byHeader.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, byQuery.StatusCode);
    }

    [Fact]
    public async Task Two_keys_hold_at_a_time_and_the_log_says_which_of_them_callers_use()
    {
        const string Old = "the-old-key-0123456789";
        const string New = "the-new-key-0123456789";
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["Server:ApiKeys:0"] = Old;
        settings["Server:ApiKeys:1"] = New;
        settings["Server:ManageKeys:0"] = TestKeys.Manage;
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await RunningServer.StartAsync(settings, builder => builder.Services.AddSingleton<TimeProvider>(clock));
        foreach (var key in new[] { Old, New, Old, New })
        {
            using var answer = await server.SendAsync(HttpMethod.Get, "/api/workflows", ("x-functions-key", key));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(["Key Server:ApiKeys:0 is used", "Key Server:ApiKeys:1 is used"], Used());
        clock.Advance(TimeSpan.FromHours(1));
        using (await server.SendAsync(HttpMethod.Get, "/api/workflows", ("x-functions-key", New)))
        using (await server.SendAsync(HttpMethod.Get, $"/api/workflows?code={TestKeys.Manage}"))
        {
            Assert.Equal(["Key Server:ApiKeys:1 is used", "Key Server:ManageKeys:0 is used"], Used().Skip(2));
        }

        Assert.DoesNotContain(server.Log.GetSnapshot(), record => record.Message.Contains("0123456789", StringComparison.Ordinal));

        IEnumerable<string> Used() =>
            server.Log.GetSnapshot().Where(record => record.Id.Name == "KeyUsed").Select(record => record.Message);
    }

    [Fact]
    public async Task The_old_key_is_gone_once_its_setting_is_and_the_new_one_stays()
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["Server:ApiKeys:1"] = "the-new-key-0123456789";
        await using var server = await RunningServer.StartAsync(settings);
        using var old = await server.SendAsync(HttpMethod.Get, "/api/workflows", ("x-functions-key", "the-old-key-0123456789"));
        using var current = await server.SendAsync(HttpMethod.Get, "/api/workflows", ("x-functions-key", "the-new-key-0123456789"));

        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        Assert.Equal(HttpStatusCode.OK, current.StatusCode);
        Assert.Contains(server.Log.GetSnapshot(), record => record.Message == "Key Server:ApiKeys:1 is used");
    }

    [Fact]
    public async Task An_api_key_reads_and_polls_but_does_not_change_what_is_tracked()
    {
        await using var server = await StartAsync();
        foreach (var key in new[] { TestKeys.Api, TestKeys.OtherApi })
        {
            using var list = await server.SendAsync(HttpMethod.Get, "/api/workflows", ("x-functions-key", key));
            using var poll = await server.SendAsync(HttpMethod.Post, "/api/poll?due=true", ("x-functions-key", key));
            using var track = await server.SendAsync(HttpMethod.Put, $"/api/workflows/{Id}", ("x-functions-key", key));
            using var untrack = await server.SendAsync(HttpMethod.Delete, $"/api/workflows/{Id}", ("x-functions-key", key));

            Assert.Equal(HttpStatusCode.OK, list.StatusCode);
            // Once a tick, whichever key it is.
            Assert.Equal(key == TestKeys.Api ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, poll.StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, track.StatusCode);
            Assert.Contains("a key that may manage", await track.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal("Forbidden", await CodeAsync(track));
            Assert.Equal(HttpStatusCode.Forbidden, untrack.StatusCode);
        }
    }

    [Fact]
    public async Task A_key_that_asks_too_often_waits_and_holds_up_no_other_key_and_no_probe()
    {
        await using var server = await StartAsync(settings => settings["Server:RequestsPerMinute"] = "3");
        for (var i = 0; i < 3; i++)
        {
            using var answer = await server.SendAsync(HttpMethod.Get, "/api/workflows", ("x-functions-key", TestKeys.Api));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        using var refused = await server.SendAsync(HttpMethod.Get, $"/api/workflows?code={TestKeys.Api}");
        using var other = await server.SendAsync(HttpMethod.Get, "/api/workflows", ("x-functions-key", TestKeys.OtherApi));
        using var live = await server.SendAsync(HttpMethod.Get, "/api/health/live");

        Assert.Equal((HttpStatusCode.TooManyRequests, "TooManyRequests"), (refused.StatusCode, await CodeAsync(refused)));
        Assert.Contains("3 requests a minute", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (other.StatusCode, live.StatusCode));
    }

    [Fact]
    public async Task A_manage_key_does_everything()
    {
        await using var server = await StartAsync();
        server.Client.DefaultRequestHeaders.Add("x-functions-key", TestKeys.Manage);
        using var body = new StringContent("""{"clusterId":"b4b9e60f-8aa2-11ee-af09-0255ac10004f"}""", Encoding.UTF8, "application/json");
        using var track = await server.Client.PutAsync($"/api/workflows/{Id}", body);
        using var read = await server.Client.GetAsync($"/api/workflows/{Id}");
        using var untrack = await server.Client.DeleteAsync($"/api/workflows/{Id}");

        Assert.Equal(HttpStatusCode.Created, track.StatusCode);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, untrack.StatusCode);
    }

    [Fact]
    public async Task A_key_may_come_in_the_query_and_a_better_one_there_counts()
    {
        await using var server = await StartAsync();
        using var list = await server.SendAsync(HttpMethod.Get, $"/api/workflows?code={TestKeys.Api}");
        using var untrack = await server.SendAsync(
            HttpMethod.Delete,
            $"/api/workflows/{Id}?code={TestKeys.Manage}",
            ("x-functions-key", TestKeys.Api)
        );

        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, untrack.StatusCode);
    }

    [Fact]
    public async Task Health_is_open_to_every_caller()
    {
        await using var server = await StartAsync();
        using var live = await server.SendAsync(HttpMethod.Get, "/api/health/live");
        using var ready = await server.SendAsync(HttpMethod.Get, "/api/health/ready");

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Theory]
    [InlineData("/api/health/../workflows")]
    [InlineData("/api/health/%2e%2e/workflows")]
    [InlineData("/api/health/..%2fworkflows")]
    [InlineData("/api/health%2f../workflows")]
    [InlineData("//api/health/../workflows")]
    public async Task No_spelling_of_a_path_slips_past_by_way_of_health(string path)
    {
        await using var server = await StartAsync();
        var status = await RawStatusAsync(server.Address, $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        Assert.True(status is 400 or 401 or 404, $"{path} was answered with {status}.");
        Assert.NotEqual(200, status);
    }

    [Fact]
    public async Task Without_keys_this_machine_may_do_everything()
    {
        await using var server = await RunningServer.StartAsync(TestSettings.Of(azurite.ConnectionString));
        using var list = await server.SendAsync(HttpMethod.Get, "/api/workflows");
        using var untrack = await server.SendAsync(HttpMethod.Delete, $"/api/workflows/{Id}", ("Host", $"localhost:{server.Address.Port}"));

        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, untrack.StatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example:7071")]
    [InlineData("192.168.1.1")]
    public async Task Without_keys_a_name_that_was_rebound_to_this_machine_is_refused(string host)
    {
        await using var server = await RunningServer.StartAsync(TestSettings.Of(azurite.ConnectionString));
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/workflows", ("Host", host));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var problem = await answer.Content.ReadAsStringAsync();
        Assert.Equal("Forbidden", await CodeAsync(answer));
        Assert.Contains("call it by localhost or 127.0.0.1", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("may manage", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_keys_a_request_without_a_host_is_refused()
    {
        await using var server = await RunningServer.StartAsync(TestSettings.Of(azurite.ConnectionString));
        Assert.Equal(403, await RawStatusAsync(server.Address, "GET /api/workflows HTTP/1.0\r\n\r\n"));
    }

    [Fact]
    public async Task Without_keys_a_web_page_of_elsewhere_cannot_make_the_server_poll()
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["Server:CorsOrigins:0"] = "https://portal.example.com";
        await using var server = await RunningServer.StartAsync(settings);
        using var elsewhere = await server.SendAsync(HttpMethod.Post, "/api/poll", ("Origin", "https://evil.example"));
        using var sandbox = await server.SendAsync(HttpMethod.Post, "/api/poll", ("Origin", "null"));
        using var portal = await server.SendAsync(HttpMethod.Post, "/api/poll", ("Origin", "https://portal.example.com"));
        using var own = await server.SendAsync(HttpMethod.Post, "/api/poll", ("Origin", server.Address.GetLeftPart(UriPartial.Authority)));

        Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, sandbox.StatusCode);
        Assert.Contains("Server:CorsOrigins", await elsewhere.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, portal.StatusCode);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task A_browser_on_a_listed_origin_may_call_with_a_key_and_read_what_it_needs()
    {
        var settings = WithKeys();
        settings["Server:CorsOrigins:0"] = "https://portal.example.com";
        await using var server = await RunningServer.StartAsync(settings);
        using var preflight = await server.SendAsync(
            HttpMethod.Options,
            "/api/workflows",
            ("Origin", "https://portal.example.com"),
            ("Access-Control-Request-Method", "PUT"),
            ("Access-Control-Request-Headers", "x-functions-key,content-type")
        );
        using var refused = await server.SendAsync(HttpMethod.Get, "/api/workflows", ("Origin", "https://portal.example.com"));
        using var other = await server.SendAsync(HttpMethod.Get, "/api/health/live", ("Origin", "https://other.example.com"));

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal("https://portal.example.com", Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Contains("x-functions-key", Header(preflight, "Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Content-Type", Header(preflight, "Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("PUT", Header(preflight, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("https://portal.example.com", Header(refused, "Access-Control-Allow-Origin"));
        Assert.Equal(
            "ETag,Retry-After,Location,Autopilot-Version,Autopilot-Unreadable,Autopilot-Other-Clusters",
            Header(refused, "Access-Control-Expose-Headers")
        );
        Assert.Equal("", Header(other, "Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("mcp-protocol-version")]
    [InlineData("mcp-session-id")]
    [InlineData("mcp-method")]
    [InlineData("mcp-name")]
    [InlineData("traceparent")]
    [InlineData("tracestate")]
    public async Task A_page_may_send_the_headers_of_MCP_clients_and_of_tracing(string header)
    {
        var settings = WithKeys();
        settings["Server:CorsOrigins:0"] = "https://portal.example.com";
        await using var server = await RunningServer.StartAsync(settings);
        using var preflight = await server.SendAsync(
            HttpMethod.Options,
            "/api/mcp",
            ("Origin", "https://portal.example.com"),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", $"content-type,{header}")
        );
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Contains(header, Header(preflight, "Access-Control-Allow-Headers").Split(','), StringComparer.OrdinalIgnoreCase);
    }

    private Dictionary<string, string?> WithKeys()
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["Server:ApiKeys:0"] = TestKeys.Api;
        settings["Server:ApiKeys:1"] = TestKeys.OtherApi;
        settings["Server:ManageKeys:0"] = TestKeys.Manage;
        return settings;
    }

    private Task<RunningServer> StartAsync(Action<Dictionary<string, string?>>? change = null)
    {
        var settings = WithKeys();
        change?.Invoke(settings);
        return RunningServer.StartAsync(settings);
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";

    private static async Task<string?> CodeAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        return problem.RootElement.GetProperty("code").GetString();
    }

    private static async Task<int> RawStatusAsync(Uri address, string request)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return int.Parse(line!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
