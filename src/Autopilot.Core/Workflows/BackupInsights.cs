namespace Autopilot.Core.Workflows;

/// <summary>How old the latest backup is while the cluster stage waits for its start.</summary>
internal static class BackupInsights
{
    public const string Code = "LatestBackup";

    public static void Add(List<Insight> insights, WorkflowAnalysis analysis, Blockage? blockage)
    {
        if (
            LatestBackup.IsWanted(analysis, blockage)
            && analysis.Row.Backup is { At: { } at, AskedAt: { } asked }
            && Clocks.Length(at, asked) is { } age
        )
        {
            insights.Add(
                new Insight
                {
                    Code = Code,
                    Level = InsightLevel.Info,
                    Task = UpgradeTaskType.Snapshot,
                    Since = at,
                    Summary =
                        $"As of {HumanDuration.At(asked)}, the latest backup of the control plane was {HumanDuration.Of(age)} old, "
                        + $"from {HumanDuration.At(at)}.",
                    Remediation =
                        "Nothing has to be done: the cluster upgrade saves etcd by itself. A "
                        + "backup of the disks before it makes a rollback faster.",
                }
            );
        }
    }
}
