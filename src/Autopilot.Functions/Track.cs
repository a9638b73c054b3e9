using Autopilot.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Autopilot.Functions;

/// <summary>What is tracked: its key may change that.</summary>
internal sealed class Track(AutopilotPipeline pipeline)
{
    [Function(nameof(Track))]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Function, "put", "delete", Route = "api/{*path}")] HttpRequest request) =>
        FunctionPathGuard.OfTheRest(request.Path)
            ? pipeline.InvokeAsync(request.HttpContext)
            : FunctionPathGuard.RefuseAsync(request.HttpContext);
}
