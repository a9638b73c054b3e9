using Autopilot.Api.Problems;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;

namespace Autopilot.Api.Health;

/// <summary>Whether the app does its work: a pure function of the shard statuses, the upstream status and the time.</summary>
/// <param name="Findings">Reasons not to be ready; empty when ready.</param>
/// <param name="LastCompletedAt">End of the oldest of the shards' latest cycles; null while a shard has none.</param>
internal sealed record Readiness(IReadOnlyList<Finding> Findings, DateTimeOffset? LastCompletedAt)
{
    /// <summary>What should be mended although the app is ready.</summary>
    public IReadOnlyList<Finding> Warnings { get; init; } = [];

    /// <summary>Intervals without a completed cycle after which something is wrong.</summary>
    public const int Intervals = 3;

    public static Readiness StorageUnavailable { get; } =
        new([new Finding(ProblemCode.StorageUnavailable, "The table storage does not answer or refuses us: see AutopilotStorage.")], null);

    /// <param name="statuses">By shard; null where no cycle has been.</param>
    /// <param name="startedAt">When this process began: a fresh deployment is given three intervals to complete its first cycle.</param>
    public static Readiness Of(
        IReadOnlyList<ShardStatus?> statuses,
        UpstreamStatus upstream,
        TimeSpan tick,
        DateTimeOffset startedAt,
        DateTimeOffset now
    )
    {
        var patience = Intervals * tick;
        List<Finding> findings = [];
        var completed = Shard.All.Select(shard => shard.Index < statuses.Count ? statuses[shard.Index]?.CompletedAt : null).ToList();
        var newer = Shard.All.Where(shard => IsNewer(statuses, shard)).ToList();
        var own = Shard.All.Except(newer).ToList();
        if (own.Count > 0 && own.TrueForAll(shard => completed[shard.Index] is null))
        {
            if (now - startedAt > patience)
            {
                findings.Add(
                    new Finding(
                        ProblemCode.NoCycleYet,
                        "No poll cycle has completed since the start: look whether the poll schedule runs; POST /api/poll runs a "
                            + "cycle at once.",
                        Since: startedAt
                    )
                );
            }
        }
        else
        {
            var overdue = own.Where(shard => now - (completed[shard.Index] ?? startedAt) > patience).ToList();
            if (overdue.Count > 0)
            {
                findings.Add(
                    new Finding(
                        ProblemCode.CycleOverdue,
                        $"No poll cycle has completed for {Intervals} intervals of {tick.TotalSeconds:0.###} s in {overdue.Count} of "
                            + $"{Shard.Count} shards.",
                        [.. overdue.Select(shard => shard.Key)],
                        overdue.Min(shard => completed[shard.Index])
                    )
                );
            }
        }

        if (newer.Count > 0 && now - startedAt > patience)
        {
            findings.Add(
                new Finding(
                    ProblemCode.CycleOverdue,
                    $"A newer version keeps the status of {newer.Count} of {Shard.Count} shards: this version does not poll them and "
                        + $"cannot say when they were polled. {UpgradeThis}",
                    [.. newer.Select(shard => shard.Key)],
                    startedAt
                )
            );
        }

        if (upstream.RefusedSince is { } refused)
        {
            findings.Add(
                new Finding(
                    ProblemCode.UpstreamRejected,
                    "Upstream refuses our credentials or our endpoint: see the settings of section Cce, and the log.",
                    Since: refused
                )
            );
        }

        return new Readiness(findings, completed.TrueForAll(moment => moment is not null) ? completed.Min() : null)
        {
            Warnings = [.. Unreadable(statuses)],
        };
    }

    private const string UpgradeThis = "Upgrade this one, or ask the newer one.";

    private static bool IsNewer(IReadOnlyList<ShardStatus?> statuses, Shard shard) =>
        shard.Index < statuses.Count && statuses[shard.Index] is { IsNewer: true };

    /// <summary>
    /// Polling continues, and notifications are kept for a day: a webhook that does not accept them is no reason to restart the app.
    /// </summary>
    /// <param name="webhooks">How many fail, and since when the oldest of their notifications waits.</param>
    public static IEnumerable<Finding> Failing((int Webhooks, DateTimeOffset? Since) webhooks)
    {
        if (webhooks.Webhooks > 0)
        {
            yield return new Finding(
                ProblemCode.WebhookFailing,
                $"{webhooks.Webhooks} webhook{(webhooks.Webhooks == 1 ? " does" : "s do")} not take notifications; they are tried "
                    + "again. GET /api/notifications says which, and why.",
                Since: webhooks.Since
            );
        }
    }

    /// <summary>One bad row is no reason to stop serving the others.</summary>
    private static IEnumerable<Finding> Unreadable(IReadOnlyList<ShardStatus?> statuses)
    {
        var newer = Shard.All.Where(shard => IsNewer(statuses, shard)).ToList();
        if (newer.Count > 0)
        {
            yield return new Finding(
                ProblemCode.RowUnreadable,
                $"The status row{(newer.Count == 1 ? " of a shard was" : $"s of {newer.Count} shards were")} written by a newer "
                    + $"version, and this version leaves {(newer.Count == 1 ? "it" : "them")} alone. {UpgradeThis}",
                [.. newer.Select(shard => shard.Key)]
            )
            {
                Unreadable = newer.Count,
            };
        }

        var shards = Shard.All.Except(newer).Where(shard => shard.Index < statuses.Count && statuses[shard.Index]?.Unreadable > 0).ToList();
        var rows = shards.Sum(shard => statuses[shard.Index]!.Unreadable);
        if (rows > 0)
        {
            yield return new Finding(
                ProblemCode.RowUnreadable,
                $"{rows} stored row{(rows == 1 ? "" : "s")} cannot be read and {(rows == 1 ? "is" : "are")} left out: the log names "
                    + "each once, and GET of the workflow or cluster says the way out.",
                [.. shards.Select(shard => shard.Key)]
            )
            {
                Unreadable = rows,
            };
        }
    }
}
