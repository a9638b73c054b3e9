namespace Autopilot.Api.Mcp;

/// <summary>Codes of errors, as JSON-RPC 2.0 and MCP 2026-07-28 define them.</summary>
internal static class RpcError
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int InvalidParams = -32602;
    public const int UnsupportedVersion = -32022;
}
