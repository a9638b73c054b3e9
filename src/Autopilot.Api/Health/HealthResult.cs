using Autopilot.Api.Representations;
using Microsoft.AspNetCore.Http;

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
