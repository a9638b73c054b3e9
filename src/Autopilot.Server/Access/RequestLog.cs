using System.Diagnostics;

namespace Autopilot.Server.Access;

/// <summary>
/// A line per request: what changes something or polls at Information, what fails here at Warning, the rest at Debug. Never a query string,
/// for a key may stand there.
/// </summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var began = Stopwatch.GetTimestamp();
        await next(context);
        var request = context.Request;
        var status = context.Response.StatusCode;
        var level =
            status >= StatusCodes.Status500InternalServerError && !request.Path.StartsWithSegments("/api/health") ? LogLevel.Warning
            : HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)
                ? LogLevel.Debug
            : LogLevel.Information;
        if (logger.IsEnabled(level))
        {
            LogRequest(
                logger,
                level,
                request.Method,
                request.Path.ToUriComponent(),
                status,
                Stopwatch.GetElapsedTime(began).TotalMilliseconds
            );
        }
    }

    [LoggerMessage(EventId = 3101, EventName = "Request", Message = "{Method} {Path} answered {Status} in {Milliseconds:0} ms")]
    private static partial void LogRequest(ILogger logger, LogLevel level, string method, string path, int status, double milliseconds);
}
