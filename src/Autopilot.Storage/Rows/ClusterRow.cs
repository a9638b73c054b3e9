using System.Text;
using System.Text.Json;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;
using Azure;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>A cluster whose workflows are discovered (<c>c|</c>).</summary>
internal static class ClusterRow
{
    public const string ProjectId = nameof(ProjectId), Origin = nameof(Origin), Tracked = nameof(Tracked);

    private const string Name = nameof(Name), NameGiven = nameof(NameGiven), NameReadAt = nameof(NameReadAt), NamePassedOn = nameof(NamePassedOn), TrackedAt = nameof(TrackedAt),
        DiscoveredAt = nameof(DiscoveredAt), NextDiscoveryAt = nameof(NextDiscoveryAt), Listed = nameof(Listed), Settled = nameof(Settled), CurrentWorkflowId = nameof(CurrentWorkflowId);

    public static RowBuilder Of(TrackedCluster cluster) =>
        new RowBuilder(RowKeys.PartitionOf(cluster.ClusterId), RowKeys.Cluster(cluster.ClusterId), cluster.Version is { } version ? new ETag(version) : default)
            .Set(ProjectId, cluster.ProjectId)
            .Set(Name, cluster.Name)
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
            .Set(DiscoveryFailure.Column, DiscoveryFailure.Of(cluster.Failure))
            .SetText(Settled, Encoding.UTF8.GetBytes(string.Join('\n', cluster.Settled)));

    public static TrackedCluster Read(TableEntity row) => new()
    {
        ProjectId = row.Text(ProjectId) ?? "",
        ClusterId = row.RowKey[RowKeys.ClusterPrefix.Length..],
        Name = row.Text(Name),
        NameGiven = row.Flag(NameGiven),
        NameReadAt = row.Time(NameReadAt),
        NamePassedOn = row.Text(NamePassedOn),
        Origin = Enum.Parse<DiscoveryOrigin>(row.Text(Origin) ?? nameof(DiscoveryOrigin.Person)),
        Tracked = row.Flag(Tracked),
        TrackedAt = row.Time(TrackedAt) ?? default,
        DiscoveredAt = row.Time(DiscoveredAt),
        NextDiscoveryAt = row.Time(NextDiscoveryAt) ?? default,
        Listed = (int)row.Number(Listed),
        Settled = row.Packed(Settled) is { } settled ? Encoding.UTF8.GetString(settled).Split('\n') : [],
        CurrentWorkflowId = row.Text(CurrentWorkflowId),
        Failure = DiscoveryFailure.Read(row),
        Version = row.ETag.ToString(),
    };
}

/// <summary>A project whose clusters are discovered (<c>cp|</c>).</summary>
internal static class ProjectRow
{
    private const string TrackedAt = nameof(TrackedAt), ListedAt = nameof(ListedAt), NextListAt = nameof(NextListAt), Clusters = nameof(Clusters);

    public static RowBuilder Of(TrackedProject project) =>
        new RowBuilder(RowKeys.PartitionOf(project.ProjectId), RowKeys.Project(project.ProjectId), project.Version is { } version ? new ETag(version) : default)
            .Set(ClusterRow.Origin, project.Origin.ToString())
            .Set(ClusterRow.Tracked, project.Tracked)
            .Set(TrackedAt, project.TrackedAt)
            .Set(ListedAt, project.ListedAt)
            .Set(NextListAt, project.NextListAt)
            .Set(DiscoveryFailure.Column, DiscoveryFailure.Of(project.Failure))
            // An id holds no blank, a name no line break.
            .SetText(Clusters, Encoding.UTF8.GetBytes(string.Join('\n', project.Clusters.Select(cluster => $"{cluster.Id} {cluster.Name}"))));

    public static TrackedProject Read(TableEntity row) => new()
    {
        ProjectId = row.RowKey[RowKeys.ProjectPrefix.Length..],
        Origin = Enum.Parse<DiscoveryOrigin>(row.Text(ClusterRow.Origin) ?? nameof(DiscoveryOrigin.Person)),
        Tracked = row.Flag(ClusterRow.Tracked),
        TrackedAt = row.Time(TrackedAt) ?? default,
        ListedAt = row.Time(ListedAt),
        NextListAt = row.Time(NextListAt) ?? default,
        Clusters = row.Packed(Clusters) is { } clusters ? [.. Encoding.UTF8.GetString(clusters).Split('\n').Select(ReadCluster)] : [],
        Failure = DiscoveryFailure.Read(row),
        Version = row.ETag.ToString(),
    };

    private static ListedCluster ReadCluster(string line) =>
        line.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var blank ? new ListedCluster(line[..blank], blank + 1 < line.Length ? line[(blank + 1)..] : null) : throw new FormatException("A cluster of a project has no name.");
}

/// <summary>Why looks fail, as a property of either row.</summary>
internal static class DiscoveryFailure
{
    public const string Column = "Failure";

    public static string? Of(PollFailure? failure) => failure is null ? null : JsonSerializer.Serialize(failure, StoredJsonContext.Default.PollFailure);

    public static PollFailure? Read(TableEntity row) => row.Json(Column, StoredJsonContext.Default.PollFailure);
}
