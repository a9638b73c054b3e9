using Autopilot.Api.Clusters;
using Autopilot.Api.OpenApi;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Timelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.Api.Workflows;

/// <summary>The route of timelines.</summary>
internal static class TimelineApi
{
    public static IEndpointRouteBuilder MapTimelineApi(this IEndpointRouteBuilder api)
    {
        api.MapMethods("/workflows/{workflowId}/timeline", ReadMethods.All, GetAsync)
            .WithName("GetWorkflowTimeline")
            .Takes(ParameterCatalog.Workflow)
            .WithSummary("Every run, wait, queue and block of one workflow.")
            .Offers(WorkflowFormats.Timeline.Formats)
            .WithDescription(
                "In order of start. What goes on has no endedAt and counts to the last observation. A failed run names what it "
                    + "failed on, and a block its reason."
            )
            .RespondsWithin(ResponseDeadline.Summary)
            .Answers<UpgradeTimeline>("The timeline.", retryAfter: true)
            .FailsToReadWorkflow();
        return api;
    }

    internal static async Task<IResult> GetAsync(
        string workflowId,
        [AsParameters] WorkflowServices services,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (!ParameterCatalog.Workflow.TryReadGiven(workflowId, out var reference, out var problem))
        {
            return new ProblemResult(problem!);
        }

        var found = await services.FindAsync(reference, cancellationToken);
        if (!found.IsFound)
        {
            return new ProblemResult(found.Problem);
        }

        OtherClustersHeader.Write(context.Response, found.Others);
        var workflow = found.Workflow;
        var format = context.ChosenFormat();
        return new Representation(WorkflowFormats.Timeline.Write(await services.TimelineAsync(workflow, cancellationToken), format), format)
        {
            Style = format == Format.Svg ? TimelineSvg.Style : null,
            Final = workflow.IsFinished,
            RetryAfter = workflow.IsFinished || !workflow.Tracked ? null : workflow.NextPollAt - services.Clock.GetUtcNow(),
        };
    }
}
