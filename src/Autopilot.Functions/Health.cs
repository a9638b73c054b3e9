using Autopilot.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Autopilot.Functions;

/// <summary>
/// What probes ask, without a key: whether the app lives and is ready. Its name sorts before the other functions', whose routes would match
/// too.
/// </summary>
internal sealed class Health(AutopilotPipeline pipeline)
{
    [Function(nameof(Health))]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/health/{*path}")] HttpRequest request) =>
        FunctionPathGuard.OfHealth(request.Path)
            ? pipeline.InvokeAsync(request.HttpContext)
            : FunctionPathGuard.RefuseAsync(request.HttpContext);
}
