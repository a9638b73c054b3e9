namespace Autopilot.Core.Workflows;

/// <summary>How a task is called in a sentence.</summary>
internal static class TaskPhrases
{
    /// <summary>With its article, in lower case.</summary>
    public static string Name(UpgradeTaskType type) =>
        type.Value switch
        {
            "PreCheck" => "the pre-check",
            "Snapshot" => "the snapshot",
            "Cluster" => "the cluster upgrade",
            "PostCheck" => "the post-check",
            "Rollback" => "the rollback",
            _ => $"the task {type}",
        };

    /// <summary>For the beginning of a sentence.</summary>
    public static string Capitalized(UpgradeTaskType type) => "The" + Name(type)[3..];
}
