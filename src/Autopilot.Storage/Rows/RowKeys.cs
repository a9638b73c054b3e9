using System.Globalization;
using Autopilot.Core.Rows;

namespace Autopilot.Storage.Rows;

/// <summary>
/// Row keys of the workflows table. Ids hold ASCII letters, digits and <c>-</c> only, so every key is safe and prefix ranges are exact.
/// </summary>
internal static class RowKeys
{
    public const string ShardStatus = "b|";

    /// <summary>What a cycle reads: active rows, the shard status, clusters and projects.</summary>
    public const string CycleFrom = "a|",
        CycleTo = "d";

    public const string ActivePrefix = "a|",
        FinishedPrefix = "f|";

    /// <summary>Clusters, and the projects whose clusters are found: both within what a cycle reads.</summary>
    public const string ClusterPrefix = "c|",
        ProjectPrefix = "cp|";

    /// <summary>
    /// Notifications that wait, and records of those that were given up; no id begins with <c>|</c>, so that the two are ranges of their
    /// own.
    /// </summary>
    public const string NotificationPrefix = "n|",
        UndeliveredPrefix = "n||";

    /// <summary>
    /// When a webhook last took a notification of the shard's workflows: right before those that wait, so that one range holds both.
    /// </summary>
    public const string DeliveredPrefix = "nd|";

    /// <summary>Highest sequence that a key can hold.</summary>
    public const long MaxSequence = 9_999_999_999;

    public static string Active(string workflowId) => ActivePrefix + workflowId;

    public static string Cluster(string clusterId) => ClusterPrefix + clusterId;

    public static string Project(string projectId) => ProjectPrefix + projectId;

    public static string Finished(string workflowId) => FinishedPrefix + workflowId;

    /// <summary>Newest first in key order.</summary>
    public static string History(string workflowId, long sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"h|{workflowId}|{MaxSequence - sequence:D10}");

    /// <summary>Oldest first in key order.</summary>
    public static string Notification(string workflowId, long sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{NotificationPrefix}{workflowId}|{sequence:D10}");

    public static string Delivered(string webhook) => DeliveredPrefix + webhook;

    public static string NotificationsOf(string workflowId) => $"{NotificationPrefix}{workflowId}|";

    /// <summary>Newest first in key order.</summary>
    public static string Undelivered(string workflowId, long sequence, DateTimeOffset givenUpAt, string webhook) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{UndeliveredPrefix}{DateTimeOffset.MaxValue.UtcTicks - givenUpAt.UtcTicks:D19}|{workflowId}|{sequence:D10}|{webhook}"
        );

    /// <summary>The sequence in the key of a state.</summary>
    public static long SequenceOf(string historyKey) =>
        MaxSequence - long.Parse(historyKey.AsSpan(historyKey.LastIndexOf('|') + 1), NumberStyles.None, CultureInfo.InvariantCulture);

    public static string HistoryPrefix(string workflowId) => $"h|{workflowId}|";

    /// <summary>The first key after all keys with this prefix, which must end in <c>|</c>.</summary>
    public static string After(string prefix) => string.Concat(prefix.AsSpan(0, prefix.Length - 1), "}");

    public static bool IsSequence(long sequence) => sequence is >= 0 and <= MaxSequence;

    /// <summary>The shard of a workflow, a cluster or a project.</summary>
    public static string PartitionOf(string id) => Shard.Of(id).Key;
}
