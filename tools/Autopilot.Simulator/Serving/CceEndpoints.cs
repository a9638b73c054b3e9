using System.Text.Json.Nodes;
using Autopilot.Simulator.Fleet;
using Autopilot.Simulator.Gateway;
using Autopilot.Simulator.Scenarios;

namespace Autopilot.Simulator.Serving;

/// <summary>CCE's read operations, for Autopilot clusters and under the prefix of standard ones.</summary>
internal sealed class CceEndpoints(World world, ServedLedger ledger, ListShape shape, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder routes, World world, ServedLedger ledger, ListShape shape, TimeProvider time)
    {
        var endpoints = new CceEndpoints(world, ledger, shape, time);
        foreach (var prefix in new[] { "/autopilot/v3", "/api/v3" })
        {
            var clusters = routes.MapGroup(prefix + "/projects/{project}/clusters");
            clusters.MapGet("", endpoints.ListClustersAsync);
            clusters.MapGet("/{cluster}", endpoints.ShowClusterAsync);
            clusters.MapGet("/{cluster}/operation/upgradeworkflows", endpoints.ListWorkflowsAsync);
            clusters.MapGet("/{cluster}/operation/upgradeworkflows/{workflow}", endpoints.ShowWorkflowAsync);
            routes.MapGet(prefix + ".1/projects/{project}/clusters/{cluster}/operation/snapshot/tasks", endpoints.ListSnapshotsAsync);
            clusters.MapGet(
                "/{cluster}/operation/precheck/tasks/{task}",
                context =>
                    endpoints.ShowTaskAsync(
                        context,
                        "PreCheck",
                        (workflow, task, course) => Documents.PreCheck(workflow, course.Shown(task))
                    )
            );
            clusters.MapGet(
                "/{cluster}/operation/upgrade/tasks/{task}",
                context => endpoints.ShowTaskAsync(context, "Cluster", Documents.Upgrade)
            );
        }
    }

    private async Task ListClustersAsync(HttpContext context)
    {
        var (project, now) = (Route(context, "project"), time.GetUtcNow());
        if (!world.HasProject(project))
        {
            await ForbiddenAsync(context);
            return;
        }

        var wanted = context.Request.Query["status"].ToString();
        var clusters =
            from cluster in world.Clusters
            where cluster.ProjectId == project
            orderby cluster.ClusterId
            let newest = NewestState(cluster, now)
            where wanted.Length == 0 || Documents.PhaseOfCluster(newest?.State) == wanted
            select (JsonNode)Documents.Cluster(cluster, newest, world.Origin);
        await context.JsonAsync(StatusCodes.Status200OK, Documents.List(new JsonArray([.. clusters])));
    }

    private async Task ShowClusterAsync(HttpContext context)
    {
        var (project, now) = (Route(context, "project"), time.GetUtcNow());
        if (!world.HasProject(project))
        {
            await ForbiddenAsync(context);
        }
        else if (world.Find(project, Route(context, "cluster")) is { } cluster)
        {
            await context.JsonAsync(StatusCodes.Status200OK, Documents.Cluster(cluster, NewestState(cluster, now), world.Origin));
        }
        else
        {
            await NotFoundAsync(context);
        }
    }

    private (SimulatedWorkflow Workflow, WorkflowState State)? NewestState(SimulatedCluster cluster, DateTimeOffset now) =>
        world.InCluster(cluster.ProjectId, cluster.ClusterId, now) is [var newest, ..] ? newest : null;

    private async Task ListWorkflowsAsync(HttpContext context)
    {
        if (await FindClusterAsync(context) is not { } workflows)
        {
            return;
        }

        var shown = shape switch
        {
            ListShape.Array => workflows,
            ListShape.Object => [.. workflows.Take(1)],
            _ => [],
        };
        JsonNode[] documents = [.. shown.Select(found => Serve(context, found.Workflow, found.State))];
        JsonNode? items = shape switch
        {
            ListShape.Array => new JsonArray(documents),
            ListShape.Object => documents.FirstOrDefault(),
            _ => null,
        };
        await context.JsonAsync(StatusCodes.Status200OK, Documents.List(items, shape != ListShape.Absent));
    }

    private async Task ShowWorkflowAsync(HttpContext context)
    {
        if (await FindClusterAsync(context) is not { } workflows)
        {
            return;
        }

        var found = workflows.FirstOrDefault(known => known.Workflow.Id == Route(context, "workflow"));
        if (found.Workflow is null)
        {
            await NotFoundAsync(context);
        }
        else
        {
            await context.JsonAsync(StatusCodes.Status200OK, Serve(context, found.Workflow, found.State));
        }
    }

    private async Task ShowTaskAsync(HttpContext context, string type, Func<SimulatedWorkflow, TaskState, TaskCourse, JsonObject> document)
    {
        if (await FindClusterAsync(context) is not { } workflows)
        {
            return;
        }

        foreach (var (workflow, state) in workflows)
        {
            if (!state.Tasks.TryGetValue(Route(context, "task"), out var task) || task.Type != type)
            {
                continue;
            }

            var course = TaskCourse.Of(task, world.StatesOf(workflow.Id), time.GetUtcNow());
            await context.JsonAsync(StatusCodes.Status200OK, document(workflow, task, course));
            return;
        }

        await NotFoundAsync(context);
    }

    private async Task ListSnapshotsAsync(HttpContext context)
    {
        if (await FindClusterAsync(context) is { } workflows)
        {
            await context.JsonAsync(
                StatusCodes.Status200OK,
                Documents.Snapshots([.. workflows.SelectMany(known => known.State.Tasks.Values)], world.Origin)
            );
        }
    }

    /// <summary>The workflows of the route's cluster now; null when that has been refused already.</summary>
    private async Task<IReadOnlyList<(SimulatedWorkflow Workflow, WorkflowState State)>?> FindClusterAsync(HttpContext context)
    {
        var (project, cluster) = (Route(context, "project"), Route(context, "cluster"));
        if (!world.HasProject(project))
        {
            await ForbiddenAsync(context);
        }
        else if (world.InCluster(project, cluster, time.GetUtcNow()) is { } workflows)
        {
            return workflows;
        }
        else
        {
            await NotFoundAsync(context);
        }

        return null;
    }

    private JsonObject Serve(HttpContext context, SimulatedWorkflow workflow, WorkflowState state)
    {
        var byToken = context.Request.Headers.ContainsKey("X-Auth-Token");
        var delivered = ledger.Record(workflow.Id, state.Version, state.What, time.GetUtcNow(), byToken);
        context.Response.OnCompleted(() =>
        {
            if (!context.RequestAborted.IsCancellationRequested)
            {
                delivered();
            }

            return Task.CompletedTask;
        });
        return Documents.Workflow(workflow, state, CreatedAt(workflow));
    }

    private DateTimeOffset CreatedAt(SimulatedWorkflow workflow) => world.StatesOf(workflow.Id)[0].At;

    private static string Route(HttpContext context, string name) => context.GetRouteValue(name) as string ?? "";

    private static Task NotFoundAsync(HttpContext context) =>
        context.CceErrorAsync(StatusCodes.Status404NotFound, "CCE.01404001", "Resource not found.");

    private static Task ForbiddenAsync(HttpContext context) =>
        context.CceErrorAsync(StatusCodes.Status403Forbidden, "CCE.01403001", "Forbidden.");
}
