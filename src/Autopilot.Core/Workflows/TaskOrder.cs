namespace Autopilot.Core.Workflows;

/// <summary>
/// The usual order of task types: PreCheck, Snapshot, Cluster, PostCheck, Rollback, then unknown types. Unknown ones go by name, as the
/// order of upstream's arrays promises nothing and must change nothing.
/// </summary>
internal static class TaskOrder
{
    /// <summary>Less than 0 when <paramref name="x"/> usually comes first.</summary>
    public static int Compare(UpgradeTaskType x, UpgradeTaskType y)
    {
        var order = Rank(x).CompareTo(Rank(y));
        return order != 0 ? order : string.CompareOrdinal(x.Value, y.Value);
    }

    /// <summary>
    /// By type. Of two points of one type the one that counts comes last. The later start counts, then the one under way, then the later
    /// end, then the greater task id. The rest only makes the choice independent of the array's order.
    /// </summary>
    public static int Compare(UpgradeTask x, UpgradeTask y)
    {
        var order = Compare(x.Type, y.Type);
        order = order != 0 ? order : Nullable.Compare(x.StartedAt, y.StartedAt);
        order = order != 0 ? order : x.IsUnderWay().CompareTo(y.IsUnderWay());
        order = order != 0 ? order : Nullable.Compare(x.EndedAt, y.EndedAt);
        order = order != 0 ? order : string.CompareOrdinal(x.TaskId, y.TaskId);
        order = order != 0 ? order : (x.Status != UpgradeTaskStatus.NotStarted).CompareTo(y.Status != UpgradeTaskStatus.NotStarted);
        order = order != 0 ? order : string.CompareOrdinal(x.Status.Value, y.Status.Value);
        return order != 0 ? order : Nullable.Compare(x.ExpiresAt, y.ExpiresAt);
    }

    private static int Rank(UpgradeTaskType type) =>
        type.Value switch
        {
            "PreCheck" => 0,
            "Snapshot" => 1,
            "Cluster" => 2,
            "PostCheck" => 3,
            "Rollback" => 4,
            _ => 5,
        };
}
