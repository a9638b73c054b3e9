using Autopilot.Core.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Autopilot.Api.Problems;

/// <summary>The problems that the endpoints themselves find.</summary>
internal static class KnownProblems
{
    /// <summary>Largest body, in bytes.</summary>
    public const int MaxBody = 64 * 1024;

    public static Problem InvalidWorkflowId() =>
        new(StatusCodes.Status400BadRequest, ProblemCode.InvalidWorkflowId, "Invalid workflow id", $"The workflow id in the path must be {ResourceId.Rule}.");

    public static Problem InvalidClusterId(string where) =>
        new(StatusCodes.Status400BadRequest, ProblemCode.InvalidClusterId, "Invalid cluster id", $"'clusterId' in the {where} must be {ResourceId.Rule}.");

    public static Problem InvalidProjectId() =>
        new(StatusCodes.Status400BadRequest, ProblemCode.InvalidProjectId, "Invalid project id", $"The project id in the path must be {ResourceId.Rule}.");

    /// <param name="name">The query parameter.</param>
    /// <param name="rule">What is allowed, as the end of "'name' must be …".</param>
    public static Problem InvalidParameter(string name, string rule) =>
        new(StatusCodes.Status400BadRequest, ProblemCode.InvalidParameter, "Invalid parameter", $"'{name}' must be {rule}.");

    public static Problem InvalidBody(string detail, int status = StatusCodes.Status400BadRequest) => new(status, ProblemCode.InvalidBody, "Invalid body", detail);

    public static Problem WorkflowNotFound(string id) =>
        new(StatusCodes.Status404NotFound, ProblemCode.WorkflowNotFound, "Workflow not found", $"Workflow '{id}' is not known here. PUT /api/workflows/{id} tracks it.");

    public static Problem ClusterNotFound(string id) =>
        new(StatusCodes.Status404NotFound, ProblemCode.ClusterNotFound, "Cluster not found", $"Cluster '{id}' is not discovered here. PUT /api/clusters/{id} begins that.");

    public static Problem ProjectNotFound(string id) =>
        new(StatusCodes.Status404NotFound, ProblemCode.ProjectNotFound, "Project not found", $"Project '{id}' is not discovered here. PUT /api/projects/{id} begins that.");

    public static Problem NotJson() => InvalidBody("The body must be JSON: send 'Content-Type: application/json'.", StatusCodes.Status415UnsupportedMediaType);

    public static Problem SnapshotNotFound(string id, long newest) =>
        new(
            StatusCodes.Status404NotFound,
            ProblemCode.SnapshotNotFound,
            "Snapshot not found",
            newest == 0 ? $"Workflow '{id}' has no states yet." : $"Workflow '{id}' has no state of this sequence; the newest is {newest}.");

    public static Problem WorkflowConflict(string detail) => new(StatusCodes.Status409Conflict, ProblemCode.WorkflowConflict, "Workflow conflict", detail);

    public static Problem NoWebhooks() =>
        new(StatusCodes.Status409Conflict, ProblemCode.NoWebhooks, "No webhooks", "No webhook is set, so there is nobody to tell: give Notifications:Webhooks:0:Url and restart.");

    public static Problem WebhookNotFound(IEnumerable<string> known) =>
        new(StatusCodes.Status404NotFound, ProblemCode.WebhookNotFound, "Webhook not found", $"No webhook has the name that 'webhook' gives; there are: {string.Join(", ", known)}.");

    public static Problem NotAcceptable(string offered) =>
        new(StatusCodes.Status406NotAcceptable, ProblemCode.NotAcceptable, "Not acceptable", $"This resource comes as {offered}; neither 'Accept' nor 'format' asked for that.");

    public static Problem QueryTooLong() =>
        new(
            StatusCodes.Status414UriTooLong,
            ProblemCode.QueryTooLong,
            "Query too long",
            $"A query may have at most {Requests.QueryLimit.MaxQuery} characters, and a parameter's name at most {Requests.QueryLimit.MaxValue}.");

    public static Problem PayloadTooLarge() =>
        new(StatusCodes.Status413PayloadTooLarge, ProblemCode.PayloadTooLarge, "Payload too large", $"A body may have at most {MaxBody} bytes.");

    /// <summary>The problem of an answer that has a status and nothing else: from routing, or from a head's gate.</summary>
    public static Problem OfStatus(int status, string method, string? allow) => status switch
    {
        StatusCodes.Status401Unauthorized => new(status, ProblemCode.Unauthorized, "Unauthorized", "No key was sent, or none that is known here: send one in the header 'x-functions-key' or as '?code='."),
        StatusCodes.Status403Forbidden => new(status, ProblemCode.Forbidden, "Forbidden", "This key may not do that: changing what is tracked needs a key that may manage."),
        StatusCodes.Status404NotFound => new(status, ProblemCode.NotFound, "Not found", "There is no such route. The API begins at /api/workflows."),
        StatusCodes.Status405MethodNotAllowed => new(
            status,
            ProblemCode.MethodNotAllowed,
            "Method not allowed",
            string.IsNullOrEmpty(allow) ? $"{method} is not allowed here." : $"{method} is not allowed here; allowed: {allow}."),
        StatusCodes.Status429TooManyRequests => new(status, ProblemCode.TooManyRequests, "Too many requests", "Wait for as long as 'Retry-After' says."),
        StatusCodes.Status413PayloadTooLarge => PayloadTooLarge(),
        _ => new(status, ReasonPhrases.GetReasonPhrase(status).Replace(" ", "", StringComparison.Ordinal) is { Length: > 0 } reason ? reason : "Error", ReasonPhrases.GetReasonPhrase(status), null),
    };
}
