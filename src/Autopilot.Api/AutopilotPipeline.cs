using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api;

/// <summary>
/// The HTTP surface as one request delegate, for a head that is handed an <see cref="HttpContext"/> by somebody else's server. Built once,
/// on first use; safe for any number of requests at a time.
/// </summary>
public sealed class AutopilotPipeline(IServiceProvider services)
{
    private readonly Lazy<RequestDelegate> _pipeline = new(() => new ApplicationBuilder(services).UseAutopilotApi().Build());

    /// <summary>
    /// Answers the request. Everything that goes wrong becomes an answer; nothing is thrown but a cancellation by the caller's own
    /// connection.
    /// </summary>
    public Task InvokeAsync(HttpContext context)
    {
        // Whoever called us has routed the request by rules of its own: with its endpoint in place ours would never be looked for.
        context.SetEndpoint(null);
        context.Request.RouteValues.Clear();
        context.RequestServices ??= services;
        return _pipeline.Value(context);
    }
}
