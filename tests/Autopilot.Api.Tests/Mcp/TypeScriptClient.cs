using System.Text.Json;
using System.Text.Json.Nodes;

namespace Autopilot.Api.Tests.Mcp;

/// <summary>The official TypeScript clients of MCP in a Node.js of their own.</summary>
internal static class TypeScriptClient
{
    private static readonly NodeFolder Folder = new("Autopilot.Api.Tests", "Mcp", "client");

    /// <summary>
    /// Connects, lists the tools and calls; answers <c>{ server, instructions, tools, results: [ { result } | { error } ], error? }</c>.
    /// </summary>
    public static Task<JsonElement> RunAsync(
        Uri server,
        IReadOnlyDictionary<string, string> headers,
        params (string Tool, string Arguments)[] calls
    ) => RunAsync(server, headers, null, calls);

    /// <inheritdoc cref="RunAsync(Uri, IReadOnlyDictionary{string, string}, ValueTuple{string, string}[])"/>
    /// <param name="version">Of the protocol, for the client of version 2; null for the client of version 1, which begins with its
    /// newest.</param>
    public static async Task<JsonElement> RunAsync(
        Uri server,
        IReadOnlyDictionary<string, string> headers,
        string? version,
        params (string Tool, string Arguments)[] calls
    )
    {
        var input = new JsonObject
        {
            ["url"] = new Uri(server, "/api/mcp").ToString(),
            ["headers"] = new JsonObject(
                headers.Select(header => KeyValuePair.Create(header.Key, (JsonNode?)JsonValue.Create(header.Value)))
            ),
            ["version"] = version,
            ["calls"] = new JsonArray([
                .. calls.Select(call => new JsonObject { ["name"] = call.Tool, ["arguments"] = JsonNode.Parse(call.Arguments) }),
            ]),
        };
        return JsonDocument.Parse(await Folder.RunAsync("call.mjs", input.ToJsonString())).RootElement;
    }
}
