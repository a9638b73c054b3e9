using Autopilot.Api.Changes;
using Autopilot.Api.Clusters;
using Autopilot.Api.Health;
using Autopilot.Api.Mcp;
using Autopilot.Api.Notifications;
using Autopilot.Api.OpenApi;
using Autopilot.Api.Polling;
using Autopilot.Api.Reports;
using Autopilot.Api.Requests;
using Autopilot.Api.Retention;
using Autopilot.Api.Workflows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.Api;

/// <summary>The routes under <c>/api</c>, the same in every host.</summary>
public static class ApiEndpoints
{
    /// <summary>Maps every endpoint of the API.</summary>
    public static IEndpointRouteBuilder MapAutopilotApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapGroup("/api")
            .KnowsItsQuery()
            .RespondsWithin(ResponseDeadline.Default)
            .MapWorkflowsApi()
            .MapTimelineApi()
            .MapWaitApi()
            .MapChangesApi()
            .MapClustersApi()
            .MapProjectsApi()
            .MapPollingApi()
            .MapNotificationsApi()
            .MapRetentionApi()
            .MapReportsApi()
            .MapHealthApi()
            .MapMcpApi()
            .MapOpenApiDocument();
        return endpoints;
    }
}
