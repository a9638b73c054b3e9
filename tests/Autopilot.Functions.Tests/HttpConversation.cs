namespace Autopilot.Functions.Tests;

/// <summary>One set of HTTP cases for both hosts, to be sent in this order to empty tables.</summary>
internal static class HttpConversation
{
    public static readonly (string Method, string Path, string? Body, int Status)[] Cases =
    [
        ("GET", "/api/workflows", null, 200),
        ("GET", "/api/workflows/c271e39e", null, 404),
        ("PUT", "/api/workflows/c271e39e", "no json", 400),
        ("PUT", "/api/workflows/c271e39e", """{ "clusterId": "b4b9e60f", "projectId": "p1", "clusterName": "shop" }""", 201),
        ("PUT", "/api/workflows/c271e39e", """{ "clusterId": "b4b9e60f", "projectId": "p1", "clusterName": "shop" }""", 200),
        ("PUT", "/api/workflows/c271e39e", """{ "clusterId": "another", "projectId": "p1" }""", 409),
        ("PUT", "/api/workflows/c271e39e", $$"""{ "clusterId": "b4b9e60f", "clusterName": "{{new string('x', 70_000)}}" }""", 413),
        ("GET", "/api/workflows/c271e39e", null, 200),
        ("POST", "/api/workflows/c271e39e/poll", null, 200),
        ("POST", "/api/poll", null, 200),
        ("POST", "/api/poll?due=true", "{}", 200),
        ("POST", "/api/poll?cluster=Shop", null, 200),
        ("POST", "/api/poll?cluster=b4b9e60f&due=true", null, 200),
        ("POST", "/api/poll?cluster=b4b9e60f&cluster=another", null, 404),
        ("POST", "/api/poll?cluster=", null, 400),
        ("GET", "/api/workflows/c271e39e", null, 200),
        ("HEAD", "/api/workflows/c271e39e", null, 200),
        ("GET", "/api/workflows?phase=Running&maxpagesize=1", null, 200),
        ("GET", "/api/workflows?maxpagesize=0", null, 400),
        ("GET", "/api/workflows/c271e39e/history", null, 200),
        ("GET", "/api/workflows/c271e39e/history/1", null, 200),
        ("GET", "/api/workflows/c271e39e/history/2", null, 404),
        ("GET", "/api/workflows/no%20id", null, 400),
        ("GET", "/api/workflows/c271e39e?format=nonsense", null, 400),
        ("GET", "/api/workflows/c271e39e?format=svg", null, 406),
        ("GET", "/api/health/live", null, 200),
        ("HEAD", "/api/health/live", null, 200),
        ("GET", "/api/nowhere", null, 404),
        ("GET", "/api", null, 404),
        ("GET", "/api/workflows/c271e39e/timeline", null, 200),
        ("GET", "/api/workflows/c271e39e/wait?until=moved&after=0", null, 200),
        ("GET", "/api/workflows/c271e39e/wait?until=later", null, 400),
        ("POST", "/api/mcp", """{ "jsonrpc": "2.0", "id": 1, "method": "tools/list" }""", 200),
        ("POST", "/api/mcp", """{ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": "list_upgrades" } }""", 200),
        (
            "POST",
            "/api/mcp",
            """{ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": "get_upgrade", "arguments": { "workflowId": "c271e39e" } } }""",
            200
        ),
        ("POST", "/api/mcp", "no json", 400),
        ("GET", "/api/mcp", null, 405),
        ("DELETE", "/api/mcp", null, 405),
        ("POST", "/api/workflows", "{}", 405),
        ("DELETE", "/api/workflows", null, 405),
        ("DELETE", "/api/workflows/c271e39e", null, 204),
        ("GET", "/api/workflows/c271e39e", null, 200),
        ("DELETE", "/api/workflows/c271e39e?purge=true", null, 204),
        ("GET", "/api/workflows/c271e39e", null, 404),
    ];
}
