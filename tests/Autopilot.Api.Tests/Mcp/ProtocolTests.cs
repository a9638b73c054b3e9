using System.Text;
using System.Text.Json;
using Autopilot.Api.Mcp;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;

namespace Autopilot.Api.Tests.Mcp;

/// <summary>What the protocol says of messages that are not as they should be, and which of its versions are spoken.</summary>
public sealed class ProtocolTests
{
    private const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    private static readonly string[] HandshakeVersions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

    [Theory]
    [InlineData("nonsense")]
    [InlineData(";;")]
    [InlineData("application/")]
    [InlineData("application/json, application/json")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=klingon")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=\"iso-8859-1\"")]
    public async Task A_content_type_that_is_not_JSON_in_UTF_8_is_415(string contentType)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var response = await SendAsync(app, List, contentType: contentType);
        await response.ProblemAsync(415, "InvalidBody");
        Assert.DoesNotContain(app.Log.GetSnapshot(), record => record.Level > LogLevel.Information);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("APPLICATION/JSON")]
    public async Task A_content_type_of_JSON_or_none_is_read(string? contentType)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var response = await SendAsync(app, List, contentType: contentType);
        Assert.True((await MessageAsync(response)).TryGetProperty("result", out _));
    }

    [Theory]
    [InlineData("", 400, -32700)]
    [InlineData(" ", 400, -32700)]
    [InlineData("not json", 400, -32700)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list" """, 400, -32700)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}{}""", 400, -32700)]
    [InlineData("[]", 400, -32600)]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]""", 400, -32600)]
    [InlineData("null", 400, -32600)]
    [InlineData("7", 400, -32600)]
    [InlineData("{}", 400, -32600)]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"tools/list"}""", 400, -32600)]
    [InlineData("""{"jsonrpc":2.0,"id":1,"method":"tools/list"}""", 400, -32600)]
    [InlineData("""{"id":1,"method":"tools/list"}""", 400, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", 400, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":7}""", 400, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"tools/list"}""", 400, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}""", 400, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"tools/list"}""", 400, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]}""", 200, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":"x"}""", 200, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":7}}""", 200, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"made-up"}}""", 200, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":""}}""", 200, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":7}}""", 200, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call"}""", 200, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}""", 200, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":null}}""", 200, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7}}""", 200, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_upgrades","arguments":"x"}}""", 200, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_upgrades","arguments":[]}}""", 200, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"drop_tables"}}""", 200, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize"}""", 200, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":7}}""", 200, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"resources/list"}""", 200, -32601)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///etc/passwd"}}""", 200, -32601)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"x"}}""", 200, -32601)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"no/such"}""", 200, -32601)]
    public async Task A_message_that_cannot_be_answered_gets_the_code_of_the_protocol_and_one_line(string body, int status, int code)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var response = await SendAsync(app, body);

        var message = await MessageAsync(response);
        Assert.Equal((status, code), ((int)response.StatusCode, message.GetProperty("error").GetProperty("code").GetInt32()));
        Assert.Equal("2.0", message.Text("jsonrpc"));
        // Of a message that is read the answer names the id, whatever is wrong with the rest.
        Assert.Equal(
            status == 200 ? "1" : null,
            message.GetProperty("id").ValueKind == JsonValueKind.Null || status != 200 ? null : message.GetProperty("id").GetRawText()
        );
        var logged = app
            .Log.GetSnapshot()
            .Where(record =>
                record.Category!.Contains("Mcp", StringComparison.Ordinal)
                || record.Category.Contains("ModelContext", StringComparison.Ordinal)
            )
            .ToList();
        Assert.Equal(["McpRefused"], logged.Select(record => record.Id.Name));
        Assert.DoesNotContain(app.Log.GetSnapshot(), record => record.Exception is not null || record.Level > LogLevel.Information);
    }

    [Theory]
    [InlineData("1999-01-01")]
    [InlineData("2026-07-28")]
    [InlineData("2030-01-01")]
    [InlineData("")]
    public async Task A_handshake_for_a_version_that_is_not_spoken_offers_the_newest_that_is(string version)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var response = await SendAsync(
            app,
            $$$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"{{{version}}}","capabilities":{},"clientInfo":{"name":"x","version":"1"} } }"""
        );
        Assert.Equal("2025-11-25", (await MessageAsync(response)).GetProperty("result").Text("protocolVersion"));
    }

    [Theory]
    [InlineData("2030-01-01")]
    [InlineData("latest")]
    [InlineData("2025-11-25, 2025-06-18")]
    public async Task A_header_with_an_unknown_version_is_refused_with_those_that_are_spoken(string version)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var response = await SendAsync(app, List, version);
        var error = (await MessageAsync(response)).GetProperty("error");
        Assert.Equal((400, -32022), ((int)response.StatusCode, error.GetProperty("code").GetInt32()));
        Assert.Equal(
            ["2026-07-28", .. HandshakeVersions],
            error.GetProperty("data").GetProperty("supported").EnumerateArray().Select(one => one.GetString())
        );
        Assert.Equal(version, error.GetProperty("data").Text("requested"));
    }

    [Fact]
    public async Task No_message_of_any_version_is_a_defect()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        string[] values = ["null", "7", "\"x\"", "[]", "{}", "{\"x\":1}", "true"];
        string[] methods =
        [
            "initialize",
            "ping",
            "tools/list",
            "tools/call",
            "resources/read",
            "prompts/get",
            "server/discover",
            "completion/complete",
            "logging/setLevel",
            "subscriptions/listen",
        ];
        string[] members = ["name", "uri", "arguments", "cursor", "_meta", "level", "ref", "protocolVersion", "capabilities"];
        foreach (var version in (string?[])[null, "2025-06-18", "2026-07-28"])
        {
            var meta =
                version == "2026-07-28"
                    ? """ "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}, """
                    : "";
            foreach (var (method, index) in methods.Select((method, index) => (method, index)))
            {
                foreach (var (member, offset) in members.Select((member, offset) => (member, offset)))
                {
                    if (member == "_meta" && meta.Length > 0)
                    {
                        continue;
                    }

                    var value = values[(index + offset) % values.Length];
                    using var response = await SendAsync(
                        app,
                        $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{ {{meta}} "{{member}}":{{value}} } }""",
                        version,
                        method: method
                    );
                    Assert.True(
                        (int)response.StatusCode < 500,
                        $"{method} with {member} {value} of {version} is answered with {response.StatusCode}."
                    );
                    Assert.DoesNotContain(
                        "-32603",
                        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                        StringComparison.Ordinal
                    );
                }
            }
        }

        Assert.DoesNotContain(app.Log.GetSnapshot(), record => record.Exception is not null || record.Level > LogLevel.Information);
    }

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    [InlineData("2025-06-18")]
    [InlineData("2025-03-26")]
    [InlineData("2024-11-05")]
    public async Task The_official_CSharp_client_speaks_each_version(string version)
    {
        Assert.Contains(version, ProtocolVersions.All);
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        await using var transport = new HttpClientTransport(
            new() { Endpoint = new Uri(app.Client.BaseAddress!, "/api/mcp"), TransportMode = HttpTransportMode.StreamableHttp }
        );
        await using var client = await McpClient.CreateAsync(
            transport,
            new() { ProtocolVersion = version },
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Equal(version, client.NegotiatedProtocolVersion);
        Assert.Equal("autopilot", client.ServerInfo!.Name);
        Assert.Contains(
            await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken),
            tool => tool.Name == "list_upgrades"
        );
        Assert.Null((await client.CallToolAsync("list_upgrades", cancellationToken: TestContext.Current.CancellationToken)).IsError);
        Assert.True((await client.CallToolAsync("get_upgrade", cancellationToken: TestContext.Current.CancellationToken)).IsError);
    }

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    [InlineData("2025-06-18")]
    [InlineData("2025-03-26")]
    public async Task The_official_TypeScript_client_of_version_2_speaks_each_version(string version)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        var answer = await TypeScriptClient.RunAsync(
            app.Client.BaseAddress!,
            new Dictionary<string, string>(),
            version,
            ("list_upgrades", "{}"),
            ("get_upgrade", "{}"),
            ("drop_tables", "{}")
        );

        Assert.False(answer.TryGetProperty("error", out var error), error.ToString());
        Assert.Equal(version, answer.Text("version"));
        Assert.Equal("autopilot", answer.GetProperty("server").Text("name"));
        Assert.Contains(answer.GetProperty("tools").EnumerateArray(), tool => tool.Text("name") == "list_upgrades");
        var results = answer.GetProperty("results");
        Assert.Equal(0, results[0].GetProperty("result").GetProperty("structuredContent").GetProperty("upgrades").GetArrayLength());
        Assert.True(results[1].GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.Contains("drop_tables", results[2].Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_entry_for_the_registry_names_this_server_its_route_and_its_header()
    {
        var entry = JsonDocument
            .Parse(await File.ReadAllTextAsync(Repository.PathOf("server.json"), TestContext.Current.CancellationToken))
            .RootElement;
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var response = await SendAsync(
            app,
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}"""
        );
        var server = (await MessageAsync(response)).GetProperty("result").GetProperty("serverInfo");

        Assert.Equal(server.Text("version"), entry.Text("version"));
        Assert.Equal(server.Text("title"), entry.Text("title"));
        // The limits of the schema of 2025-12-11.
        Assert.Matches("^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$", entry.Text("name"));
        Assert.InRange(entry.Text("description").Length, 1, 100);
        var remote = entry.GetProperty("remotes")[0];
        Assert.Equal("streamable-http", remote.Text("type"));
        Assert.Equal("https://{host}/api/mcp", remote.Text("url"));
        Assert.True(remote.GetProperty("variables").GetProperty("host").GetProperty("isRequired").GetBoolean());
        var header = remote.GetProperty("headers")[0];
        Assert.Equal("x-functions-key", header.Text("name"));
        Assert.True(header.GetProperty("isSecret").GetBoolean());
    }

    private static async Task<HttpResponseMessage> SendAsync(
        ApiApp app,
        string body,
        string? version = null,
        string? contentType = "application/json",
        string? method = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/mcp")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (contentType is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        if (version is not null)
        {
            request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", version);
            request.Headers.TryAddWithoutValidation("Mcp-Method", method);
        }

        return await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<JsonElement> MessageAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonDocument
            .Parse(text.Split('\n').FirstOrDefault(line => line.StartsWith("data: ", StringComparison.Ordinal))?[6..] ?? text)
            .RootElement;
    }
}
