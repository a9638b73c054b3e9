namespace Autopilot.Core.Rows;

/// <summary>What a row of the tables holds.</summary>
public enum StoredRowKind
{
    /// <summary>A workflow, active or finished.</summary>
    Workflow,

    /// <summary>One state of a workflow's history.</summary>
    History,

    /// <summary>A cluster whose workflows are discovered.</summary>
    Cluster,

    /// <summary>A project whose clusters are discovered.</summary>
    Project,

    /// <summary>The status of a shard's latest cycle.</summary>
    Board,

    /// <summary>A notification that waits for delivery.</summary>
    Notification,

    /// <summary>The record of a notification that was given up.</summary>
    UndeliveredNotification,

    /// <summary>A finished run, for reports.</summary>
    Run,

    /// <summary>What is normal, computed from the runs.</summary>
    Baseline,

    /// <summary>The record of the last retention run.</summary>
    Retention,
}
