namespace Autopilot.Core.Workflows;

/// <summary>One state of an upgrade workflow, normalized from what one response of upstream's showed.</summary>
public sealed record UpgradeWorkflow
{
    /// <summary>The workflow's id as upstream gives it (<c>metadata.uid</c>), or null when the document carries none.</summary>
    public string? Id { get; init; }

    /// <summary>The cluster's id (<c>spec.clusterID</c>), when the document carries it.</summary>
    public string? ClusterId { get; init; }

    /// <summary>Version upgraded from, such as <c>v1.28.6-r0</c> (<c>spec.clusterVersion</c>).</summary>
    public string? FromVersion { get; init; }

    /// <summary>Version upgraded to (<c>spec.targetVersion</c>).</summary>
    public string? TargetVersion { get; init; }

    /// <summary>Phase as upstream says it; empty when the document carries none.</summary>
    public WorkflowPhase Phase { get; init; }

    /// <summary>When the workflow was created upstream (<c>metadata.creationTimestamp</c>), UTC.</summary>
    public DateTimeOffset? CreatedAt
    {
        get;
        init => field = Clocks.Plausible(value);
    }

    /// <summary>Upstream's <c>pointStatuses</c>, in the array's own order, which promises nothing. Two of one type are possible.</summary>
    public IReadOnlyList<UpgradeTask> Tasks
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Upstream's <c>lineStatuses</c>, in the array's own order.</summary>
    public IReadOnlyList<TaskDependency> Dependencies
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>
    /// Tasks that earlier states showed and this one does not; null when none. Set by tracking, as one document alone cannot show it.
    /// </summary>
    public IReadOnlyList<MissingTask>? Missing { get; init; }

    /// <summary>Times that were given but could not be read; each becomes an insight.</summary>
    public IReadOnlyList<UnreadableTime> UnreadableTimes
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>
    /// How many points and lines the document shows beyond the first <see cref="WorkflowDocument.MaxEntries"/> of each, which are not kept;
    /// null when none.
    /// </summary>
    public int? LeftOut { get; init; }
}
