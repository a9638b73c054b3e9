using Autopilot.Api.OpenApi;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Core.Tracking.Discovery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.Api.Clusters;

/// <summary>The routes of projects whose clusters are discovered.</summary>
internal static class ProjectsApi
{
    private static readonly BodyShape Body = new("TrackProject");

    public static IEndpointRouteBuilder MapProjectsApi(this IEndpointRouteBuilder api)
    {
        var projects = api.MapGroup("/projects");
        projects
            .MapMethods("", ReadMethods.All, ListAsync)
            .WithName("ListProjects")
            .Takes(PageParameters.All)
            .WithSummary("Projects whose clusters are discovered.")
            .Offers(Format.Json)
            .WithDescription("By id. A page is full or the last one.")
            .LimitedBy(ConcurrencyGroup.Lists)
            .Answers<ProjectPage>("A page of projects.");
        projects
            .MapMethods("/{projectId}", ReadMethods.All, GetAsync)
            .WithName("GetProject")
            .Takes(ParameterCatalog.PathProjectId)
            .WithSummary("One project.")
            .Offers(Format.Json)
            .Answers<ProjectResponse>("The project.")
            .Fails(400, ProblemCode.InvalidProjectId)
            .Fails(404, ProblemCode.ProjectNotFound)
            .Fails(500, ProblemCode.RowUnreadable);
        projects
            .MapPut("/{projectId}", TrackAsync)
            .WithName("TrackProject")
            .Takes(ParameterCatalog.PathProjectId)
            .WithSummary("Begins discovery of every cluster of a project, those to come included.")
            .Offers(Format.Json)
            .WithDescription("Its cluster list is read in the next cycle, and its clusters are scanned in the one after.")
            .TakesBody(Body)
            .Answers<ProjectResponse>("Its clusters are discovered from now on.", StatusCodes.Status201Created)
            .Answers<ProjectResponse>("It was known already.")
            .Fails(400, ProblemCode.InvalidProjectId, ProblemCode.InvalidBody)
            .Fails(409, ProblemCode.RowUnreadable)
            .Fails(415, ProblemCode.InvalidBody);
        projects
            .MapDelete("/{projectId}", UntrackAsync)
            .WithName("UntrackProject")
            .Takes(ParameterCatalog.PathProjectId)
            .WithSummary("Ends that, also for the clusters that came by it; their workflows stay tracked.")
            .AnswersNothing("Discovery has ended.")
            .Fails(400, ProblemCode.InvalidProjectId)
            .Fails(404, ProblemCode.ProjectNotFound);
        return api;
    }

    internal static async Task<IResult> ListAsync(
        [AsParameters] ClusterServices services,
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        if (!PageParameters.TryRead(ParameterValues.Of(request), out var asked, out var problem))
        {
            return new ProblemResult(problem!);
        }

        var page = await services.Clusters.ListProjectsAsync(asked.SizeOrDefault, asked.Token, cancellationToken);
        var nextLink = PageLink.Of(request, "/api/projects", page.ContinuationToken, asked.InLink);
        return new Representation(
            JsonBody.Serialize(
                new ProjectPage(
                    [.. page.Items.Select(project => Of(project, services))],
                    OptionalCount.Of(page.Unreadable),
                    page.Partial,
                    nextLink
                ),
                ApiJson.Default.ProjectPage
            )
        );
    }

    internal static async Task<IResult> GetAsync(
        string projectId,
        [AsParameters] ClusterServices services,
        CancellationToken cancellationToken
    )
    {
        if (!ParameterCatalog.PathProjectId.TryReadGiven(projectId, out var id, out var problem))
        {
            return new ProblemResult(problem!);
        }

        return await services.Clusters.FindProjectAsync(id, cancellationToken) is { } project
            ? Answer(project, services)
            : new ProblemResult(ProblemFactory.ProjectNotFound(id));
    }

    internal static async Task<IResult> TrackAsync(
        string projectId,
        HttpRequest request,
        [AsParameters] ClusterServices services,
        CancellationToken cancellationToken
    )
    {
        if (!ParameterCatalog.PathProjectId.TryReadGiven(projectId, out var id, out var problem))
        {
            return new ProblemResult(problem!);
        }

        var body = RequestBody.Of(request);
        if (!body.IsEmpty && !RequestBody.IsJson(request.ContentType))
        {
            return new ProblemResult(ProblemFactory.NotJson());
        }

        if (!Body.TryRead(body, out _, out problem))
        {
            return new ProblemResult(problem!);
        }

        var now = services.Time.GetUtcNow();
        var result = await services.Clusters.TrackProjectAsync(
            new TrackedProject
            {
                ProjectId = id,
                TrackedAt = now,
                NextListAt = now,
            },
            onlyIfUnknown: false,
            cancellationToken
        );
        return result.Status is DiscoveryTrackStatus.Created
            ? Answer(result.Row, services, StatusCodes.Status201Created, $"{request.PathBase.ToUriComponent()}/api/projects/{id}")
            : Answer(result.Row, services);
    }

    internal static async Task<IResult> UntrackAsync(
        string projectId,
        [AsParameters] ClusterServices services,
        CancellationToken cancellationToken
    )
    {
        if (!ParameterCatalog.PathProjectId.TryReadGiven(projectId, out var id, out var problem))
        {
            return new ProblemResult(problem!);
        }

        return await services.Clusters.UntrackProjectAsync(id, cancellationToken)
            ? TypedResults.NoContent()
            : new ProblemResult(ProblemFactory.NothingToDelete(ProblemCode.ProjectNotFound, "Project", id, "discovered"));
    }

    private static ProjectResponse Of(TrackedProject project, ClusterServices services) =>
        ProjectResponse.Of(project, services.Time.GetUtcNow(), services.BetweenProjectScans());

    private static Representation Answer(
        TrackedProject project,
        ClusterServices services,
        int status = StatusCodes.Status200OK,
        string? location = null
    ) => new(JsonBody.Serialize(Of(project, services), ApiJson.Default.ProjectResponse)) { Status = status, Location = location };
}
