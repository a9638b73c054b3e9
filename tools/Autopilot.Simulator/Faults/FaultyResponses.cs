using System.Text;
using Autopilot.Simulator.Gateway;

namespace Autopilot.Simulator.Faults;

/// <summary>Plays a fault out on a request.</summary>
internal static class FaultyResponses
{
    private const int HugeSize = 5 * 1024 * 1024;

    public static Task PlayAsync(this Fault fault, HttpContext context, Func<Task> answer, TimeProvider time) =>
        fault.Kind switch
        {
            FaultKind.Throttled or FaultKind.RateLimit => context.GatewayErrorAsync(
                StatusCodes.Status429TooManyRequests,
                "APIGW.0308",
                "The throttling threshold has been reached: policy user over ratelimit," + FaultInjector.WindowText(fault)
            ),
            FaultKind.Locked => context.CceErrorAsync(
                StatusCodes.Status429TooManyRequests,
                "CCE.01429002",
                "Resource locked by other requests."
            ),
            FaultKind.ServerError => context.CceErrorAsync(StatusCodes.Status500InternalServerError, "CCE.01500001", "Internal error."),
            FaultKind.SlowHeaders => SlowHeadersAsync(fault, context, answer, time),
            FaultKind.SlowBody => SlowBodyAsync(fault, context, answer, time),
            FaultKind.CutBeforeHeaders => CutAsync(context),
            FaultKind.CutMidBody => CutMidBodyAsync(context),
            FaultKind.MalformedJson => RawAsync(
                context,
                "application/json",
                """{"kind":"WorkFlowTask","apiVersion":"v3","metadata":{"uid":"c271"""
            ),
            FaultKind.Html => RawAsync(
                context,
                "text/html",
                "<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>"
            ),
            FaultKind.Huge => RawAsync(
                context,
                "application/json",
                $$"""{"kind":"WorkFlowTask","spec":{},"status":{"phase":"Running"},"padding":"{{new string('x', HugeSize)}}"}"""
            ),
            FaultKind.Unauthorized => context.UnauthenticatedAsync("verify aksk signature fail"),
            FaultKind.Forbidden => context.CceErrorAsync(StatusCodes.Status403Forbidden, "CCE.01403001", "Forbidden."),
            FaultKind.Gone => context.CceErrorAsync(StatusCodes.Status404NotFound, "CCE.01404001", "Resource not found."),
            FaultKind.NoSuchApi => context.NoSuchApiAsync(),
            _ => throw new InvalidOperationException($"The fault {fault.Kind} has no response."),
        };

    private static async Task SlowHeadersAsync(Fault fault, HttpContext context, Func<Task> answer, TimeProvider time)
    {
        await Task.Delay(fault.Delay, time, context.RequestAborted);
        await answer();
    }

    private static async Task SlowBodyAsync(Fault fault, HttpContext context, Func<Task> answer, TimeProvider time)
    {
        const int Pieces = 8;
        var body = context.Response.Body;
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        await answer();
        context.Response.Body = body;

        foreach (var piece in buffer.ToArray().Chunk(Math.Max(1, ((int)buffer.Length + Pieces - 1) / Pieces)))
        {
            await Task.Delay(fault.Delay / Pieces, time, context.RequestAborted);
            await body.WriteAsync(piece, context.RequestAborted);
            await body.FlushAsync(context.RequestAborted);
        }
    }

    private static Task CutAsync(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static async Task CutMidBodyAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = 2000;
        await context.Response.Body.WriteAsync(
            """{"kind":"WorkFlowTask","apiVersion":"v3","metadata":{"""u8.ToArray(),
            context.RequestAborted
        );
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    private static Task RawAsync(HttpContext context, string type, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }
}
