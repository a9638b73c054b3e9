namespace Autopilot.Core.Workflows;

/// <summary>
/// The usual order of task types: PreCheck, Snapshot, Cluster, PostCheck, Rollback, then unknown types. Unknown ones go by name, as the order of upstream's
/// arrays promises nothing and must change nothing.
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
    /// Of two points of one type, whether <paramref name="other"/> is the one that counts: the one that started last. A point that has started beats one that has not;
    /// the rest only makes the choice independent of the array's order.
    /// </summary>
    public static bool IsLater(UpgradeTask other, UpgradeTask than)
    {
        var order = Nullable.Compare(other.StartedAt, than.StartedAt);
        order = order != 0 ? order : (other.Status != UpgradeTaskStatus.NotStarted).CompareTo(than.Status != UpgradeTaskStatus.NotStarted);
        order = order != 0 ? order : Nullable.Compare(other.EndedAt, than.EndedAt);
        order = order != 0 ? order : string.CompareOrdinal(other.TaskId, than.TaskId);
        order = order != 0 ? order : string.CompareOrdinal(other.Status.Value, than.Status.Value);
        return (order != 0 ? order : Nullable.Compare(other.ExpiresAt, than.ExpiresAt)) > 0;
    }

    private static int Rank(UpgradeTaskType type) => type.Value switch
    {
        "PreCheck" => 0,
        "Snapshot" => 1,
        "Cluster" => 2,
        "PostCheck" => 3,
        "Rollback" => 4,
        _ => 5,
    };
}
