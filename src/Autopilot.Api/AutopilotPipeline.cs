using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api;

/// <summary>
/// The HTTP surface as one request delegate, for a host whose server is not ours and that only has an <see cref="HttpContext"/>. Built
/// once, on first use; safe for concurrent requests.
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
        // The host has routed the request by its own rules. With its endpoint in place, routing would not search for ours.
        context.SetEndpoint(null);
        context.Request.RouteValues.Clear();
        context.RequestServices ??= services;
        return _pipeline.Value(context);
    }
}
