using Autopilot.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Autopilot.Functions;

/// <summary>
/// Where assistants connect. It is a function of its own, so that assistants can have a key of their own. Its name sorts before the other
/// functions', whose routes would match too. It takes every method. With this key a wrong one answers 405: a 401 would send a client to
/// look for a place to sign in.
/// </summary>
internal sealed class Mcp(AutopilotPipeline pipeline)
{
    [Function(nameof(Mcp))]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Function, Route = "api/mcp")] HttpRequest request) =>
        FunctionPathGuard.OfMcp(request.Path)
            ? pipeline.InvokeAsync(request.HttpContext)
            : FunctionPathGuard.RefuseAsync(request.HttpContext);
}
