using Autopilot.Api.Clusters;
using Autopilot.Api.OpenApi;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Api.Workflows;
using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.Api.Polling;

/// <summary>The routes that read from upstream now: one workflow, or a cycle over all of them.</summary>
internal static class PollingApi
{
    /// <summary>Longest cycle, or other long work, that is asked for over HTTP: the platform gives a request up at 230 s.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(200);

    /// <summary>
    /// Longest poll of one workflow: longer than every attempt of one read takes, and far within the platform's 230 s, wherever it waits.
    /// </summary>
    public static readonly TimeSpan OneBudget = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan OneRetry = TimeSpan.FromSeconds(30);

    public static IEndpointRouteBuilder MapPollingApi(this IEndpointRouteBuilder api)
    {
        api.MapPost("/poll", PollAllAsync)
            .WithName("PollAll")
            .Takes(ParameterCatalog.Due, ParameterCatalog.PolledClusters)
            .WithSummary("A poll cycle over every active workflow now; due=true for those due, cluster for those of some clusters.")
            .Offers(Format.Json)
            .WithDescription(
                "In the server it needs a key that may manage. With due=true other keys may call it once a tick; "
                    + "Server:ReadersMayPollAll lifts both. It ends within 200 s. What is left then (complete: false) is due at once in "
                    + "the next cycle. Failures of single workflows do not fail it: failed counts them. Nor do stored rows that cannot be "
                    + "read: unreadable counts them, and complete is false. With cluster, only the workflows of these clusters are polled,"
                    + " and the discovered clusters scanned. An unknown cluster is 404. A UUID without anything tracked polls nothing, and"
                    + " note says so."
            )
            .HasOwnDeadline()
            .Answers<CycleResponse>("The result of the cycle.")
            .Fails(404, ProblemCode.ClusterNotFound)
            .Fails(409, ProblemCode.AmbiguousCluster);
        api.MapPost("/workflows/{workflowId}/poll", PollOneAsync)
            .WithName("PollWorkflow")
            .Takes(ParameterCatalog.Workflow)
            .WithSummary("Reads one workflow from upstream now.")
            .Offers(WorkflowFormats.Summary.Formats)
            .WithDescription(
                "Of a workflow that is finished or no longer tracked nothing is read: the stored summary is answered. A workflow "
                    + "that upstream does not know is 200, and the insight UpstreamError says so."
            )
            .HasOwnDeadline()
            .Answers<WorkflowSummary>("The fresh summary.", retryAfter: true)
            .Fails(400, ProblemCode.InvalidWorkflowId)
            .Fails(404, ProblemCode.WorkflowNotFound)
            .Fails(409, ProblemCode.RowUnreadable, ProblemCode.AmbiguousCluster)
            .Fails(429, ProblemCode.UpstreamThrottled)
            .Fails(500, ProblemCode.RowUnreadable)
            .Fails(502, ProblemCode.UpstreamRejected, ProblemCode.UpstreamInvalid, ProblemCode.UpstreamUnavailable)
            .Fails(504, ProblemCode.UpstreamUnavailable);
        return api;
    }

    internal static async Task<IResult> PollAllAsync(
        [FromServices] PollCycle cycle,
        [FromServices] ClusterDirectory directory,
        HttpContext context
    )
    {
        var values = ParameterValues.Of(context.Request);
        if (
            !values.TryRead(ParameterCatalog.Due, out var dueOnly, out var problem)
            || !values.TryRead(ParameterCatalog.PolledClusters, out var given, out problem)
        )
        {
            return new ProblemResult(problem!);
        }

        var allowance = context.Features.Get<PollAllowance>();
        if (allowance is not null && dueOnly is not true)
        {
            return new ProblemResult(ProblemFactory.PollAllForbidden());
        }

        using var ending = context.Ending();
        var (filter, unknown) = await ClustersAsync(given, directory, ending.Token);
        if (unknown is not null)
        {
            return new ProblemResult(unknown);
        }

        // Last, so that a mistake does not cost the tick's poll.
        if (allowance?.TakeDuePoll() is { } wait)
        {
            return new ProblemResult(ProblemFactory.PolledAlready(wait));
        }

        var result = await cycle.RunAsync(new CycleRequest(dueOnly ?? false, Budget) { Clusters = IdsOf(filter) }, ending.Token);
        if (result.Discovered + result.Finished > 0)
        {
            // Another upgrade may be the one that a name stands for.
            directory.Forget();
        }

        if (!result.StoreReached)
        {
            throw new StorageUnavailableException(result.Errors[0]);
        }

        var isEmpty = result.Polled + result.Skipped + result.Clusters + result.ClustersFailed == 0;
        var note = await FilterNote.OfAsync(filter, isEmpty, directory, ending.Token);
        return new Representation(JsonBody.Serialize(CycleResponse.Of(result, note), ApiJson.Default.CycleResponse));
    }

    private static IReadOnlySet<string>? IdsOf(ClusterFilter filter) => filter.Ids?.Values.ToHashSet(StringComparer.Ordinal);

    /// <summary>The clusters to poll; 404 where a name is not known, 409 where it is that of several.</summary>
    private static async Task<(ClusterFilter Filter, Problem? Problem)> ClustersAsync(
        AnyOf<string>? given,
        ClusterDirectory directory,
        CancellationToken cancellationToken
    )
    {
        var (filter, problem) = await ClusterFilter.ResolveAsync(given, directory, cancellationToken, ofUpgrades: true);
        return problem is null && filter.Names is { } names ? (filter, ProblemFactory.NoClusterNamed(names.Values[0])) : (filter, problem);
    }

    internal static async Task<IResult> PollOneAsync(
        string workflowId,
        [FromServices] WorkflowPoller poller,
        [FromServices] TimeProvider clock,
        [AsParameters] WorkflowServices services,
        HttpContext context
    )
    {
        if (!ParameterCatalog.Workflow.TryReadGiven(workflowId, out var reference, out var problem))
        {
            return new ProblemResult(problem!);
        }

        using var budget = new CancellationTokenSource(OneBudget, clock);
        using var ending = context.Ending();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, budget.Token);
        try
        {
            var found = await services.FindAsync(
                reference,
                async (id, token) => await poller.PollAsync(id, token) is { Purging: false } polled ? polled : null,
                cancellation.Token
            );
            OtherClustersHeader.Write(context.Response, found.Others);
            return found.IsFound
                ? await services.RespondAsync(found.Workflow, context.ChosenFormat(), cancellation.Token)
                : new ProblemResult(found.Problem);
        }
        catch (OperationCanceledException exception) when (budget.IsCancellationRequested && !ending.IsCancellationRequested)
        {
            throw new UpstreamException(
                UpstreamFailure.Unavailable,
                $"Upstream gave no answer within {OneBudget.TotalSeconds:0} s, and this poll was given up. What was known of the "
                    + "workflow is kept; the poll schedule continues.",
                exception
            )
            {
                TimedOut = true,
                RetryAfter = OneRetry,
            };
        }
    }
}
