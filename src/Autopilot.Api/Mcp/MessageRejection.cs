using System.Text.Json.Nodes;

namespace Autopilot.Api.Mcp;

/// <summary>Why a message is answered with an error of JSON-RPC.</summary>
/// <param name="Status">HTTP status: 400 where it is no message at all, 200 where it is one with wrong parameters.</param>
/// <param name="Id">The call's id, as raw JSON; null where it is not known.</param>
/// <param name="Code">Of <see cref="RpcError"/>.</param>
/// <param name="Message">For people.</param>
/// <param name="Data">For programs; null for none.</param>
internal sealed record MessageRejection(int Status, string? Id, int Code, string Message, JsonObject? Data = null)
{
    /// <summary>What was called, for the log; empty where the message does not get that far.</summary>
    public string Method { get; init; } = "";
}
