namespace Autopilot.Core.Tracking;

/// <summary>One shard as a cycle reads it.</summary>
/// <param name="Workflows">Its active rows.</param>
/// <param name="Status">Null before the first cycle.</param>
public sealed record ShardContents(IReadOnlyList<Workflows.TrackedWorkflow> Workflows, ShardStatus? Status)
{
    /// <summary>The clusters whose workflows are discovered.</summary>
    public IReadOnlyList<Discovery.TrackedCluster> Clusters { get; init; } = [];

    /// <summary>Rows among these that cannot be read, and are left out.</summary>
    public int Unreadable { get; init; }

    /// <summary>The projects whose clusters are discovered.</summary>
    public IReadOnlyList<Discovery.TrackedProject> Projects { get; init; } = [];

    /// <summary>
    /// What it holds of some clusters, without the shard status and without projects. Rows that cannot be read may be theirs: all are
    /// counted.
    /// </summary>
    /// <param name="clusterIds">Their ids.</param>
    public ShardContents Of(IReadOnlySet<string> clusterIds) =>
        new([.. Workflows.Where(workflow => clusterIds.Contains(workflow.Target.ClusterId))], null)
        {
            Clusters = [.. Clusters.Where(cluster => clusterIds.Contains(cluster.ClusterId))],
            Unreadable = Unreadable,
        };
}
