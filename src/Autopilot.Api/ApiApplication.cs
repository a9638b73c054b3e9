using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.Api;

/// <summary>Adds the middleware and the endpoints, in the same order in every host.</summary>
public static class ApiApplication
{
    /// <summary>
    /// Adds the whole HTTP surface: response compression, problem details, security headers, routing, the host's authorization, the limits
    /// of query, body and time, and the endpoints.
    /// </summary>
    /// <param name="app">A web application, or a bare builder.</param>
    /// <param name="limiter">Middleware between routing and the endpoints: who may call. What it answers without a body becomes a problem
    /// with the code of its status. If it sets an <see cref="AccessRejection"/>, the problem has its detail.</param>
    /// <param name="more">Maps further routes of the host, such as pages, behind the same middleware.</param>
    public static IApplicationBuilder UseAutopilotApi(
        this IApplicationBuilder app,
        Action<IApplicationBuilder>? limiter = null,
        Action<IEndpointRouteBuilder>? more = null
    )
    {
        app.UseSecurityHeaders().UseResponseCompression().UseProblems().UseRouting();
        limiter?.Invoke(app);
        return app.UseQueryLimit()
            .UseQueryCheck()
            .UseBodyLimit()
            .UseResponseDeadlines()
            .UseEndpoints(endpoints =>
            {
                endpoints.MapAutopilotApi();
                more?.Invoke(endpoints);
            });
    }
}
