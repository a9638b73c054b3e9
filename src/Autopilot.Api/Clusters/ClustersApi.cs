using Autopilot.Api.OpenApi;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Api.Workflows;
using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.Api.Clusters;

/// <summary>The routes of clusters whose workflows are discovered.</summary>
internal static class ClustersApi
{
    private static readonly BodyShape Body = new("TrackCluster", ParameterCatalog.BodyProjectId, ParameterCatalog.ClusterName);

    public static IEndpointRouteBuilder MapClustersApi(this IEndpointRouteBuilder api)
    {
        var clusters = api.MapGroup("/clusters");
        clusters
            .MapMethods("", ReadMethods.All, ListAsync)
            .WithName("ListClusters")
            .Takes([ParameterCatalog.OfProjectId, .. PageParameters.All])
            .WithSummary("Clusters whose workflows are discovered, each with its current upgrade.")
            .Offers(Format.Json)
            .WithDescription(
                "By name, those without one by id. A page is full or the last one. Only one that carries partial (Size, after 8 MiB)"
                    + " is short, and its nextLink continues. A cluster whose workflows are only tracked one by one is not in it."
            )
            .LimitedBy(ConcurrencyGroup.Lists)
            .Answers<ClusterPage>("A page of clusters.");
        clusters
            .MapMethods("/{clusterId}", ReadMethods.All, GetAsync)
            .WithName("GetCluster")
            .Takes(ParameterCatalog.Cluster)
            .WithSummary("One cluster with its current upgrade, by id or name.")
            .Offers(Format.Json)
            .Answers<ClusterResponse>("The cluster.")
            .Fails(400, ProblemCode.InvalidClusterId)
            .Fails(404, ProblemCode.ClusterNotFound)
            .Fails(409, ProblemCode.AmbiguousCluster)
            .Fails(500, ProblemCode.RowUnreadable);
        clusters
            .MapPut("/{clusterId}", TrackAsync)
            .WithName("TrackCluster")
            .Takes(ParameterCatalog.PathClusterId)
            .WithSummary("Begins discovery of a cluster's workflows.")
            .Offers(Format.Json)
            .WithDescription(
                "The first scan is in the next cycle: running upgrades are tracked and read at once, ended ones are recorded once. "
                    + "Another projectId or clusterName than before is taken over."
            )
            .TakesBody(Body)
            .Answers<ClusterResponse>("Its workflows are discovered from now on.", StatusCodes.Status201Created)
            .Answers<ClusterResponse>("It was known already.")
            .Fails(400, ProblemCode.InvalidClusterId, ProblemCode.InvalidBody)
            .Fails(409, ProblemCode.RowUnreadable)
            .Fails(415, ProblemCode.InvalidBody);
        clusters
            .MapDelete("/{clusterId}", UntrackAsync)
            .WithName("UntrackCluster")
            .Takes(ParameterCatalog.PathClusterId)
            .WithSummary("Ends discovery; workflows found so far stay tracked.")
            .AnswersNothing("Discovery has ended.")
            .Fails(400, ProblemCode.InvalidClusterId)
            .Fails(404, ProblemCode.ClusterNotFound);
        return api;
    }

    internal static async Task<IResult> ListAsync(
        [AsParameters] ClusterServices services,
        [AsParameters] WorkflowServices workflows,
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        var values = ParameterValues.Of(request);
        if (
            !PageParameters.TryRead(values, out var asked, out var problem)
            || !values.TryRead(ParameterCatalog.OfProjectId, out var project, out problem)
        )
        {
            return new ProblemResult(problem!);
        }

        var page = await services.Clusters.ListClustersAsync(project, asked.SizeOrDefault, asked.Token, cancellationToken);
        var baseline = await workflows.BaselineAsync(cancellationToken);
        var answers = new ClusterResponse[page.Items.Count];
        await Parallel.ForEachAsync(
            page.Items.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (item, token) => answers[item.Index] = await ResponseOfAsync(item.Item, services, workflows, baseline, token)
        );
        return new Representation(
            PageBody.Write(
                answers,
                ApiJson.Default.ClusterResponse,
                count =>
                {
                    var isWhole = count == answers.Length;
                    var token = isWhole
                        ? page.ContinuationToken
                        : ContinuationToken.Encode(DiscoveryOrder.ClustersQuery(project), DiscoveryOrder.KeyOf(page.Items[count - 1]));
                    return JsonBody.Serialize(
                        new ClusterPage(
                            answers[..count],
                            OptionalCount.Of(page.Unreadable),
                            isWhole ? page.Partial : PartialReason.Size,
                            PageLink.Of(request, "/api/clusters", token, (ParameterCatalog.OfProjectId, project), asked.InLink)
                        ),
                        ApiJson.Default.ClusterPage
                    );
                }
            )
        );
    }

    internal static async Task<IResult> GetAsync(
        string clusterId,
        [AsParameters] ClusterServices services,
        [AsParameters] WorkflowServices workflows,
        [FromServices] ProjectChoice projects,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (!ParameterCatalog.Cluster.TryReadGiven(clusterId, out var reference, out var problem))
        {
            return new ProblemResult(problem!);
        }

        if (reference.Id is { } id && await services.Clusters.FindClusterAsync(id, cancellationToken) is { } cluster)
        {
            return await RespondAsync(cluster, services, workflows, cancellationToken);
        }

        if (reference.Id is { } workflowId && await projects.FindInPlaceOfClusterAsync(workflowId, cancellationToken) is { } workflow)
        {
            return new ProblemResult(ProblemFactory.WorkflowInPlaceOfCluster(workflow.Target));
        }

        if (!reference.MayBeName)
        {
            return new ProblemResult(ProblemFactory.ClusterNotFound(reference.Id!));
        }

        var clusters = await workflows.Names.FindAsync(reference.Text, cancellationToken);
        if (clusters.Count == 0)
        {
            return new ProblemResult(ProblemFactory.NoClusterNamed(reference.Text));
        }

        if (ClusterDirectory.Meant(clusters) is not { } named)
        {
            return new ProblemResult(ProblemFactory.AmbiguousCluster(reference.Text, clusters));
        }

        OtherClustersHeader.Write(context.Response, [.. clusters.Where(other => other != named)]);
        return await services.Clusters.FindClusterAsync(named.ClusterId, cancellationToken) is { } known
            ? await RespondAsync(known, services, workflows, cancellationToken)
            : new ProblemResult(ProblemFactory.ClusterNotDiscovered(named));
    }

    internal static async Task<IResult> TrackAsync(
        string clusterId,
        HttpRequest request,
        [AsParameters] ClusterServices services,
        [AsParameters] WorkflowServices workflows,
        [FromServices] ProjectChoice projects,
        CancellationToken cancellationToken
    )
    {
        if (!ParameterCatalog.PathClusterId.TryReadGiven(clusterId, out var id, out var problem))
        {
            return new ProblemResult(problem!);
        }

        var body = RequestBody.Of(request);
        if (!body.IsEmpty && !RequestBody.IsJson(request.ContentType))
        {
            return new ProblemResult(ProblemFactory.NotJson());
        }

        if (
            !Body.TryRead(body, out var members, out problem)
            || !members.TryRead(ParameterCatalog.BodyProjectId, out var given, out problem)
            || !members.TryRead(ParameterCatalog.ClusterName, out var name, out problem)
        )
        {
            return new ProblemResult(problem!);
        }

        if (await ClusterNameGuard.CheckAsync(id, "path", workflows.Names, cancellationToken) is { } named)
        {
            return new ProblemResult(named);
        }

        if (await projects.FindInPlaceOfClusterAsync(id, cancellationToken) is { } workflow)
        {
            return new ProblemResult(ProblemFactory.WorkflowForClusterId(workflow.Target));
        }

        (var projectId, problem) = await projects.ChooseAsync(given, id, null, cancellationToken);
        if (problem is not null)
        {
            return new ProblemResult(problem);
        }

        var now = services.Time.GetUtcNow();
        var requested = new TrackedCluster
        {
            ProjectId = projectId,
            ClusterId = id,
            Name = name,
            NameGiven = name is not null,
            TrackedAt = now,
            NextDiscoveryAt = now,
        };
        var result = await services.Clusters.TrackClusterAsync(requested, onlyIfUnknown: false, cancellationToken);
        workflows.Names.Forget();
        return result.Status is DiscoveryTrackStatus.Created
            ? await RespondAsync(
                result.Row,
                services,
                workflows,
                cancellationToken,
                StatusCodes.Status201Created,
                $"{request.PathBase.ToUriComponent()}/api/clusters/{id}"
            )
            : await RespondAsync(result.Row, services, workflows, cancellationToken);
    }

    internal static async Task<IResult> UntrackAsync(
        string clusterId,
        [AsParameters] ClusterServices services,
        [FromServices] ClusterDirectory names,
        CancellationToken cancellationToken
    )
    {
        if (!ParameterCatalog.PathClusterId.TryReadGiven(clusterId, out var id, out var problem))
        {
            return new ProblemResult(problem!);
        }

        var known = await services.Clusters.UntrackClusterAsync(id, cancellationToken);
        names.Forget();
        return known
            ? TypedResults.NoContent()
            : new ProblemResult(
                ProblemFactory.NothingToDelete(
                    ProblemCode.ClusterNotFound,
                    "Cluster",
                    id,
                    "discovered",
                    cluster => cluster.ClusterId,
                    await names.FindAsync(id, cancellationToken)
                )
            );
    }

    private static async Task<IResult> RespondAsync(
        TrackedCluster cluster,
        ClusterServices services,
        WorkflowServices workflows,
        CancellationToken cancellationToken,
        int status = StatusCodes.Status200OK,
        string? location = null
    )
    {
        var answer = await ResponseOfAsync(
            cluster,
            services,
            workflows,
            await workflows.BaselineAsync(cancellationToken),
            cancellationToken
        );
        return new Representation(JsonBody.Serialize(answer, ApiJson.Default.ClusterResponse)) { Status = status, Location = location };
    }

    private static async Task<ClusterResponse> ResponseOfAsync(
        TrackedCluster cluster,
        ClusterServices services,
        WorkflowServices workflows,
        Baseline baseline,
        CancellationToken cancellationToken
    )
    {
        var (workflow, unreadable) = cluster.CurrentWorkflowId is { } id
            ? await FindReadableAsync(id, workflows, cancellationToken)
            : default;
        // What the last scan called current may have ended, or have been untracked, since.
        var current =
            workflow is { Tracked: true, IsFinished: false } && workflow.Target.ClusterId == cluster.ClusterId
                ? workflows.Summarize(workflow, baseline)
                : null;
        return ClusterResponse.Of(cluster, current, unreadable, services.Time.GetUtcNow(), services.BetweenScans());
    }

    /// <summary>
    /// A workflow's row that cannot be read does not hide its cluster: the answer counts it, and GET of the workflow says what is wrong.
    /// </summary>
    private static async Task<(TrackedWorkflow? Workflow, bool Unreadable)> FindReadableAsync(
        string id,
        WorkflowServices workflows,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return (await workflows.FindAsync(id, cancellationToken), false);
        }
        catch (RowUnreadableException)
        {
            return (null, true);
        }
    }
}
