using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Autopilot.Functions.Stopping;

/// <summary>Counts every invocation in and out.</summary>
internal sealed class InvocationTracking(InvocationsUnderWay invocations) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        invocations.Begin();
        try
        {
            await next(context);
        }
        finally
        {
            invocations.End();
        }
    }
}
