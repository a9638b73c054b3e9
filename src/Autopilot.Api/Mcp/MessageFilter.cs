using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Autopilot.Api.Mcp;

/// <summary>
/// Handles each message that the SDK has read. Logs a rejection in one line, and reports as the client's mistake what the SDK would report
/// as a defect.
/// </summary>
internal sealed class MessageFilter(ILoggerFactory loggers)
{
    public McpMessageHandler Wrap(McpMessageHandler next) =>
        async (context, cancellationToken) =>
        {
            if (context.JsonRpcMessage is not JsonRpcRequest request)
            {
                await next(context, cancellationToken);
                return;
            }

            Negotiate(request);
            try
            {
                await next(context, cancellationToken);
            }
            catch (McpProtocolException exception)
            {
                McpLog.Refused(loggers, (int)exception.ErrorCode, request.Method);
                throw;
            }
            catch (JsonException)
            {
                McpLog.Refused(loggers, RpcError.InvalidParams, request.Method);
                throw new McpProtocolException($"'params' are not those of {request.Method}.", McpErrorCode.InvalidParams);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                McpLog.Failed(loggers, request.Method, exception);
                throw;
            }
        };

    /// <summary>
    /// MCP 2025-11-25, Lifecycle, Version Negotiation: a server that does not speak the version asked for answers with another that it
    /// speaks. The SDK refuses newer ones.
    /// </summary>
    private static void Negotiate(JsonRpcRequest request)
    {
        if (
            request is { Method: RequestMethods.Initialize, Params: JsonObject parameters }
            && !ProtocolVersions.WithHandshake.Contains(parameters["protocolVersion"]?.ToString())
        )
        {
            parameters["protocolVersion"] = ProtocolVersions.NewestWithHandshake;
        }
    }
}
