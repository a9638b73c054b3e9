using Autopilot.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Autopilot.Functions;

/// <summary>Reads upstream now, on request: its key may refresh, and may not change what is tracked.</summary>
internal sealed class Poll(AutopilotPipeline pipeline)
{
    [Function(nameof(Poll))]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/{*path}")] HttpRequest request) =>
        FunctionPathGuard.OfTheRest(request.Path)
            ? pipeline.InvokeAsync(request.HttpContext)
            : FunctionPathGuard.RefuseAsync(request.HttpContext);
}
