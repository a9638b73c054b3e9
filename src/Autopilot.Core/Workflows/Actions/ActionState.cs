namespace Autopilot.Core.Workflows.Actions;

/// <summary>How an upgrade stands, as far as it decides what may be done: the rows of the <see cref="ActionTable"/>.</summary>
internal enum ActionState
{
    /// <summary>Not read yet.</summary>
    Unread,

    /// <summary>Upstream no longer knows the workflow.</summary>
    Gone,

    /// <summary>The phase is <c>Success</c>.</summary>
    Succeeded,

    /// <summary>The phase is <c>Cancel</c>.</summary>
    Cancelled,

    /// <summary>A rollback that came last is under way.</summary>
    RollingBack,

    /// <summary>A rollback that came last has ended, in success or failure.</summary>
    AfterRollback,

    /// <summary>The cluster stage runs or is queued.</summary>
    ClusterUnderWay,

    /// <summary>The cluster stage is paused.</summary>
    ClusterPaused,

    /// <summary>The post-check is under way, and the cluster stage is not.</summary>
    PostCheckUnderWay,

    /// <summary>The pre-check is under way, and no later stage is.</summary>
    PreCheckUnderWay,

    /// <summary>The snapshot is under way, and no other stage is.</summary>
    SnapshotUnderWay,

    /// <summary>Only a task of a type that this version does not know is under way.</summary>
    OtherUnderWay,

    /// <summary>The cluster stage failed.</summary>
    ClusterFailed,

    /// <summary>The cluster stage failed, and so did a pre-check that was run after it.</summary>
    PreCheckFailedAfterCluster,

    /// <summary>The cluster is on the new version, and the post-check has not been run since.</summary>
    UpgradeDone,

    /// <summary>The cluster is on the new version, and the post-check failed.</summary>
    PostCheckFailed,

    /// <summary>The cluster is on the new version and confirmed, or has no post-check; upstream has not ended the workflow.</summary>
    Confirmed,

    /// <summary>The pre-check has not been run, or shows no result.</summary>
    PreCheckDue,

    /// <summary>The pre-check failed before any later stage.</summary>
    PreCheckFailed,

    /// <summary>The pre-check passed, and its result has expired.</summary>
    PreCheckExpired,

    /// <summary>The pre-check passed, and a snapshot failed after it.</summary>
    SnapshotFailed,

    /// <summary>The pre-check passed, or was passed over, and a snapshot on the path comes next.</summary>
    SnapshotDue,

    /// <summary>The pre-check passed, and its result is valid: the cluster stage comes next.</summary>
    PreCheckPassed,

    /// <summary>The pre-check did not pass, but a later stage than it has started: the cluster stage comes next.</summary>
    PreCheckPassedOver,

    /// <summary>A task of a type that this version does not know failed or comes next.</summary>
    OtherDue,

    /// <summary>The phase is <c>Pending</c>, which means that a task failed, and no failed task explains it.</summary>
    PendingWithoutFailure,

    /// <summary>Statuses or versions that leave open how the upgrade stands.</summary>
    Undetermined,
}
