using Autopilot.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Autopilot.Functions;

/// <summary>Where assistants connect. A function of its own, so that they can be given a key of their own; its name sorts before <see cref="Poll"/>.</summary>
internal sealed class Mcp(AutopilotPipeline pipeline)
{
    [Function(nameof(Mcp))]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/mcp")] HttpRequest request) => pipeline.InvokeAsync(request.HttpContext);
}
