namespace Autopilot.Api.Problems;

/// <summary>
/// The stable <c>code</c> of every problem the API answers with. Clients branch on these; a name never changes its meaning.
/// </summary>
public static class ProblemCode
{
    public const string InvalidWorkflowId = nameof(InvalidWorkflowId);
    public const string InvalidClusterId = nameof(InvalidClusterId);
    public const string InvalidProjectId = nameof(InvalidProjectId);
    public const string InvalidParameter = nameof(InvalidParameter);
    public const string InvalidBody = nameof(InvalidBody);
    public const string WorkflowNotFound = nameof(WorkflowNotFound);
    public const string WorkflowConflict = nameof(WorkflowConflict);
    public const string ClusterNotFound = nameof(ClusterNotFound);

    /// <summary>Several clusters have the name that was given: <c>candidates</c> has them.</summary>
    public const string AmbiguousCluster = nameof(AmbiguousCluster);

    public const string ProjectNotFound = nameof(ProjectNotFound);
    public const string SnapshotNotFound = nameof(SnapshotNotFound);

    /// <summary>A test of notifications where no webhook is set.</summary>
    public const string NoWebhooks = nameof(NoWebhooks);

    public const string WebhookNotFound = nameof(WebhookNotFound);

    /// <summary>No such route.</summary>
    public const string NotFound = nameof(NotFound);

    public const string MethodNotAllowed = nameof(MethodNotAllowed);
    public const string NotAcceptable = nameof(NotAcceptable);
    public const string PayloadTooLarge = nameof(PayloadTooLarge);
    public const string QueryTooLong = nameof(QueryTooLong);
    public const string Unauthorized = nameof(Unauthorized);
    public const string Forbidden = nameof(Forbidden);

    /// <summary>Server host: this key has used up its requests of the minute.</summary>
    public const string TooManyRequests = nameof(TooManyRequests);

    /// <summary>Upstream cannot be reached, or fails.</summary>
    public const string UpstreamUnavailable = nameof(UpstreamUnavailable);

    /// <summary>Upstream refuses our credentials, our endpoint or the request.</summary>
    public const string UpstreamRejected = nameof(UpstreamRejected);

    /// <summary>Upstream's answer cannot be read, or is too large.</summary>
    public const string UpstreamInvalid = nameof(UpstreamInvalid);

    public const string UpstreamThrottled = nameof(UpstreamThrottled);
    public const string StorageUnavailable = nameof(StorageUnavailable);

    /// <summary>
    /// A stored row cannot be read: it is damaged, or a newer version wrote it. Readiness: some cannot, which is no reason not to be ready.
    /// </summary>
    public const string RowUnreadable = nameof(RowUnreadable);

    /// <summary>The process is stopping, or makes as many expensive answers as it may at a time.</summary>
    public const string ServiceUnavailable = nameof(ServiceUnavailable);

    /// <summary>A defect of ours. The log has it under the trace id.</summary>
    public const string InternalError = nameof(InternalError);

    /// <summary>Readiness only: no cycle has completed since the app was first deployed.</summary>
    public const string NoCycleYet = nameof(NoCycleYet);

    /// <summary>Readiness only, and no reason not to be ready: a webhook does not take notifications.</summary>
    public const string WebhookFailing = nameof(WebhookFailing);

    /// <summary>Readiness only: shards have not completed a cycle for three intervals.</summary>
    public const string CycleOverdue = nameof(CycleOverdue);
}
