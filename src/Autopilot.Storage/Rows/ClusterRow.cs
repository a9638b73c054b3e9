using System.Text;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Storage.Reading;
using Azure;
using Azure.Data.Tables;

namespace Autopilot.Storage.Rows;

/// <summary>A cluster whose workflows are discovered (<c>c|</c>).</summary>
internal static class ClusterRow
{
    public const string ProjectId = nameof(ProjectId),
        Origin = nameof(Origin),
        Tracked = nameof(Tracked);

    private const string Name = nameof(Name),
        NameGiven = nameof(NameGiven),
        NameReadAt = nameof(NameReadAt),
        NamePassedOn = nameof(NamePassedOn),
        TrackedAt = nameof(TrackedAt),
        DiscoveredAt = nameof(DiscoveredAt),
        NextDiscoveryAt = nameof(NextDiscoveryAt),
        Listed = nameof(Listed),
        Settled = nameof(Settled),
        CurrentWorkflowId = nameof(CurrentWorkflowId);

    public static RowFormat<TrackedCluster> Format { get; } =
        new(
            StoredRowKind.Cluster,
            [
                ProjectId,
                Origin,
                Tracked,
                Name,
                WorkflowRow.ClusterNameKey,
                NameGiven,
                NameReadAt,
                NamePassedOn,
                TrackedAt,
                DiscoveredAt,
                NextDiscoveryAt,
                Listed,
                Settled,
                CurrentWorkflowId,
                DiscoveryFailure.Column,
            ],
            Read,
            IdOf
        );

    public static RowBuilder Of(TrackedCluster cluster) =>
        new RowBuilder(
            RowKeys.PartitionOf(cluster.ClusterId),
            RowKeys.Cluster(cluster.ClusterId),
            cluster.ETag is { } version ? new ETag(version) : default
        )
            .Set(ProjectId, cluster.ProjectId)
            .Set(Name, cluster.Name)
            .Set(WorkflowRow.ClusterNameKey, WorkflowRow.KeyOf(cluster.Name))
            .Set(NameGiven, cluster.NameGiven)
            .Set(NameReadAt, cluster.NameReadAt)
            .Set(NamePassedOn, cluster.NamePassedOn)
            .Set(Origin, cluster.Origin.ToString())
            .Set(Tracked, cluster.Tracked)
            .Set(TrackedAt, cluster.TrackedAt)
            .Set(DiscoveredAt, cluster.DiscoveredAt)
            .Set(NextDiscoveryAt, cluster.NextDiscoveryAt)
            .Set(Listed, cluster.Listed)
            .Set(CurrentWorkflowId, cluster.CurrentWorkflowId)
            .Set(DiscoveryFailure.Column, DiscoveryFailure.Of(cluster.Failure, cluster.Unknown))
            .SetText(Settled, Encoding.UTF8.GetBytes(string.Join('\n', cluster.Settled)))
            .SetUnknown(cluster.Unknown);

    /// <summary>What <see cref="MentionOf"/> needs.</summary>
    public static IReadOnlyList<string> MentionColumns { get; } = [ProjectId, Name, Tracked, CurrentWorkflowId];

    /// <summary>What a row says of its cluster, readable or not; null where it is no longer discovered.</summary>
    public static Core.Listing.ClusterMention? MentionOf(TableEntity row) =>
        row.Raw(Tracked) is false
            ? null
            : new Core.Listing.ClusterMention(IdOf(row), row.Raw(ProjectId) as string ?? "", row.Raw(Name) as string)
            {
                WorkflowId = row.Raw(CurrentWorkflowId) is string { Length: > 0 } current ? current : null,
                IsCluster = true,
            };

    private static string IdOf(TableEntity row) => row.RowKey[RowKeys.ClusterPrefix.Length..];

    private static TrackedCluster Read(TableEntity row) =>
        new()
        {
            ProjectId = row.RequiredText(ProjectId),
            ClusterId = IdOf(row),
            Name = row.Text(Name),
            NameGiven = row.Flag(NameGiven),
            NameReadAt = row.Time(NameReadAt),
            NamePassedOn = row.Text(NamePassedOn),
            Origin = row.RequiredWord<DiscoveryOrigin>(Origin),
            Tracked = row.RequiredFlag(Tracked),
            TrackedAt = row.RequiredTime(TrackedAt),
            DiscoveredAt = row.Time(DiscoveredAt),
            NextDiscoveryAt = row.Time(NextDiscoveryAt) ?? default,
            Listed = row.Count(Listed),
            Settled = row.Packed(Settled) is { } settled ? Encoding.UTF8.GetString(settled).Split('\n') : [],
            CurrentWorkflowId = row.Text(CurrentWorkflowId),
            Failure = DiscoveryFailure.Read(row, Format.UnknownOf(row), out var unknown),
            ETag = row.ETag.ToString(),
            Unknown = unknown,
        };
}
