using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Autopilot.Functions.Stopping;

/// <summary>
/// Counts every invocation in and out, and those apart that only read: a <c>GET</c> or <c>HEAD</c>, and every tool of <see cref="Mcp"/>.
/// </summary>
internal sealed class InvocationTracking(InvocationsUnderWay invocations) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var isRead =
            context.GetHttpContext()?.Request.Method is { } method
            && (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || context.FunctionDefinition.Name == nameof(Mcp));
        invocations.Begin(isRead);
        try
        {
            await next(context);
        }
        finally
        {
            invocations.End(isRead);
        }
    }
}
