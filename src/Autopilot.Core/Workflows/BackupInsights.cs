namespace Autopilot.Core.Workflows;

/// <summary>How old the latest backup is while the cluster stage waits for its start.</summary>
internal static class BackupInsights
{
    public const string Code = "LatestBackup";

    public static void Add(List<Insight> insights, WorkflowAnalysis analysis, Blockage? blockage)
    {
        if (
            blockage is { Reason: BlockingReason.AwaitingStart }
            && blockage.Task.Type == UpgradeTaskType.Cluster
            && !analysis.IsGone
            && analysis.Row.Backup is { At: { } at }
            && Clocks.Length(at, analysis.AsOf) is { } age
        )
        {
            insights.Add(
                new Insight
                {
                    Code = Code,
                    Level = InsightLevel.Info,
                    Task = UpgradeTaskType.Snapshot,
                    Since = at,
                    Summary = $"The latest backup of the control plane is {HumanDuration.Of(age)} old, from {HumanDuration.At(at)}.",
                    Remediation =
                        "Nothing has to be done: the cluster upgrade saves etcd by itself. A "
                        + "backup of the disks before it makes a rollback faster.",
                }
            );
        }
    }
}
