using Autopilot.Api.Changes;
using Autopilot.Api.Clusters;
using Autopilot.Api.OpenApi;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Core.Listing;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Changes;
using Autopilot.Formats.Summaries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.Api.Workflows;

/// <summary>The routes of workflows: summaries, tracking and history.</summary>
internal static class WorkflowsApi
{
    public static IEndpointRouteBuilder MapWorkflowsApi(this IEndpointRouteBuilder api)
    {
        var workflows = api.MapGroup("/workflows");
        workflows
            .MapMethods("", ReadMethods.All, ListAsync)
            .WithName("ListWorkflows")
            .Takes([.. ListParameters.Filters, ParameterCatalog.OrderBy, .. PageParameters.All])
            .WithSummary("Summaries of workflows, those first that need a person.")
            .Offers([Format.Json, .. WorkflowFormats.Page.Formats])
            .WithDescription(
                "A page is full or the last one. Only a page that carries partial is short: Time after 8 s, Size after 8 MiB; its "
                    + "nextLink continues. counts is over the active workflows that match every filter but assessment. orderBy is need by "
                    + "default: active ones by assessment and longest since, then untracked ones, then finished ones, the newest end "
                    + "first. Else it is since, createdAt, lastChangedAt, endedAt or cluster; ' desc' reverses all but need. A workflow "
                    + "that moves while a list is read may come twice or not at all. Markdown, text and card show up to 200 entries where "
                    + "maxpagesize is not given, and then say how many more there are."
            )
            .LimitedBy(ConcurrencyGroup.Lists)
            .Answers<WorkflowPage>("A page of summaries.")
            .Fails(400, ProblemCode.InvalidClusterId)
            .Fails(409, ProblemCode.AmbiguousCluster);
        workflows
            .MapMethods("/{workflowId}", ReadMethods.All, GetAsync)
            .WithName("GetWorkflow")
            .Takes(ParameterCatalog.Workflow)
            .WithSummary("The summary of one workflow.")
            .Offers(WorkflowFormats.Summary.Formats)
            .WithDescription(
                "What blocks, since when, why, what to do, how long each task ran and waited, and how long the rest should take. "
                    + "Before the first read: sequence 0, assessment Unknown, no tasks. After DELETE the last state, with tracked false."
            )
            .RespondsWithin(ResponseDeadline.Summary)
            .Answers<WorkflowSummary>("The summary.", retryAfter: true)
            .FailsToReadWorkflow();
        workflows
            .MapPut("/{workflowId}", TrackAsync)
            .WithName("TrackWorkflow")
            .Takes(ParameterCatalog.WorkflowId)
            .WithSummary("Begins or resumes tracking a workflow.")
            .Offers(WorkflowFormats.Summary.Formats)
            .WithDescription(
                "Does not wait for upstream: the next cycle reads it. What was untracked continues with its old history; what is "
                    + "finished stays finished. A fresh row replaces a damaged one. It continues behind the newest state of the history, "
                    + "or comes back finished where its run is stored. A row that a newer version wrote is left alone (409)."
            )
            .TakesBody(TrackRequest.Body)
            .Answers<WorkflowSummary>("It is tracked now.", StatusCodes.Status201Created, retryAfter: true)
            .Answers<WorkflowSummary>("It was known already.", retryAfter: true)
            .Fails(400, ProblemCode.InvalidWorkflowId, ProblemCode.InvalidClusterId, ProblemCode.InvalidBody)
            .Fails(409, ProblemCode.WorkflowConflict, ProblemCode.RowUnreadable)
            .Fails(415, ProblemCode.InvalidBody);
        workflows
            .MapDelete("/{workflowId}", UntrackAsync)
            .WithName("UntrackWorkflow")
            .Takes(ParameterCatalog.WorkflowId, ParameterCatalog.Purge)
            .WithSummary("Stops tracking; with purge=true deletes the history too.")
            .WithDescription(
                "It is no longer polled; the summary and the history stay, and a PUT takes it up again. With purge=true both are "
                    + "deleted, which cannot be taken back. A row that cannot be read is deleted either way: the history stays without "
                    + "purge, and a PUT goes on behind it. Of a row that a newer version wrote, what only the row holds is lost: attempts "
                    + "and upstream's texts about failures."
            )
            .AnswersNothing("It is not tracked any more, or deleted.")
            .Fails(400, ProblemCode.InvalidWorkflowId)
            .Fails(404, ProblemCode.WorkflowNotFound);
        workflows
            .MapMethods("/{workflowId}/history", ReadMethods.All, ListHistoryAsync)
            .WithName("ListWorkflowHistory")
            .Takes([ParameterCatalog.Workflow, ParameterCatalog.HistoryFrom, ParameterCatalog.HistoryTo, .. PageParameters.All])
            .WithSummary("Changes of a workflow, newest first.")
            .Offers([Format.Json, .. ChangeFormats.Page.Formats])
            .WithDescription(
                "Every change that was observed, once each, in the order of observation. The document of a state: GET …/history/{sequence}."
            )
            .LimitedBy(ConcurrencyGroup.Lists)
            .Answers<HistoryPage>("A page of changes, newest first.")
            .FailsToReadWorkflow();
        workflows
            .MapMethods("/{workflowId}/history/{sequence}", ReadMethods.All, GetStateAsync)
            .WithName("GetWorkflowState")
            .Takes(ParameterCatalog.Workflow, ParameterCatalog.Sequence)
            .WithSummary("One observed state with upstream's document.")
            .Offers(Format.Json)
            .WithDescription("What the history says of this state, and upstream's document byte for byte as it came.")
            .LimitedBy(ConcurrencyGroup.Lists)
            .Answers<HistoryState>("The state.")
            .Fails(400, ProblemCode.InvalidWorkflowId)
            .Fails(404, ProblemCode.WorkflowNotFound, ProblemCode.SnapshotNotFound)
            .Fails(409, ProblemCode.AmbiguousCluster)
            .Fails(500, ProblemCode.RowUnreadable);
        return api;
    }

    internal static async Task<IResult> ListAsync(
        [AsParameters] WorkflowServices services,
        [FromServices] WorkflowLister lister,
        [FromServices] PublicAddress address,
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        var values = ParameterValues.Of(request);
        if (
            !ListParameters.TryRead(values, out var query, out var problem)
            || !PageParameters.TryRead(values, out var asked, out problem)
            || !values.TryRead(ParameterCatalog.OrderBy, out var order, out problem)
        )
        {
            return new ProblemResult(problem!);
        }

        (query, var clusterId, var cluster, problem) = await ListParameters.ResolveAsync(query, services.Names, cancellationToken);
        if (problem is not null)
        {
            return new ProblemResult(problem);
        }

        var format = request.HttpContext.ChosenFormat();
        var list = await lister.ListAsync(
            query,
            order ?? default,
            asked.Size ?? (format == Format.Json ? asked.SizeOrDefault : SummaryPage.DefaultSize),
            asked.Token,
            cancellationToken
        );
        var summaries = list.Items.Select(item => services.Summarize(item.Row, list.Baseline)).ToList();
        var isEmpty = summaries.Count == 0 && asked.Token is null;
        var note = await FilterNote.OfAsync(query, [clusterId, cluster], isEmpty, services.Names, cancellationToken);
        if (format != Format.Json)
        {
            return new Representation(
                WorkflowFormats.Page.Write(
                    new SummaryPage(summaries, address.Absolute(NextLink(list.ContinuationToken)))
                    {
                        Counts = list.Counts,
                        Remaining = list.Remaining,
                        Unreadable = list.Unreadable,
                        Partial = list.Partial,
                        Only = query.Assessment?.Values ?? [],
                        Note = note,
                    },
                    format
                ),
                format
            );
        }

        return new Representation(
            PageBody.Write(
                summaries,
                ApiJson.Default.WorkflowSummary,
                count =>
                {
                    var shown = count == summaries.Count ? list : list.Cut(count);
                    return JsonBody.Serialize(
                        new WorkflowPage(
                            [.. summaries.Take(count)],
                            shown.CountsByName(),
                            OptionalCount.Of(shown.Unreadable),
                            shown.Partial,
                            NextLink(shown.ContinuationToken),
                            note
                        ),
                        ApiJson.Default.WorkflowPage
                    );
                }
            )
        );

        string? NextLink(string? token) =>
            PageLink.Of(
                request,
                "/api/workflows",
                token,
                [.. ListParameters.InLink(query, clusterId, cluster), (ParameterCatalog.OrderBy, order?.ToString()), asked.InLink]
            );
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
        OtherClustersHeader.Write(context.Response, found.Others);
        return found.IsFound
            ? await services.RespondAsync(found.Workflow, context.ChosenFormat(), cancellationToken)
            : new ProblemResult(found.Problem);
    }

    internal static async Task<IResult> TrackAsync(
        string workflowId,
        HttpRequest request,
        [AsParameters] WorkflowServices services,
        [FromServices] ITrackingStore tracking,
        [FromServices] ProjectChoice projects,
        CancellationToken cancellationToken
    )
    {
        if (!ParameterCatalog.WorkflowId.TryReadGiven(workflowId, out var id, out var problem))
        {
            return new ProblemResult(problem!);
        }

        if (!RequestBody.IsJson(request.ContentType))
        {
            return new ProblemResult(ProblemFactory.NotJson());
        }

        if (!TrackRequest.TryRead(RequestBody.Of(request), out var requested, out problem))
        {
            return new ProblemResult(problem!);
        }

        if (await ClusterNameGuard.CheckAsync(requested!.ClusterId, "body", services.Names, cancellationToken) is { } named)
        {
            return new ProblemResult(named);
        }

        if (await projects.IsClusterAsync(id, requested.ClusterId, cancellationToken))
        {
            return new ProblemResult(ProblemFactory.ClusterForWorkflowId(id));
        }

        (var projectId, problem) = await projects.ChooseAsync(requested.ProjectId, requested.ClusterId, id, cancellationToken);
        if (problem is not null)
        {
            return new ProblemResult(problem);
        }

        var target = new WorkflowTarget(projectId, requested.ClusterId, id);
        var result = await tracking.TrackAsync(
            target,
            requested.ClusterName,
            services.Clock.GetUtcNow(),
            onlyIfUnknown: false,
            cancellationToken
        );
        services.Names.Forget();
        return result.Status switch
        {
            TrackStatus.Created => await services.RespondAsync(
                result.Workflow,
                request.HttpContext.ChosenFormat(),
                cancellationToken,
                StatusCodes.Status201Created,
                $"{request.PathBase.ToUriComponent()}/api/workflows/{id}"
            ),
            TrackStatus.OtherCluster => new ProblemResult(ProblemFactory.OtherCluster(result.Workflow.Target, target)),
            TrackStatus.Purging => new ProblemResult(
                ProblemFactory.WorkflowConflict(
                    $"Workflow '{id}' is being purged. Repeat DELETE /api/workflows/{id}?purge=true until it answers 204, then track "
                        + "it again."
                )
            ),
            _ => await services.RespondAsync(result.Workflow, request.HttpContext.ChosenFormat(), cancellationToken),
        };
    }

    internal static async Task<IResult> UntrackAsync(
        string workflowId,
        [FromServices] ITrackingStore tracking,
        [FromServices] ClusterDirectory names,
        HttpContext context
    )
    {
        if (
            !ParameterCatalog.WorkflowId.TryReadGiven(workflowId, out var id, out var problem)
            || !ParameterValues.Of(context.Request).TryRead(ParameterCatalog.Purge, out var all, out problem)
        )
        {
            return new ProblemResult(problem!);
        }

        if (all is true)
        {
            context.LiftDeadline();
        }

        var known = all is true
            ? await tracking.PurgeAsync(id, context.RequestAborted)
            : await tracking.UntrackAsync(id, context.RequestAborted);
        names.Forget();
        return known
            ? TypedResults.NoContent()
            : new ProblemResult(
                ProblemFactory.NothingToDelete(
                    ProblemCode.WorkflowNotFound,
                    "Workflow",
                    id,
                    "known",
                    cluster => cluster.WorkflowId,
                    await names.FindAsync(id, context.RequestAborted)
                )
            );
    }

    internal static async Task<IResult> ListHistoryAsync(
        string workflowId,
        [AsParameters] WorkflowServices services,
        [FromServices] IHistoryStore history,
        [FromServices] PublicAddress address,
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        var values = ParameterValues.Of(request);
        if (
            !ParameterCatalog.Workflow.TryReadGiven(workflowId, out var reference, out var problem)
            || !TimeRange.TryRead(values, out var range, out problem)
            || !PageParameters.TryRead(values, out var asked, out problem)
        )
        {
            return new ProblemResult(problem!);
        }

        var found = await services.FindAsync(reference, cancellationToken);
        if (!found.IsFound)
        {
            return new ProblemResult(found.Problem);
        }

        OtherClustersHeader.Write(request.HttpContext.Response, found.Others);
        var (workflow, id) = (found.Workflow, found.Workflow.Target.WorkflowId);
        var page = await history.ReadHistoryAsync(id, range.From, range.To, asked.SizeOrDefault, asked.Token, cancellationToken);
        var nextLink = PageLink.Of(
            request,
            $"/api/workflows/{id}/history",
            page.ContinuationToken,
            (ParameterCatalog.HistoryFrom, range.From is { } start ? InstantText.Of(start) : null),
            (ParameterCatalog.HistoryTo, range.To is { } end ? InstantText.Of(end) : null),
            asked.InLink
        );
        var format = request.HttpContext.ChosenFormat();
        if (format != Format.Json)
        {
            var form = new ChangePage(
                $"History of upgrade workflow {id} of cluster {workflow.ClusterName ?? workflow.Target.ClusterId}, newest first.",
                [.. page.Items.Select(entry => new ChangeLine(entry))],
                address.Absolute(nextLink)
            )
            {
                Unreadable = page.Unreadable,
                Partial = page.Partial,
            };
            return new Representation(ChangeFormats.Page.Write(form, format), format) { Final = workflow.IsFinished };
        }

        return new Representation(
            JsonBody.Serialize(
                new HistoryPage([.. page.Items.Select(HistoryItem.Of)], OptionalCount.Of(page.Unreadable), page.Partial, nextLink),
                ApiJson.Default.HistoryPage
            )
        )
        {
            Final = workflow.IsFinished,
        };
    }

    internal static async Task<IResult> GetStateAsync(
        string workflowId,
        string sequence,
        [AsParameters] WorkflowServices services,
        [FromServices] IHistoryStore history,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (
            !ParameterCatalog.Workflow.TryReadGiven(workflowId, out var reference, out var problem)
            || !ParameterCatalog.Sequence.TryReadGiven(sequence, out var number, out problem)
        )
        {
            return new ProblemResult(problem);
        }

        var found = await services.FindAsync(reference, cancellationToken);
        if (!found.IsFound)
        {
            return new ProblemResult(found.Problem);
        }

        OtherClustersHeader.Write(context.Response, found.Others);
        var (workflow, id) = (found.Workflow, found.Workflow.Target.WorkflowId);
        if (number > workflow.Sequence || await history.ReadStateAsync(id, number, cancellationToken) is not { } state)
        {
            return new ProblemResult(ProblemFactory.SnapshotNotFound(id, workflow.Sequence));
        }

        return new Representation(StateBody.Write(state)) { Final = workflow.IsFinished };
    }
}
