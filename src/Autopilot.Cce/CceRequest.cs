using Autopilot.Cce.Settings;
using Autopilot.Core.Workflows;

namespace Autopilot.Cce;

/// <summary>One GET: what it is called in metrics, where it goes, and how much it may answer.</summary>
/// <param name="Path">Encoded, below the prefix.</param>
/// <param name="Within">Longest time for a request of limited worth: one attempt, waiting for the rate limiter included. Null where the
/// options' times apply.</param>
internal sealed record CceRequest(string Operation, string ProjectId, string Path, int MaxBytes, TimeSpan? Within = null)
{
    /// <summary>
    /// Whether it reads a workflow, which everything else serves: only of this one does a missing route mean that the address is wrong.
    /// </summary>
    public bool IsMain => Operation == ShowWorkflowOperation;

    private const string ShowWorkflowOperation = "ShowWorkflow";

    /// <summary>What the reason for a failure is worth.</summary>
    private static readonly TimeSpan ForDetails = TimeSpan.FromSeconds(3);

    /// <summary>What follows the version in the prefix, such as <c>.1</c> of <c>/autopilot/v3.1</c>.</summary>
    public string VersionSuffix { get; private init; } = "";

    public const string ProjectHeader = "X-Project-Id";

    internal static readonly HttpRequestOptionsKey<CceRequest> Key = new("Autopilot.Cce.Request");

    public static CceRequest ShowWorkflow(string projectId, string clusterId, string workflowId, CceOptions options) =>
        new(
            ShowWorkflowOperation,
            projectId,
            $"{Cluster(projectId, clusterId)}/operation/upgradeworkflows/{Encode(workflowId)}",
            options.MaxAnswerBytes
        );

    public static CceRequest ListWorkflows(string projectId, string clusterId, CceOptions options) =>
        new("ListWorkflows", projectId, $"{Cluster(projectId, clusterId)}/operation/upgradeworkflows", options.MaxListBytes);

    public static CceRequest ListClusters(string projectId, CceOptions options) =>
        new("ListClusters", projectId, $"/projects/{Encode(projectId)}/clusters", options.MaxListBytes);

    public static CceRequest ShowCluster(string projectId, string clusterId, CceOptions options) =>
        new("ShowCluster", projectId, Cluster(projectId, clusterId), options.MaxAnswerBytes);

    /// <param name="kind"><c>precheck</c> or <c>upgrade</c>.</param>
    public static CceRequest ShowTask(string kind, WorkflowTarget target, string taskId, CceOptions options) =>
        new(
            $"Show{kind}Task",
            target.ProjectId,
            $"{Cluster(target.ProjectId, target.ClusterId)}/operation/{kind}/tasks/{Encode(taskId)}",
            options.MaxAnswerBytes,
            ForDetails
        );

    /// <summary>Backup tasks have a version of the API of their own, and no document about one task.</summary>
    public static CceRequest ListSnapshotTasks(string projectId, string clusterId, CceOptions options) =>
        new("ListSnapshotTasks", projectId, $"{Cluster(projectId, clusterId)}/operation/snapshot/tasks", options.MaxAnswerBytes, ForDetails)
        {
            VersionSuffix = ".1",
        };

    /// <summary>The request that a message carries out.</summary>
    public static CceRequest Of(HttpRequestMessage message) =>
        message.Options.TryGetValue(Key, out var request)
            ? request
            : throw new InvalidOperationException("The message carries no request.");

    /// <summary>The time that a message is worth, if only so much; null also of a message of another kind.</summary>
    public static TimeSpan? WithinOf(HttpRequestMessage message) =>
        message.Options.TryGetValue(Key, out var request) ? request.Within : null;

    public HttpRequestMessage ToMessage(CceConnection connection)
    {
        // The official pages call Content-Type mandatory, for GET too; HttpClient lets a header of content stand only on content, so there
        // is an empty one.
        var content = new ByteArrayContent([]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        var message = new HttpRequestMessage(HttpMethod.Get, new Uri(connection.Endpoint, connection.PathPrefix + VersionSuffix + Path))
        {
            Content = content,
        };
        message.Headers.TryAddWithoutValidation("Accept", "application/json");
        message.Headers.TryAddWithoutValidation("User-Agent", "Autopilot.Functions");
        // The language of upstream's words about failures; words in another one are kept as they come.
        message.Headers.TryAddWithoutValidation("X-Language", "en-us");
        message.Headers.TryAddWithoutValidation(ProjectHeader, ProjectId);
        message.Options.Set(Key, this);
        return message;
    }

    private static string Cluster(string projectId, string clusterId) => $"/projects/{Encode(projectId)}/clusters/{Encode(clusterId)}";

    // Uri.EscapeDataString keeps exactly what the signature's encoding keeps.
    private static string Encode(string piece) => Uri.EscapeDataString(piece);
}
