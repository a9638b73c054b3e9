using Autopilot.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Autopilot.Functions;

/// <summary>Every question: its key may read.</summary>
internal sealed class Query(AutopilotPipeline pipeline)
{
    [Function(nameof(Query))]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/{*path}")] HttpRequest request) =>
        FunctionPathGuard.OfTheRest(request.Path)
            ? pipeline.InvokeAsync(request.HttpContext)
            : FunctionPathGuard.RefuseAsync(request.HttpContext);
}
