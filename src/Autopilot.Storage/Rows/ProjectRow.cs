using System.Text;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Storage.Reading;
using Azure;
using Azure.Data.Tables;

namespace Autopilot.Storage.Rows;

/// <summary>A project whose clusters are discovered (<c>cp|</c>).</summary>
internal static class ProjectRow
{
    private const string TrackedAt = nameof(TrackedAt),
        ListedAt = nameof(ListedAt),
        NextListAt = nameof(NextListAt),
        Clusters = nameof(Clusters);

    public static RowFormat<TrackedProject> Format { get; } =
        new(
            StoredRowKind.Project,
            [ClusterRow.Origin, ClusterRow.Tracked, TrackedAt, ListedAt, NextListAt, Clusters, DiscoveryFailure.Column],
            Read,
            IdOf
        );

    public static RowBuilder Of(TrackedProject project) =>
        new RowBuilder(
            RowKeys.PartitionOf(project.ProjectId),
            RowKeys.Project(project.ProjectId),
            project.Version is { } version ? new ETag(version) : default
        )
            .Set(ClusterRow.Origin, project.Origin.ToString())
            .Set(ClusterRow.Tracked, project.Tracked)
            .Set(TrackedAt, project.TrackedAt)
            .Set(ListedAt, project.ListedAt)
            .Set(NextListAt, project.NextListAt)
            .Set(DiscoveryFailure.Column, DiscoveryFailure.Of(project.Failure, project.Unknown))
            // An id holds no blank, a name no line break.
            .SetText(
                Clusters,
                Encoding.UTF8.GetBytes(string.Join('\n', project.Clusters.Select(cluster => $"{cluster.Id} {cluster.Name}")))
            )
            .SetUnknown(project.Unknown);

    private static string IdOf(TableEntity row) => row.RowKey[RowKeys.ProjectPrefix.Length..];

    private static TrackedProject Read(TableEntity row) =>
        new()
        {
            ProjectId = IdOf(row),
            Origin = row.RequiredWord<DiscoveryOrigin>(ClusterRow.Origin),
            Tracked = row.RequiredFlag(ClusterRow.Tracked),
            TrackedAt = row.RequiredTime(TrackedAt),
            ListedAt = row.Time(ListedAt),
            NextListAt = row.Time(NextListAt) ?? default,
            Clusters = row.Packed(Clusters) is { } clusters ? [.. Encoding.UTF8.GetString(clusters).Split('\n').Select(ReadCluster)] : [],
            Failure = DiscoveryFailure.Read(row, Format.UnknownOf(row), out var unknown),
            Version = row.ETag.ToString(),
            Unknown = unknown,
        };

    private static ListedCluster ReadCluster(string line) =>
        line.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var blank
            ? new ListedCluster(line[..blank], blank + 1 < line.Length ? line[(blank + 1)..] : null)
            : throw new UnreadableColumnException($"holds something else than ids and names in column {Clusters}");
}
