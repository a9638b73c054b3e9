using Autopilot.Api.Requests;
using Autopilot.Core.Listing;
using Autopilot.Core.Rows;
using Autopilot.Core.Settings;
using Autopilot.Core.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Autopilot.Api.Problems;

/// <summary>The problems that the endpoints themselves find.</summary>
internal static class ProblemFactory
{
    /// <summary>Largest body, in bytes.</summary>
    public const int MaxBody = 64 * 1024;

    private static readonly TimeSpan BusyRetry = TimeSpan.FromSeconds(5);

    /// <summary>Between two looks of a caller that finds no place to wait: it polls in this rhythm instead.</summary>
    private static readonly TimeSpan WaitRetry = TimeSpan.FromSeconds(30);

    /// <summary>Of a route that reads: its path takes a cluster's name, too.</summary>
    public static Problem InvalidWorkflowReference() =>
        new(
            StatusCodes.Status400BadRequest,
            ProblemCode.InvalidWorkflowId,
            "Invalid workflow id",
            $"The workflow id in the path must be {ResourceId.Rule}, or the name of its cluster in {ClusterName.Rule}."
        );

    public static Problem InvalidWorkflowId() =>
        new(
            StatusCodes.Status400BadRequest,
            ProblemCode.InvalidWorkflowId,
            "Invalid workflow id",
            $"The workflow id in the path must be {ResourceId.Rule}."
        );

    public static Problem InvalidClusterId(string where) =>
        new(
            StatusCodes.Status400BadRequest,
            ProblemCode.InvalidClusterId,
            "Invalid cluster id",
            $"'clusterId' in the {where} must be {ResourceId.Rule}."
        );

    /// <summary>A cluster's name where only an id may stand: it would be tracked as a cluster that upstream does not know.</summary>
    /// <param name="where">Where it stands, such as <c>body</c>.</param>
    /// <param name="clusters">At least one that has the name.</param>
    public static Problem NameForClusterId(string where, string text, IReadOnlyList<NamedCluster> clusters) =>
        new(
            StatusCodes.Status400BadRequest,
            ProblemCode.InvalidClusterId,
            "Invalid cluster id",
            $"'{text}' in the {where} is the name of "
                + (clusters.Count == 1 ? $"cluster {clusters[0].ClusterId}" : $"{clusters.Count} clusters")
                + ": give the id, since what is tracked is named by ids only."
        );

    /// <param name="name">A parameter of the query that takes a cluster's id or name.</param>
    public static Problem InvalidClusterReference(string name) =>
        new(
            StatusCodes.Status400BadRequest,
            ProblemCode.InvalidClusterId,
            "Invalid cluster id",
            $"'{name}' in the query must be {ResourceId.Rule}, or a cluster's name in {ClusterName.Rule}."
        );

    /// <summary>Of a route that reads: its path takes a cluster's name, too.</summary>
    public static Problem InvalidClusterReference() =>
        new(
            StatusCodes.Status400BadRequest,
            ProblemCode.InvalidClusterId,
            "Invalid cluster id",
            $"The cluster in the path must be named by its id, {ResourceId.Rule}, or by its name, {ClusterName.Rule}."
        );

    public static Problem InvalidProjectId() =>
        new(
            StatusCodes.Status400BadRequest,
            ProblemCode.InvalidProjectId,
            "Invalid project id",
            $"The project id in the path must be {ResourceId.Rule}."
        );

    /// <param name="name">The query parameter.</param>
    /// <param name="rule">What is allowed, as the end of "'name' must be …".</param>
    public static Problem InvalidParameter(string name, string rule) =>
        new(StatusCodes.Status400BadRequest, ProblemCode.InvalidParameter, "Invalid parameter", $"'{name}' must be {rule}.");

    /// <param name="name">What the query holds.</param>
    /// <param name="known">What the operation takes.</param>
    public static Problem UnknownParameter(string name, IReadOnlyList<string> known)
    {
        var shown = ForeignText.OneLine(name, 64);
        return new(
            StatusCodes.Status400BadRequest,
            ProblemCode.InvalidParameter,
            "Invalid parameter",
            known.Count == 0
                ? $"'{shown}' is not a parameter of this operation, which takes none."
                : $"'{shown}' is not a parameter of this operation"
                    + $"{(Meant(name, known) is { } nearest ? $"; the nearest is '{nearest}'" : "")}. It takes: {string.Join(", ", known)}."
        );
    }

    /// <summary>
    /// The parameter that a misspelt one was probably meant to be: one begins with the other, or at most a third of the letters differ.
    /// Null where none is so near: another one would lead astray.
    /// </summary>
    private static string? Meant(string name, IReadOnlyList<string> known)
    {
        var given = name.Trim();
        return NearestName.Of(given, known, Math.Max(1, given.Length / 3))
            ?? (given.Length < 3 ? null : NearestName.Of(given, known.Where(one => IsPart(one, given) || IsPart(given, one))));

        static bool IsPart(string part, string whole) => part.Length > 2 && whole.StartsWith(part, StringComparison.OrdinalIgnoreCase);
    }

    public static Problem InvalidBody(string detail, int status = StatusCodes.Status400BadRequest) =>
        new(status, ProblemCode.InvalidBody, "Invalid body", detail);

    public static Problem WorkflowNotFound(string id) =>
        new(
            StatusCodes.Status404NotFound,
            ProblemCode.WorkflowNotFound,
            "Workflow not found",
            $"Workflow '{id}' is not known here. PUT /api/workflows/{id} tracks it."
        );

    /// <summary>Of a <c>DELETE</c>. It may have been given the name of a cluster, so that nothing may advise to <c>PUT</c> it.</summary>
    /// <param name="idOf">Which id a cluster has to offer instead; null where it has none.</param>
    /// <param name="clusters">Those that have this name or id.</param>
    public static Problem NothingToDelete(
        string code,
        string kind,
        string id,
        string state,
        Func<NamedCluster, string?>? idOf = null,
        IReadOnlyList<NamedCluster>? clusters = null
    )
    {
        var instead = (clusters ?? []).Where(cluster => idOf?.Invoke(cluster) is { } other && other != id).Take(10).ToList();
        return new(
            StatusCodes.Status404NotFound,
            code,
            $"{kind} not found",
            $"{kind} '{id}' is not {state} here, so there is nothing to delete. DELETE takes ids only, and no name of a cluster."
                + string.Concat(
                    instead.Select(cluster =>
                        $" If you mean the {(kind == "Cluster" ? "cluster" : "upgrade of cluster")} {Shown(cluster)}, the id is "
                        + $"{idOf!(cluster)}."
                    )
                )
        );
    }

    /// <summary>Of what may be a workflow's id or a cluster's name, and is neither here.</summary>
    /// <param name="text">As it was given.</param>
    /// <param name="id">The same as an id; null where it cannot be one.</param>
    public static Problem NothingNamed(string text, string? id) =>
        new(
            StatusCodes.Status404NotFound,
            ProblemCode.WorkflowNotFound,
            "Workflow not found",
            $"No workflow that is known here has the id '{text}', and no cluster the name. GET /api/workflows lists what is known."
                + (id is null ? "" : $" If it is the id of an upgrade workflow, PUT /api/workflows/{id} tracks it.")
        );

    /// <param name="cluster">It was found by its name or id, and no upgrade of it is known.</param>
    public static Problem NoUpgrade(NamedCluster cluster) =>
        new(
            StatusCodes.Status404NotFound,
            ProblemCode.WorkflowNotFound,
            "Workflow not found",
            $"No upgrade of cluster {Shown(cluster)} is known here. GET /api/clusters/{cluster.ClusterId} says whether its upgrades "
                + "are discovered."
        );

    public static Problem AmbiguousCluster(string name, IReadOnlyList<NamedCluster> clusters) =>
        new(
            StatusCodes.Status409Conflict,
            ProblemCode.AmbiguousCluster,
            "Ambiguous cluster",
            $"{clusters.Count} clusters have the name '{name}': "
                + $"{string.Join(", ", clusters.Take(10).Select(WithUpgrade))}{(clusters.Count > 10 ? ", …" : "")}. Use "
                + "the id instead."
        )
        {
            Candidates = [.. clusters.Select(ClusterCandidate.Of)],
        };

    private static string WithUpgrade(NamedCluster cluster) =>
        cluster.WorkflowId is { } upgrade
            ? $"{cluster.ClusterId} ({(cluster.IsActive ? "" : "ended or untracked ")}upgrade {upgrade})"
            : cluster.ClusterId;

    /// <summary>A cluster's id as the id of a workflow: it would be tracked as a workflow that upstream does not know.</summary>
    public static Problem ClusterForWorkflowId(string id) =>
        new(
            StatusCodes.Status400BadRequest,
            ProblemCode.InvalidWorkflowId,
            "Invalid workflow id",
            $"'{id}' is the id of a cluster, and no upgrade workflow has it. GET /api/workflows?cluster={id} lists the upgrades that are "
                + $"known of the cluster; PUT /api/clusters/{id} discovers them."
        );

    /// <summary>A workflow's id as the id of a cluster: it would be tracked as a cluster that upstream does not know.</summary>
    public static Problem WorkflowForClusterId(WorkflowTarget workflow) =>
        new(
            StatusCodes.Status400BadRequest,
            ProblemCode.InvalidClusterId,
            "Invalid cluster id",
            $"'{workflow.WorkflowId}' is the id of an upgrade workflow, whose cluster is {workflow.ClusterId}: PUT "
                + $"/api/clusters/{workflow.ClusterId} discovers the upgrades of that."
        );

    /// <summary>The same where a cluster is asked for.</summary>
    public static Problem WorkflowInPlaceOfCluster(WorkflowTarget workflow) =>
        new(
            StatusCodes.Status404NotFound,
            ProblemCode.ClusterNotFound,
            "Cluster not found",
            $"'{workflow.WorkflowId}' is the id of an upgrade workflow, whose cluster is {workflow.ClusterId}: ask for that."
        );

    /// <summary>A <c>PUT</c> of a known workflow with other ids.</summary>
    public static Problem OtherCluster(WorkflowTarget known, WorkflowTarget requested) =>
        WorkflowConflict(
            $"Workflow '{known.WorkflowId}' is known under cluster '{known.ClusterId}' of project '{known.ProjectId}'. "
                + (
                    known.ClusterId == requested.ClusterId
                        ? $"Give 'projectId' as '{known.ProjectId}', or leave it out. "
                        : $"Give 'clusterId' as '{known.ClusterId}', and leave 'projectId' out. "
                )
                + $"Only if those are wrong: DELETE /api/workflows/{known.WorkflowId}?purge=true deletes the workflow with its whole "
                + "history, so that it can be tracked under other ids."
        );

    /// <summary>Of a cluster that was found by its name and is not discovered.</summary>
    public static Problem ClusterNotDiscovered(NamedCluster cluster) =>
        new(
            StatusCodes.Status404NotFound,
            ProblemCode.ClusterNotFound,
            "Cluster not found",
            $"Cluster {Shown(cluster)} is not discovered here. PUT /api/clusters/{cluster.ClusterId} begins that; GET "
                + $"/api/workflows?cluster={cluster.ClusterId} lists its upgrades."
        );

    /// <summary>Of what may be an id or a name, and is neither here.</summary>
    public static Problem NoClusterNamed(string text) =>
        new(
            StatusCodes.Status404NotFound,
            ProblemCode.ClusterNotFound,
            "Cluster not found",
            $"No cluster that is known here has the id or the name '{text}'. GET /api/clusters lists those that are discovered; PUT "
                + "begins that by the cluster's id."
        );

    private static string Shown(NamedCluster cluster) =>
        cluster.Name is null ? $"'{cluster.ClusterId}'" : $"'{cluster.Name}' ({cluster.ClusterId})";

    public static Problem ClusterNotFound(string id) =>
        new(
            StatusCodes.Status404NotFound,
            ProblemCode.ClusterNotFound,
            "Cluster not found",
            $"Cluster '{id}' is not discovered here. PUT /api/clusters/{id} begins that."
        );

    public static Problem ProjectNotFound(string id) =>
        new(
            StatusCodes.Status404NotFound,
            ProblemCode.ProjectNotFound,
            "Project not found",
            $"Project '{id}' is not discovered here. PUT /api/projects/{id} begins that."
        );

    public static Problem NotJson() =>
        InvalidBody("The body must be JSON: send 'Content-Type: application/json'.", StatusCodes.Status415UnsupportedMediaType);

    public static Problem SnapshotNotFound(string id, long newest) =>
        new(
            StatusCodes.Status404NotFound,
            ProblemCode.SnapshotNotFound,
            "Snapshot not found",
            newest == 0 ? $"Workflow '{id}' has no states yet." : $"Workflow '{id}' has no state of this sequence; the newest is {newest}."
        );

    public static Problem WorkflowConflict(string detail) =>
        new(StatusCodes.Status409Conflict, ProblemCode.WorkflowConflict, "Workflow conflict", detail);

    public static Problem NoWebhooks() =>
        new(
            StatusCodes.Status409Conflict,
            ProblemCode.NoWebhooks,
            "No webhooks",
            "No webhook is set: set Notifications:Webhooks:0:Url and restart."
        );

    public static Problem WebhookNotFound(IEnumerable<string> known) =>
        new(
            StatusCodes.Status404NotFound,
            ProblemCode.WebhookNotFound,
            "Webhook not found",
            $"No webhook has the name that 'webhook' gives; there are: {string.Join(", ", known)}."
        );

    public static Problem NotAcceptable(string offered) =>
        new(
            StatusCodes.Status406NotAcceptable,
            ProblemCode.NotAcceptable,
            "Not acceptable",
            $"This resource comes as {offered}; neither 'Accept' nor 'format' asked for that."
        );

    /// <param name="changes">Whether the request was to change the row: one of a newer version is a conflict then, and never
    /// replaced.</param>
    public static Problem RowUnreadable(RowUnreadableException exception, bool changes) =>
        new(
            changes && exception.Row.IsFromNewerVersion ? StatusCodes.Status409Conflict : StatusCodes.Status500InternalServerError,
            ProblemCode.RowUnreadable,
            "Stored row unreadable",
            $"{exception.Message} {WayOut(exception.Row)}"
        )
        {
            Row = ProblemRow.Of(exception.Row),
        };

    private static string WayOut(UnreadableRow row) =>
        row switch
        {
            { IsFromNewerVersion: true } =>
                "A newer version wrote it, and this version does not replace it: upgrade this one, or ask the newer one.",
            { Kind: StoredRowKind.Workflow, Id: { } id } =>
                $"It is damaged. PUT /api/workflows/{id} replaces it by a fresh row that goes on behind the newest state of its "
                    + $"history; DELETE /api/workflows/{id} removes it, with purge=true the history too.",
            { Kind: StoredRowKind.History, Id: { } id } =>
                $"It is damaged, and the other states are not. DELETE /api/workflows/{id}?purge=true removes the whole history.",
            { Kind: StoredRowKind.Cluster, Id: { } id } =>
                $"It is damaged. PUT /api/clusters/{id} replaces it by a fresh row; DELETE /api/clusters/{id} removes it.",
            { Kind: StoredRowKind.Project, Id: { } id } =>
                $"It is damaged. PUT /api/projects/{id} replaces it by a fresh row; DELETE /api/projects/{id} removes it.",
            _ => "It is damaged. Delete it in the table; what it held is made again where that is possible.",
        };

    public static Problem QueryTooLong() =>
        new(
            StatusCodes.Status414UriTooLong,
            ProblemCode.QueryTooLong,
            "Query too long",
            $"A query may have at most {Requests.QueryLimit.MaxQuery} characters, and a parameter's name at most "
                + $"{Requests.QueryLimit.MaxValue}."
        );

    public static Problem PayloadTooLarge() =>
        new(
            StatusCodes.Status413PayloadTooLarge,
            ProblemCode.PayloadTooLarge,
            "Payload too large",
            $"A body may have at most {MaxBody} bytes."
        );

    public static Problem Busy(ConcurrencyGroup lane) =>
        new(
            StatusCodes.Status503ServiceUnavailable,
            ProblemCode.ServiceUnavailable,
            "Service unavailable",
            $"{ResponseConcurrencyLimiter.Limits[lane].AtOnce} answers of this kind are being made, which is the most at a time. Try "
                + "again shortly."
        )
        {
            RetryAfter = lane is ConcurrencyGroup.Waits ? WaitRetry : BusyRetry,
        };

    public static Problem PollAllForbidden() =>
        new(
            StatusCodes.Status403Forbidden,
            ProblemCode.Forbidden,
            "Forbidden",
            "This key may poll what is due: add due=true. POST /api/workflows/{id or name of its cluster}/poll reads one upgrade. A "
                + "poll of everything needs a key that may manage, or Server:ReadersMayPollAll."
        );

    public static Problem PolledAlready(TimeSpan wait) =>
        new(
            StatusCodes.Status429TooManyRequests,
            ProblemCode.TooManyRequests,
            "Too many requests",
            "What is due was polled on request within this tick of the schedule. Wait for as long as 'Retry-After' says, or use a "
                + "key that may manage."
        )
        {
            RetryAfter = wait,
        };

    /// <summary>The problem of a response that has only a status: from routing, or from a host's authorization.</summary>
    public static Problem OfStatus(int status, string method, string? allow) =>
        status switch
        {
            StatusCodes.Status401Unauthorized => new(
                status,
                ProblemCode.Unauthorized,
                "Unauthorized",
                "No key was sent, or none that is known here: send one in the header 'x-functions-key' or as '?code='."
            ),
            StatusCodes.Status403Forbidden => new(
                status,
                ProblemCode.Forbidden,
                "Forbidden",
                "This key may not do that: changing what is tracked needs a key that may manage."
            ),
            StatusCodes.Status404NotFound => new(
                status,
                ProblemCode.NotFound,
                "Not found",
                "There is no such route. The API begins at /api/workflows."
            ),
            StatusCodes.Status405MethodNotAllowed => new(
                status,
                ProblemCode.MethodNotAllowed,
                "Method not allowed",
                string.IsNullOrEmpty(allow) ? $"{method} is not allowed here." : $"{method} is not allowed here; allowed: {allow}."
            ),
            StatusCodes.Status429TooManyRequests => new(
                status,
                ProblemCode.TooManyRequests,
                "Too many requests",
                "Wait for as long as 'Retry-After' says."
            ),
            StatusCodes.Status413PayloadTooLarge => PayloadTooLarge(),
            _ => new(
                status,
                ReasonPhrases.GetReasonPhrase(status).Replace(" ", "", StringComparison.Ordinal) is { Length: > 0 } reason
                    ? reason
                    : "Error",
                ReasonPhrases.GetReasonPhrase(status),
                null
            ),
        };
}
