using Autopilot.Api.OpenApi;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Api.Health;

/// <summary>A good answer about health: never cached, never tagged.</summary>
internal sealed class HealthResult(HealthResponse answer) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.CacheControl = "no-store";
        return JsonBody.WriteAsync(httpContext, JsonBody.ContentType, JsonBody.Serialize(answer, ApiJson.Default.HealthResponse));
    }
}
