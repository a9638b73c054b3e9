using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Listing;

/// <summary>Gives each entry its place in the order that was asked for.</summary>
internal sealed class ListOrdering(WorkflowOrder order) : IComparer<SortKey>
{
    /// <summary>The nine that an active workflow can have, in the order of need.</summary>
    public static IReadOnlyList<Assessment> ByNeed { get; } =
    [
        Assessment.Blocked,
        Assessment.Stalled,
        Assessment.Gone,
        Assessment.Waiting,
        Assessment.Slow,
        Assessment.Unknown,
        Assessment.NotStarted,
        Assessment.RollingBack,
        Assessment.Progressing,
    ];

    private const int UntrackedGroup = 16,
        FinishedGroup = 17;

    /// <summary>
    /// Whether finished entries come in the order of their runs, the newest end first, so that no more of them is read than is shown.
    /// </summary>
    public bool FinishedByEnd => order is { Field: WorkflowOrderField.Need } or { Field: WorkflowOrderField.EndedAt, Descending: true };

    /// <summary>Whether every finished entry comes behind all others.</summary>
    public bool FinishedLast => order.Field is WorkflowOrderField.Need;

    public int Compare(SortKey x, SortKey y) => SortKey.Compare(x, y, order is { Field: WorkflowOrderField.Cluster, Descending: true });

    /// <summary>The place of a workflow that was read.</summary>
    public SortKey KeyOf(TrackedWorkflow row, Assessment assessment, DateTimeOffset? since)
    {
        var id = row.Target.WorkflowId;
        var need =
            row.Outcome is not null ? new SortKey(FinishedGroup, "", -(row.EndedAt?.UtcTicks ?? 0), id)
            : row.Tracked ? new SortKey(Rank(assessment), "", since?.UtcTicks ?? long.MaxValue, id)
            : new SortKey(UntrackedGroup, "", row.LastChangedAt is { } changed ? -changed.UtcTicks : 0, id);
        return KeyOf(
            need,
            row.Outcome is null ? since : row.EndedAt,
            row.State?.CreatedAt,
            row.LastChangedAt ?? row.EndedAt,
            row.Outcome is null ? null : row.EndedAt,
            row.ClusterName ?? row.Target.ClusterId
        );
    }

    /// <summary>The place of a finished workflow, from its run: the same as that from its row.</summary>
    public SortKey KeyOf(FinishedEntry run) =>
        KeyOf(
            new SortKey(FinishedGroup, "", -run.EndedAt.UtcTicks, run.WorkflowId),
            run.EndedAt,
            run.CreatedAt,
            run.LastChangedAt ?? run.EndedAt,
            run.EndedAt,
            run.ClusterName ?? run.ClusterId
        );

    /// <summary>
    /// The finished entry behind which a page begins: null where it begins with the first of them, false where none is left.
    /// </summary>
    /// <exception cref="InvalidContinuationTokenException">The key is not one that this order gives.</exception>
    public bool TryPosition(SortKey after, out FinishedEntry? position)
    {
        position = null;
        var isFinished = order.Field is WorkflowOrderField.Need ? after.Group == FinishedGroup : after.Group == 0;
        if (!isFinished)
        {
            return order.Field is WorkflowOrderField.Need;
        }

        if (after.Number > 0 || after.Number < -DateTimeOffset.MaxValue.UtcTicks)
        {
            throw new InvalidContinuationTokenException("The continuation token names no instant.");
        }

        position = new FinishedEntry(after.Id, new DateTimeOffset(-after.Number, TimeSpan.Zero)) { ClusterId = "" };
        return true;
    }

    private static int Rank(Assessment assessment)
    {
        for (var rank = 0; rank < ByNeed.Count; rank++)
        {
            if (ByNeed[rank] == assessment)
            {
                return rank;
            }
        }

        return ByNeed.Count;
    }

    private SortKey KeyOf(
        SortKey need,
        DateTimeOffset? since,
        DateTimeOffset? createdAt,
        DateTimeOffset? lastChangedAt,
        DateTimeOffset? endedAt,
        string cluster
    ) =>
        order.Field switch
        {
            WorkflowOrderField.Since => ByTime(since, need),
            WorkflowOrderField.CreatedAt => ByTime(createdAt, need),
            WorkflowOrderField.LastChangedAt => ByTime(lastChangedAt, need),
            WorkflowOrderField.EndedAt => ByTime(endedAt, need),
            WorkflowOrderField.Cluster => new SortKey(0, SortKey.TextOf(cluster), 0, need.Id),
            _ => need,
        };

    /// <summary>What has no such time comes behind all that have one, in the order of need.</summary>
    private SortKey ByTime(DateTimeOffset? time, SortKey need) =>
        time is { } known
            ? new SortKey(0, "", order.Descending ? -known.UtcTicks : known.UtcTicks, need.Id)
            : need with
            {
                Group = 1 + need.Group,
            };
}
