using Autopilot.Api.Clusters;
using Autopilot.Api.OpenApi;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Core.Workflows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.Api.Workflows;

/// <summary>The route that waits for an upgrade.</summary>
internal static class WaitApi
{
    /// <summary>Shortest pause, in case a timer is early: what is kept is not good any more after it.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);

    public static IEndpointRouteBuilder MapWaitApi(this IEndpointRouteBuilder api)
    {
        api.MapMethods("/workflows/{workflowId}/wait", ReadMethods.All, WaitAsync)
            .WithName("WaitForWorkflow")
            .Takes(ParameterCatalog.Workflow, ParameterCatalog.Until, ParameterCatalog.After, ParameterCatalog.Timeout)
            .WithSummary("Waits until an upgrade has completed, moved, been confirmed or come unblocked.")
            .Offers(Format.Json)
            .WithDescription(
                "Answers the summary with reached: true as soon as what is waited for holds, at once where it holds already, and with "
                    + "reached: false after the timeout: ask again then. A function app ends a wait after 20 s. A finished workflow that "
                    + "cannot reach it any more, and a process that stops, end it with reached: false too. The stored state is looked at "
                    + "every 5 s. At most 100 requests wait in a process; beyond that 503 says in Retry-After when to ask again."
            )
            .HasOwnDeadline()
            .Answers<WaitResponse>("The summary, and whether what was waited for has come.")
            .FailsToReadWorkflow();
        return api;
    }

    internal static async Task<IResult> WaitAsync(
        string workflowId,
        [AsParameters] WorkflowServices services,
        [FromServices] SharedWorkflowReader rows,
        [FromServices] WaitLimit limit,
        HttpContext context
    )
    {
        if (
            !ParameterCatalog.Workflow.TryReadGiven(workflowId, out var reference, out var problem)
            || !WaitParameters.TryRead(ParameterValues.Of(context.Request), out var condition, out var timeout, out problem)
        )
        {
            return new ProblemResult(problem!);
        }

        var askedAt = services.Clock.GetTimestamp();
        var longest = timeout < limit.Longest ? timeout : limit.Longest;
        using var ending = context.Ending();
        SharedRead? read = null;
        var found = await services.FindAsync(
            reference,
            async (id, token) => (read = await FindAsync(rows, id, token)).Workflow,
            ending.Token
        );
        OtherClustersHeader.Write(context.Response, found.Others);
        if (!found.IsFound)
        {
            return new ProblemResult(found.Problem);
        }

        var isWaiting = false;
        while (read is { Workflow: { } workflow })
        {
            var summary = services.Summarize(workflow, await services.BaselineAsync(context.RequestAborted));
            var isOutdated = condition.IsOutdated(read, askedAt);
            var reached = !isOutdated && condition.Holds(summary);
            var left = longest - services.Clock.GetElapsedTime(askedAt);
            if (reached || left <= TimeSpan.Zero || workflow.IsFinished && !isOutdated)
            {
                return Respond(summary, reached);
            }

            if (!isWaiting && await context.AcquirePermitAsync(ConcurrencyGroup.Waits) is { } busy)
            {
                return new ProblemResult(busy);
            }

            isWaiting = true;
            var pause = SharedWorkflowReader.KeptFor - services.Clock.GetElapsedTime(read.BegunAt);
            pause = pause < ShortestPause ? ShortestPause : pause;
            try
            {
                await Task.Delay(pause < left ? pause : left, services.Clock, ending.Token);
                read = await FindAsync(rows, workflow.Target.WorkflowId, ending.Token);
            }
            catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
            {
                return Respond(summary, reached: false);
            }
        }

        return new ProblemResult(ProblemFactory.WorkflowNotFound(found.Workflow.Target.WorkflowId));
    }

    /// <summary>One that is being purged counts as deleted.</summary>
    private static async Task<SharedRead> FindAsync(SharedWorkflowReader rows, string id, CancellationToken cancellationToken) =>
        await rows.FindAsync(id, cancellationToken) is var read && read.Workflow is { Purging: true }
            ? read with
            {
                Workflow = null,
            }
            : read;

    private static Representation Respond(WorkflowSummary summary, bool reached) =>
        new(JsonBody.Serialize(new WaitResponse(summary, reached), ApiJson.Default.WaitResponse));
}
