using Microsoft.Extensions.Logging;

namespace Autopilot.Api.Mcp;

/// <summary>What is logged of messages that are not answered as asked.</summary>
internal static partial class McpLog
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "initialize",
        "ping",
        "server/discover",
        "tools/list",
        "tools/call",
        "resources/list",
        "resources/read",
        "resources/templates/list",
        "resources/subscribe",
        "prompts/list",
        "prompts/get",
        "completion/complete",
        "logging/setLevel",
        "subscriptions/listen",
    };

    /// <summary>A mistake of the client: one line, since clients probe for what a server may have.</summary>
    /// <param name="method">As the client sent it: only a method of the protocol is logged.</param>
    public static void Refused(ILoggerFactory loggers, int code, string method) =>
        LogRefused(Logger(loggers), code, Known.Contains(method) ? method : "unknown");

    /// <summary>A defect.</summary>
    /// <inheritdoc cref="Refused"/>
    public static void Failed(ILoggerFactory loggers, string method, Exception exception) =>
        LogFailed(Logger(loggers), Known.Contains(method) ? method : "unknown", exception);

    private static ILogger Logger(ILoggerFactory loggers) => loggers.CreateLogger("Autopilot.Api.Mcp");

    [LoggerMessage(
        EventId = 6043,
        EventName = "McpRefused",
        Level = LogLevel.Information,
        Message = "A message of MCP was refused with {Code}, method {Method}"
    )]
    private static partial void LogRefused(ILogger logger, int code, string method);

    [LoggerMessage(
        EventId = 6044,
        EventName = "McpFailed",
        Level = LogLevel.Error,
        Message = "A message of MCP failed by a defect, method {Method}"
    )]
    private static partial void LogFailed(ILogger logger, string method, Exception exception);
}
